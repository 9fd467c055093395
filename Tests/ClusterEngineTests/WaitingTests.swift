import Basics
import Testing
import Totem

@Suite("A node whose address nobody can reach")
struct WaitingTests {
    @Test("says now and then what is wrong, and nothing that is not")
    func repeatedWarning() throws {
        var cluster = try VirtualCluster(nodes: 2, address: 9)
        cluster.arrives = { _, _ in false }
        try cluster.start()
        cluster.run(milliseconds: 60_000)
        cluster.run(milliseconds: 9 * 60_000)
        let engine = cluster.engines[0].engine.configuration
        #expect(engine.nodeID == NodeID(1))
        let said = cluster.lines(0).filter { $0.contains("ring0_addr 10.0.0.1 of this node is on no interface") }
        #expect((2...4).contains(said.count), "\(said)")
        #expect(said.allSatisfy { $0.hasPrefix("Still waiting for the other nodes. ") && $0.contains("To do: ") })
        #expect(!cluster.lines(0).contains { $0.contains("unable to form a cluster") })
    }

    @Test("has nothing more to say once it is in a ring with others")
    func found() throws {
        var cluster = try VirtualCluster(nodes: 2, address: 9)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == 2 })
        cluster.kill(1)
        cluster.run(milliseconds: 10 * 60_000)
        #expect(!cluster.lines(0).contains { $0.contains("Still waiting") })
    }
}
