import Testing

@testable import Simulator

@Suite("Nodes that hear everything late")
struct LateNodeTests {
    @Test("are drawn for about one seed in six, of rings and of whole nodes")
    func drawing() {
        func hearsLate<Own: OwnFault>(_ faults: [PlannedLayerFault<Own>]) -> Bool {
            faults.contains {
                guard case .late = $0.fault else { return false }
                return true
            }
        }
        let seeds: Range<UInt64> = 1..<301
        #expect((25...75).contains(seeds.count { hearsLate(Scenario.drawn(seed: $0).faults) }))
        #expect((25...75).contains(seeds.count { hearsLate(ClusterScenario.drawn(seed: $0).faults) }))
    }

    @Test("where the network keeps the order, what follows a late datagram is held up, too")
    func order() throws {
        var network = NetworkModel(nodes: 2, conditions: NetworkConditions(), chance: SeededGenerator(seed: 1))
        let millisecond: UInt64 = 1_000_000
        network.delay(1, by: 500 * millisecond)
        let first = network.fate(from: 0, to: 1, type: .mcast, size: 100, now: millisecond)
        network.delay(1, by: 0)
        let second = network.fate(from: 0, to: 1, type: .mcast, size: 100, now: 2 * millisecond)
        let arrivals = (try #require(first.first?.arrival), try #require(second.first?.arrival))
        #expect(arrivals.0 >= 501 * millisecond)
        #expect(arrivals.1 > arrivals.0)
        #expect(network.lastTrouble == 2 * millisecond)
        let third = network.fate(from: 1, to: 0, type: .mcast, size: 100, now: 3 * millisecond)
        #expect(try #require(third.first?.arrival) < 4 * millisecond)
        #expect(network.lastTrouble == 2 * millisecond)
    }

    @Test("leave what comes late enough time to arrive before all must be at rest", arguments: [2172, 2411])
    func wholeNodes(seed: UInt64) {
        var simulation = ClusterSimulation(.drawn(seed: seed))
        #expect(simulation.run().violation == nil, "rondo simulate --layer nodes --seed \(seed) --trace")
    }
}
