import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("Links that are lost")
struct LostLinkTests {
    @Test("a member that no link leads to is counted and named, and the ring stays as it is")
    func member() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 2000)
        let (ring, changes) = (network.rings[0].ringID, network.changes[0].count)
        network.rings[0].linksLost(NodeID(2))
        network.drain(0)
        #expect(network.rings[0].statistics.linksLost == 1)
        #expect(network.log[0].last?.hasPrefix("No link leads to member 2 any more.") == true)
        network.run(milliseconds: 10_000)
        #expect(network.rings[0].ringID == ring && network.changes[0].count == changes)
        #expect(network.rings[0].phase == .operational)
    }

    @Test("of nodes that are no members nothing is told")
    func strangers() {
        var network = PerfectNetwork(nodes: 3)
        network.start(0)
        network.run(milliseconds: 10_000)
        let lines = network.log[0].count
        for node in 1...4 as ClosedRange<UInt32> { network.rings[0].linksLost(NodeID(node)) }
        network.drain(0)
        #expect(network.rings[0].statistics.linksLost == 0)
        #expect(network.log[0].count == lines)
    }
}
