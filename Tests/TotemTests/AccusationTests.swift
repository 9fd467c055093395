import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("A member that is known to be gone")
struct AccusationTests {
    /// Rings of one ring that works.
    private func ring(of nodes: Int) -> PerfectNetwork {
        var network = PerfectNetwork(nodes: nodes)
        network.startAll()
        network.run(milliseconds: 1000)
        return network
    }

    /// Tells a ring that a node is gone.
    private func learns(_ network: inout PerfectNetwork, _ witness: Int, _ node: NodeID) -> Bool {
        defer { network.drain(witness) }
        return network.rings[witness].learn(.confirmed, of: node, now: network.now)
    }

    private func ids(_ numbers: UInt32...) -> [NodeID] { numbers.map { NodeID($0) } }

    private func isTogether(_ network: PerfectNetwork, _ members: [NodeID]) -> Bool {
        network.rings.allSatisfy { !members.contains($0.me) || $0.isOperational && $0.members == members }
    }

    @Test("the others are in a ring without it some round trips later", arguments: [0, 1, 3])
    func death(_ dead: Int) {
        var network = ring(of: 4)
        network.kill(dead)
        let witness = dead == 1 ? 2 : 1
        #expect(learns(&network, witness, network.rings[dead].me))
        network.drain(witness)
        network.run(milliseconds: 20)
        #expect(isTogether(network, network.rings.map(\.me).filter { $0 != network.rings[dead].me }))
        #expect(network.rings[witness].statistics.accusations == 1)
        #expect(network.rings[witness].statistics.consensusTimeouts == 0)
    }

    @Test("it is said once, with the evidence")
    func words() {
        var network = ring(of: 3)
        network.kill(2)
        network.rings[0].learn(.confirmed, of: NodeID(3), now: network.now)
        network.drain(0)
        network.run(milliseconds: 100)
        let texts = network.notices[0].filter { if case .accused = $0 { true } else { false } }.map(\.text)
        #expect(
            texts == [
                "Node 3 is gone: it was confirmed to be down. Forming a ring without waiting for the token and consensus timeouts."
            ])
    }

    @Test("while agreement on a ring waits for it, the wait is over")
    func gathering() {
        var network = ring(of: 4)
        network.kill(3)
        network.rings[0].forceGather(now: network.now)
        network.drain(0)
        network.run(milliseconds: 500)
        #expect(network.rings[1].phase == .gather)
        #expect(learns(&network, 1, NodeID(4)))
        network.drain(1)
        network.run(milliseconds: 20)
        #expect(isTogether(network, ids(1, 2, 3)))
    }

    @Test(
        "when it dies while a ring with it is being formed, the others do not wait for the token",
        arguments: [.commit, .recovery] as [RingPhase])
    func forming(_ phase: RingPhase) {
        var network = ring(of: 4)
        network.rings[1].forceGather(now: network.now)
        network.drain(1)
        let start = network.now
        while network.rings[1].phase != phase, network.now.milliseconds(since: start) < 100 {
            network.run(until: Instant(nanoseconds: network.now.nanoseconds + 50_000))
        }
        #expect(network.rings[1].phase == phase)
        network.kill(3)
        #expect(learns(&network, 1, NodeID(4)))
        network.drain(1)
        network.run(milliseconds: 200)
        #expect(isTogether(network, ids(1, 2, 3)))
    }

    @Test("several in a row are no obstacle to each other")
    func several() {
        var network = ring(of: 5)
        network.kill(3)
        network.kill(4)
        for gone in ids(4, 5) {
            network.rings[2].learn(.confirmed, of: gone, now: network.now)
            network.drain(2)
        }
        network.run(milliseconds: 100)
        #expect(isTogether(network, ids(1, 2, 3)))
    }

    @Test("a living member that is accused comes back by itself")
    func wrongly() {
        var network = ring(of: 3)
        network.rings[0].learn(.confirmed, of: NodeID(3), now: network.now)
        network.drain(0)
        network.run(milliseconds: 100)
        #expect(network.rings[0].members == ids(1, 2))
        network.run(milliseconds: 20_000)
        #expect(isTogether(network, ids(1, 2, 3)))
    }

    @Test("nobody is accused who is not a member of the ring, nor oneself, nor where newcomers take part")
    func others() {
        var network = PerfectNetwork(nodes: 4)
        for index in 0..<3 { network.start(index) }
        network.run(milliseconds: 1000)
        let ring = network.rings[0].ringID
        #expect(!learns(&network, 0, NodeID(4)))
        #expect(!learns(&network, 0, NodeID(1)))
        #expect(!learns(&network, 0, NodeID(77)))
        #expect(network.rings[0].ringID == ring && network.rings[0].isOperational)

        // The newcomer's first joins have come, its agreement has not.
        network.passes = { from, _, _ in from != NodeID(3) }
        network.start(3)
        network.run(milliseconds: 10)
        #expect(network.rings[0].phase == .gather)
        #expect(!learns(&network, 0, NodeID(3)))
    }
}
