import Basics
import Testing
import Totem
import TotemWire

@testable import Simulator

@Suite("Failing scenarios are made small")
struct ShrinkerTests {
    /// The first drawn scenario in which a planted fault comes to light, among those with something to leave out.
    private func failing(_ sabotage: Sabotage) -> Scenario? {
        for seed in 1...200 as ClosedRange<UInt64> {
            let scenario = Scenario.drawn(seed: seed)
            guard scenario.nodes.count >= 4, scenario.faults.count >= 2 else { continue }
            if simulate(scenario, sabotage: sabotage).violation != nil { return scenario }
        }
        return nil
    }

    @Test("a planted fault comes to light in few nodes, with few faults", arguments: Sabotage.allCases)
    func small(sabotage: Sabotage) throws {
        let scenario = try #require(failing(sabotage))
        var shrinker = try #require(Shrinker(scenario, planted: .harness(sabotage)))
        let violation = shrinker.violation
        let result = shrinker.run()
        #expect(result.scenario.nodes.count <= 3)
        #expect(result.scenario.faults.count <= 2)
        #expect(result.violation.invariant == violation.invariant)
        let replayed: Scenario = try ScenarioText.read(ScenarioText.write(result.scenario))
        #expect(simulate(replayed, sabotage: sabotage).violation == result.violation)
    }

    @Test("two searches find the same")
    func determinism() throws {
        let scenario = try #require(failing(.repeatDelivery))
        var first = try #require(Shrinker(scenario, planted: .harness(.repeatDelivery)))
        var second = try #require(Shrinker(scenario, planted: .harness(.repeatDelivery)))
        #expect(first.run().scenario == second.run().scenario)
    }

    @Test("the search ends at its limit")
    func limit() throws {
        let scenario = try #require(failing(.dropDelivery))
        var shrinker = try #require(Shrinker(scenario, planted: .harness(.dropDelivery), limits: .init(runs: 5)))
        let result = shrinker.run()
        #expect(result.runs <= 5)
        #expect(!result.isMinimal)
    }

    @Test("what does not fail is not shrunk")
    func healthy() { #expect(Shrinker(Scenario.quiet(nodes: 2)) == nil) }

    @Test("a node that is left out takes its faults along, and the others keep theirs")
    func removal() {
        let scenario = Scenario.quiet(nodes: 4).with(
            PlannedFault(.at(milliseconds: 1), .crash(node: 1, sending: 0)),
            PlannedFault(.at(milliseconds: 2), .crash(node: 3, sending: 0)),
            PlannedFault(.at(milliseconds: 3), .partition([0, 1, 1, 0])),
            PlannedFault(.at(milliseconds: 4), .cut(from: [1, 2], to: [3])),
            PlannedFault(.at(milliseconds: 5), .lose(LossRule(.join, from: 1, count: 1))),
            PlannedFault(
                .entering(node: 2, phase: .gather, count: 1, beforeSending: true), .pause(node: 0, milliseconds: 1)))
        let smaller = scenario.without(nodes: [1])
        #expect(smaller.nodes == [NodeID(1), NodeID(3), NodeID(4)])
        #expect(smaller.workload.paces.count == 3)
        #expect(
            smaller.faults == [
                PlannedFault(.at(milliseconds: 2), .crash(node: 2, sending: 0)),
                PlannedFault(.at(milliseconds: 3), .partition([0, 1, 0])),
                PlannedFault(.at(milliseconds: 4), .cut(from: [1], to: [2])),
                PlannedFault(
                    .entering(node: 1, phase: .gather, count: 1, beforeSending: true), .pause(node: 0, milliseconds: 1)),
            ])
    }
}
