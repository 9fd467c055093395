import Basics
import Testing
import Totem
import TotemWire

@testable import Simulator

/// Rings form without waiting for a timeout, whenever their nodes come and go (docs/decisions/joining.md).
@Suite("Rings form at once")
struct ColdStartTests {
    @Test("nodes that start together are in one ring at once", arguments: [3, 8, 16, 32])
    func coldStart(count: Int) {
        for seed in 1...6 as ClosedRange<UInt64> {
            var simulation = Simulation(HardCase.coldStart(count, seed: seed))
            let outcome = simulation.run()
            #expect(outcome.violation == nil, "seed \(seed): \(outcome.violation?.text ?? "")")
            let nodes = (1...UInt32(clamping: count)).map { NodeID($0) }
            let late = HardCase.promptness(
                of: nodes, after: HardCase.spread, within: HardCase.coldStartBound(count), outcome)
            #expect(late == nil, "seed \(seed)")
        }
    }

    @Test("nodes that leave while others join are waited for by nobody")
    func crossing() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var chance = SeededGenerator(seed: seed).fork(9)
            var scenario = HardCase.coldStart(16, seed: seed)
            scenario.calmAt = 5000
            for newcomer in [3, 9] { scenario.starts[newcomer] = 2_000_000_000 + chance.below(UInt64(30_000_000)) }
            let leavers = [1, 6, 12].filter { $0 == 6 || chance.oneIn(2) }
            for leaver in leavers {
                scenario.comesBack[leaver] = false
                let time = chance.between(UInt64(1990), 2030)
                scenario.faults.append(PlannedFault(.at(milliseconds: time), .leave(node: leaver)))
            }
            var simulation = Simulation(scenario)
            let outcome = simulation.run()
            #expect(outcome.violation == nil, "seed \(seed): \(outcome.violation?.text ?? "")")
            let staying = scenario.nodes.indices.filter { !leavers.contains($0) }.map { scenario.nodes[$0] }
            let late = HardCase.promptness(of: staying, after: 2030, within: HardCase.coldStartBound(16), outcome)
            #expect(late == nil, "seed \(seed)")
        }
    }
}
