import Basics
import ClusterMap
import Testing
import Totem

@testable import ClusterEngine

@Suite("A node that is said to be down")
struct ConfirmedDownTests {
    private let key = "runtime.rondo.confirm_down"

    private func ring() throws -> VirtualCluster {
        var cluster = try VirtualCluster(nodes: 3)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == 3 })
        return cluster
    }

    private func say(_ value: MapValue, in cluster: inout VirtualCluster) throws {
        try cluster.with(0) { engine, now in
            try engine.map.set(key, value)
            engine.reactToMap(now: now)
        }
    }

    @Test("is out of the ring at once", arguments: [.u32(3), .i32(3), .u64(3), .text("3")] as [MapValue])
    func gone(_ value: MapValue) throws {
        var cluster = try ring()
        cluster.kill(2)
        try say(value, in: &cluster)
        #expect(cluster.run(upTo: 100) { $0.isSynchronized && $0.ring.members.count == 2 })
        #expect(cluster.lines(0).contains { $0.hasPrefix("Node 3 is gone: it was confirmed to be down.") })
    }

    @Test("leaves no key behind, and can be said again")
    func again() throws {
        var cluster = try ring()
        for _ in 0..<2 {
            try say(.u32(7), in: &cluster)
            #expect(cluster.engines[0].engine.map[key] == nil)
        }
        #expect(
            cluster.lines(0).count {
                $0 == "Node 7 was said to be down; it is not a member of this node's ring anyway."
            }
                == 2)
    }

    @Test(
        "must be another node's id",
        arguments: [.u32(1), .u32(0), .i32(-3), .u64(1 << 40), .text("three"), .binary([3, 0, 0, 0])] as [MapValue])
    func nonsense(_ value: MapValue) throws {
        var cluster = try ring()
        let before = cluster.engines[0].engine.ring.ringID
        try say(value, in: &cluster)
        cluster.run(milliseconds: 1000)
        #expect(cluster.engines[0].engine.ring.ringID == before)
        #expect(cluster.lines(0).contains { $0.hasSuffix("Nothing was changed.") })
    }
}
