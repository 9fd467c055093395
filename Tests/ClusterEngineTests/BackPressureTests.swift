import ClusterEngine
import ClusterMap
import Testing

@Suite("Whole nodes whose local programs do not keep up")
struct EngineBackPressureTests {
    @Test("hold their programs back, say so once, and let the ring turn slowly until half has been read")
    func course() throws {
        var cluster = try VirtualCluster(nodes: 3)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == 3 })
        let limit = 8 << 20
        func lag(_ bytes: Int) -> Bool {
            cluster.with(1) { engine, now in
                engine.programsLag(
                    by: bytes,
                    most: ConnectionIdentity(id: ConnectionID(7), service: 2, process: 4711, processName: "reader"),
                    now: now)
            }
        }
        func held() -> [Bool] {
            cluster.directives[1].compactMap { if case .holdMulticasts(let isHeld) = $0 { isHeld } else { nil } }
        }
        #expect(!lag(limit))
        #expect(held() == [])
        #expect(lag(limit + 1))
        #expect(!lag(limit * 2))
        #expect(held() == [true])
        #expect(!cluster.lines(1).contains { $0.contains("the ring is slowed down") })
        cluster.run(milliseconds: 1000)
        #expect(!lag(limit * 2))
        #expect(!lag(limit * 2))
        cluster.run(milliseconds: 1)
        let said = cluster.lines(1).filter { $0.contains("the ring is slowed down") }
        #expect(said.count == 1 && said[0].contains("most waits for reader (process 4711)"), "\(said)")

        // With a token timeout of 1650 ms node 2 keeps each token for 55 ms.
        let before = cluster.engines[1].engine.ring.statistics.tokensAccepted
        cluster.run(milliseconds: 5_500)
        let rotations = cluster.engines[1].engine.ring.statistics.tokensAccepted - before
        #expect((20...101).contains(rotations), "\(rotations)")
        #expect(cluster.engines.allSatisfy { $0.engine.ring.statistics.operationalTokenLost == 0 })

        #expect(lag(limit / 2))
        #expect(held() == [true, false])
        #expect(cluster.engines[1].engine.ring.members.count == 3)
    }
}
