import ClusterMap
import Testing
import Totem

@testable import ClusterEngine

@Suite("A node's figures in the statistics map")
struct FigureTests {
    private func map(_ figures: NodeFigures) -> StatisticsMap { StatisticsMap(figures: figures.list) }

    @Test("have Corosync's keys and types")
    func keysAndTypes() {
        let map = map(NodeFigures())
        // Rondo's own keys have a prefix of their own.
        let counters = NodeFigures().list.filter { $0.kind == .counter && !$0.key.hasPrefix("stats.rondo.") }
        #expect(counters.count == 23)
        #expect(counters.allSatisfy { $0.value == .u64(0) && $0.key.hasPrefix("stats.srp.") })
        #expect(NodeFigures.table.count { $0.key.hasPrefix("stats.srp.") } == 30)
        #expect(Set(NodeFigures.table.map(\.key)).count == NodeFigures.table.count)
        #expect(map["stats.srp.time_since_token_last_received"] == .u64(0))
        #expect(map["stats.srp.mtt_rx_token"] == .u32(0))
        #expect(map["stats.srp.firewall_enabled_or_nic_failure"] == .u8(0))
        #expect(map["stats.pg.msg_reserved"] == .u32(0))
    }

    @Test("come each from a field of its own")
    func everyField() {
        var figures = NodeFigures()
        for (index, entry) in NodeFigures.table.enumerated() {
            let number = UInt32(index + 1)
            switch entry.place {
            case .counter(let path), .gauge(let path): set(path, of: &figures, UInt64(number))
            case .smallGauge(let path): set(path, of: &figures, number)
            case .flag(let path): set(path, of: &figures, true)
            }
        }
        for (index, (entry, figure)) in zip(NodeFigures.table, figures.list).enumerated() {
            let number = UInt32(index + 1)
            #expect(figure.key == entry.key)
            switch entry.place {
            case .counter: #expect(figure.kind == .counter && figure.value == .u64(UInt64(number)), "\(entry.key)")
            case .gauge: #expect(figure.kind == .gauge && figure.value == .u64(UInt64(number)), "\(entry.key)")
            case .smallGauge: #expect(figure.kind == .gauge && figure.value == .u32(number), "\(entry.key)")
            case .flag: #expect(figure.kind == .gauge && figure.value == .u8(1), "\(entry.key)")
            }
        }
    }

    private func set<Value>(_ path: KeyPath<NodeFigures, Value>, of figures: inout NodeFigures, _ value: Value) {
        guard let writable = path as? WritableKeyPath<NodeFigures, Value> else {
            Issue.record("a figure that cannot be set: \(path)")
            return
        }
        figures[keyPath: writable] = value
    }

    @Test("are those of the running ring")
    func running() throws {
        var cluster = try VirtualCluster(nodes: 2)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == 2 })
        let (shown, ring) = cluster.with(0) { engine, now in
            engine.refreshStatistics(now: now)
            return (engine.statistics, engine.ring.statistics)
        }
        #expect(ring.orfTokenRx > 0 && ring.joinRx > 0)
        #expect(shown["stats.srp.orf_token_rx"] == .u64(ring.orfTokenRx))
        #expect(shown["stats.srp.memb_join_rx"] == .u64(ring.joinRx))
        #expect(shown["stats.srp.operational_entered"] == .u64(ring.operationalEntered))
        #expect(shown["stats.srp.mtt_rx_token"] == .u32(ring.meanTokenInterval))
    }
}
