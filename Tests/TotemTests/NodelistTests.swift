import Basics
import Testing
import TotemWire

@testable import Totem

/// The nodelist changes while a ring runs, as a reload brings it.
@Suite("A nodelist that changes")
struct NodelistTests {
    private func ring(of count: Int) -> PerfectNetwork {
        var network = PerfectNetwork(nodes: count)
        network.startAll()
        network.run(milliseconds: 2000)
        return network
    }

    private func ids(_ numbers: UInt32...) -> [NodeID] { numbers.map { NodeID($0) } }

    /// Those who stay have the removed node in their lists until the ring without it is formed: joins that name it must
    /// count as votes all the same, or they would gather for ever.
    @Test("the others form a ring without a running node that was taken off the list")
    func removal() {
        var network = ring(of: 3)
        #expect(network.rings[0].members == ids(1, 2, 3))
        for index in [0, 1] {
            network.rings[index].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
        }
        network.passes = { from, to, _ in from != NodeID(3) && to != NodeID(3) }
        network.run(milliseconds: 10_000)
        for index in [0, 1] {
            #expect(network.rings[index].phase == .operational)
            #expect(network.rings[index].members == ids(1, 2))
        }
    }

    @Test("a node taken off the list during a gathering does not keep it from its end")
    func removalWhileGathering() {
        var network = ring(of: 3)
        network.kill(2)
        for index in [0, 1] { network.rings[index].forceGather(now: network.now) }
        network.drain(0)
        network.drain(1)
        network.run(milliseconds: 100)
        #expect(network.rings[0].phase == .gather)
        network.rings[0].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
        network.run(milliseconds: 10)
        network.rings[1].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
        network.run(milliseconds: 10_000)
        for index in [0, 1] { #expect(network.rings[index].members == ids(1, 2)) }
    }

    @Test("a member that is in nobody's list is still heard: the ring waits for its messages")
    func unlistedMember() {
        var network = ring(of: 3)
        network.rings[0].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
        let isAccepted = network.send(2, "of a node taken off the list")
        #expect(isAccepted)
        network.run(milliseconds: 200)
        for node in 0..<3 { #expect(network.messages[node] == ["of a node taken off the list"]) }
    }

    @Test("a node put on the list joins the running ring")
    func addition() {
        var network = PerfectNetwork(nodes: 3)
        for index in [0, 1] {
            network.rings[index].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
            network.start(index)
        }
        network.run(milliseconds: 2000)
        #expect(network.rings[0].members == ids(1, 2))
        for index in [0, 1] {
            network.rings[index].reconfigure(parameters: RingParameters(), configured: ids(1, 2, 3))
        }
        network.start(2)
        network.run(milliseconds: 3000)
        for index in network.rings.indices { #expect(network.rings[index].members == ids(1, 2, 3)) }
    }

    @Test("a peer with another nodelist is complained of once, not at every join")
    func strangers() {
        var network = PerfectNetwork(nodes: 3)
        network.rings[0].reconfigure(parameters: RingParameters(), configured: ids(1, 2))
        network.startAll()
        network.run(milliseconds: 20_000)
        #expect(network.log[0].count { $0.contains("not in this node's nodelist") } == 1)
    }
}
