import Basics
import Testing
import TotemWire

@testable import Totem

/// Networks that carry packets in one direction only, or not between all (docs/decisions/joining.md).
@Suite("Nodes that hear only some of the others")
struct StrangersTests {
    /// A ring of four after some time in which only what `passes` lets through arrived.
    private func network(minutes: Int, passes: @escaping (NodeID, NodeID) -> Bool) -> PerfectNetwork {
        var parameters = RingParameters()
        (parameters.token, parameters.tokenRetransmit, parameters.hold) = (1000, 238, 180)
        parameters.consensus = 1200
        var network = PerfectNetwork(nodes: 4, parameters: parameters)
        network.startAll()
        network.run(milliseconds: 500)
        network.passes = { from, to, _ in passes(from, to) }
        network.run(milliseconds: UInt64(minutes) * 60_000)
        return network
    }

    @Test("a ring keeps its members while a deaf node calls, and takes it in when it hears again")
    func deafNode() {
        var network = network(minutes: 1) { _, to in to != NodeID(4) }
        let settled = network.rings.map(\.ringID)
        network.run(milliseconds: 600_000)
        #expect(network.rings.map(\.ringID) == settled)
        #expect(network.rings[0].members == [NodeID(1), NodeID(2), NodeID(3)])
        #expect(network.log[0].contains { $0.contains("Heard node 4, but got no agreement") })
        network.passes = { _, _, _ in true }
        network.run(milliseconds: 1000)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 4 })
    }

    @Test("a node that nobody hears stays in a ring of its own, and the others in theirs")
    func muteNode() {
        var network = network(minutes: 1) { from, _ in from != NodeID(4) }
        let settled = network.rings.map(\.ringID)
        network.run(milliseconds: 600_000)
        #expect(network.rings.map(\.ringID) == settled)
        #expect(network.rings[3].members == [NodeID(4)])
        network.passes = { _, _, _ in true }
        network.run(milliseconds: 1000)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 4 })
    }

    @Test("where two nodes do not hear each other, attempts to unite them grow rare")
    func severedPair() {
        // Next to each other in the ring, so that the token cannot pass.
        var network = network(minutes: 10) { from, to in !(from.rawValue <= 2 && to.rawValue <= 2 && from != to) }
        let before = network.rings.map(\.statistics.operationalEntered)
        network.run(milliseconds: 600_000)
        // 16 times what an attempt costs, 2.2 s, lie between two of them.
        for (ring, count) in zip(network.rings, before) {
            #expect(ring.statistics.operationalEntered - count <= 2 * 600_000 / (16 * 2200) + 2)
        }
        network.passes = { _, _, _ in true }
        // They hear each other for the first time since, which is worth another attempt at once.
        network.run(milliseconds: 5000)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 4 })
    }

    @Test("where one of two nodes does not hear the other, a healed network is one ring after the longest wait")
    func oneWay() {
        var network = network(minutes: 10) { from, to in !(from == NodeID(1) && to == NodeID(2)) }
        network.passes = { _, _, _ in true }
        network.run(milliseconds: 2 * 16 * 2200 + 5000)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 4 })
    }

    @Test("a node that crashed and comes back is let in at its first join")
    func restart() {
        var network = network(minutes: 0) { _, _ in true }
        network.kill(3)
        network.run(milliseconds: 5000)
        #expect(network.rings[0].members.count == 3)
        #expect(!network.log[0].contains { $0.contains("Heard node") })
    }
}
