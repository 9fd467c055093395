import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("A member whose machine refuses packets")
struct RefusalTests {
    private static let beat: UInt32 = 100

    private func ring(of nodes: Int, silent: Set<Int> = []) -> PerfectNetwork {
        var parameters = RingParameters()
        parameters.beat = Self.beat
        var network = PerfectNetwork(nodes: nodes, parameters: parameters)
        for node in silent {
            network.rings[node].reconfigure(parameters: RingParameters(), configured: network.rings.map(\.me))
        }
        network.startAll()
        network.run(milliseconds: 1000)
        return network
    }

    private func members(_ network: PerfectNetwork, without dead: Set<Int>) -> Bool {
        let alive = network.rings.indices.filter { !dead.contains($0) }
        let ids = alive.map { network.rings[$0].me }
        return alive.allSatisfy { network.rings[$0].isOperational && network.rings[$0].members == ids }
    }

    /// Milliseconds until all others are in a ring without the dead.
    private func time(_ network: inout PerfectNetwork, until dead: Set<Int>) -> UInt64? {
        let start = network.now
        while network.now.milliseconds(since: start) < 10_000 {
            if members(network, without: dead) { return network.now.milliseconds(since: start) }
            network.run(milliseconds: 1)
        }
        return nil
    }

    private func accused(_ network: PerfectNetwork) -> [String] {
        network.notices.flatMap { $0 }.compactMap { if case .accused = $0 { $0.text } else { nil } }
    }

    @Test(
        "its process has ended: the others go on without it a beat and a moment later", arguments: [2, 3, 8], [0, 1])
    func death(_ nodes: Int, _ dead: Int) throws {
        var network = ring(of: nodes)
        network.kill(dead)
        network.refusing = [dead]
        let time = try #require(time(&network, until: [dead]))
        #expect(time <= UInt64(Self.beat) + 50 + 20)
        #expect(network.rings.allSatisfy { $0.statistics.consensusTimeouts == 0 })
    }

    @Test("the log says why")
    func words() throws {
        var network = ring(of: 3)
        network.kill(2)
        network.refusing = [2]
        _ = time(&network, until: [2])
        #expect(
            accused(network).first
                == "Node 3 is gone: its machine refuses the cluster's packets, so its process has ended, or a firewall there rejects them. "
                + "Forming a ring without waiting for the token and consensus timeouts.")
    }

    @Test("two end at once: both are out without a timeout")
    func two() throws {
        var network = ring(of: 5)
        network.kill(1)
        network.kill(3)
        network.refusing = [1, 3]
        let time = try #require(time(&network, until: [1, 3]))
        #expect(time <= 2 * UInt64(Self.beat) + 200)
        #expect(network.rings.allSatisfy { $0.statistics.consensusTimeouts == 0 })
    }

    @Test("its machine is silent, too: the timeouts decide, as always")
    func silentMachine() throws {
        var network = ring(of: 3)
        network.kill(2)
        let time = try #require(time(&network, until: [2]))
        #expect(time > 5000)
        #expect(accused(network).isEmpty)
    }

    @Test(
        "one that refuses for a moment, as a firewall does that is loaded, stays",
        arguments: [1, 10, 19, 30, 45] as [UInt64])
    func moment(_ milliseconds: UInt64) {
        var network = ring(of: 3)
        let changes = network.rings[0].statistics.operationalEntered
        for _ in 0..<40 {
            network.refusing = [1]
            network.run(milliseconds: milliseconds)
            network.refusing = []
            network.run(milliseconds: 500)
        }
        #expect(accused(network).isEmpty)
        #expect(network.rings[0].statistics.refusals > 0)
        #expect(network.rings[0].statistics.operationalEntered == changes)
    }

    @Test("refusals that are made up change nothing while the token comes", arguments: [0, 1, 2], [0, 1, 2])
    func forged(_ witness: Int, _ victim: Int) {
        var network = ring(of: 3)
        let rings = network.rings[0].statistics.operationalEntered
        for _ in 0..<500 {
            network.rings[witness].learn(.refused, of: network.rings[victim].me, now: network.now)
            network.drain(witness)
            network.run(milliseconds: 7)
        }
        #expect(accused(network).isEmpty)
        #expect(network.rings[0].statistics.operationalEntered == rings)
    }

    @Test(
        "a machine that refuses beats for ever, while the ring's packets come: the member stays, the log says it, the ring rests"
    )
    func firewall() {
        var network = ring(of: 3)
        let rings = network.rings[0].statistics.operationalEntered
        for _ in 0..<600 {
            for witness in [0, 2] {
                network.rings[witness].learn(.refused, of: NodeID(2), now: network.now)
                network.drain(witness)
            }
            network.run(milliseconds: 100)
        }
        #expect(network.rings[0].statistics.operationalEntered == rings)
        let told = network.notices[0].count { if case .refusesInVain(NodeID(2)) = $0 { true } else { false } }
        #expect(told == 1)
        let tokens = network.rings[0].statistics.tokensAccepted
        network.rings[0].learn(.refused, of: NodeID(2), now: network.now)
        network.run(milliseconds: 3000)
        #expect(network.rings[0].statistics.tokensAccepted - tokens < 20)
    }

    @Test("who has stood still does not count that as silence of others")
    func standstill() {
        var network = ring(of: 3)
        network.rings[0].learn(.refused, of: NodeID(2), now: network.now)
        network.drain(0)
        network.up[0] = false
        network.run(milliseconds: 300)
        network.up[0] = true
        network.rings[0].learn(.refused, of: NodeID(2), now: network.now)
        network.drain(0)
        #expect(accused(network).isEmpty)
        network.run(milliseconds: 500)
        #expect(accused(network).isEmpty)
    }

    @Test("in GATHER, too, two Rondo nodes part with a Corosync at once")
    func gathering() throws {
        var network = ring(of: 4, silent: [3])
        network.kill(3)
        for node in 0..<3 {
            network.rings[node].forceGather(now: network.now)
            network.drain(node)
        }
        network.refusing = [3]
        let time = try #require(time(&network, until: [3]))
        #expect(time <= 800)
        #expect(network.rings.allSatisfy { $0.statistics.consensusTimeouts == 0 })
    }

    @Test("a member that does not beat is given more time, and where others beat it takes two that say so")
    func corosync() throws {
        var network = ring(of: 4, silent: [3])
        network.kill(3)
        network.refusing = [3]
        let time = try #require(time(&network, until: [3]))
        #expect((300...UInt64(Self.beat) + 500).contains(time))
        #expect(network.rings.allSatisfy { $0.statistics.consensusTimeouts == 0 })
    }

    @Test("one node that hears refusals does not part the others from a member that does not beat")
    func alone() {
        var network = ring(of: 4, silent: [3])
        network.kill(3)
        network.passes = { from, to, bytes in to != NodeID(4) || from == NodeID(1) || !Beat.isBeat(bytes.span) }
        network.refusing = [3]
        network.run(milliseconds: 2000)
        #expect(accused(network).isEmpty)
    }

    @Test("without others that could say so it takes one: a single node among those that do not beat")
    func single() throws {
        var network = ring(of: 4, silent: [1, 2, 3])
        network.kill(3)
        network.refusing = [3]
        let time = try #require(time(&network, until: [3]))
        #expect(time <= UInt64(Self.beat) + 500)
    }

    @Test("beat 0 sends none, and refusals are not heeded")
    func off() {
        var network = PerfectNetwork(nodes: 3)
        network.passes = { _, _, bytes in
            let isBeat = Beat.isBeat(bytes.span)
            #expect(!isBeat)
            return true
        }
        network.startAll()
        network.run(milliseconds: 2000)
        #expect(network.rings[0].isOperational)
        let isHeeded = network.rings[0].learn(.refused, of: NodeID(2), now: network.now)
        #expect(!isHeeded)
        #expect(network.rings[0].statistics.refusals == 0)
    }

    @Test("a reload starts beats and ends them")
    func reload() {
        var network = PerfectNetwork(nodes: 2)
        network.startAll()
        network.run(milliseconds: 1000)
        var parameters = RingParameters()
        parameters.beat = Self.beat
        let ids = network.rings.map(\.me)
        network.rings[0].reconfigure(parameters: parameters, configured: ids)
        network.run(milliseconds: 4000)
        #expect(network.rings[0].statistics.beatTx > 10)
        #expect(network.rings[1].statistics.beatRx > 10)
        network.rings[0].reconfigure(parameters: RingParameters(), configured: ids)
        network.run(milliseconds: 200)
        let sent = network.rings[0].statistics.beatTx
        network.run(milliseconds: 4000)
        #expect(network.rings[0].statistics.beatTx == sent)
    }
}
