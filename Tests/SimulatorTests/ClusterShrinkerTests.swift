import Basics
import Testing
import TotemWire

@testable import Simulator

@Suite("Failing scenarios of whole nodes are made small")
struct ClusterShrinkerTests {
    /// The first drawn scenario in which a planted fault comes to light.
    private func failing(_ sabotage: ClusterSabotage) -> ClusterScenario? {
        // Where the occasion is rare, the search begins near the first seed that has one.
        let first: UInt64 =
            switch sabotage {
            case .ringBeforeChange: 15
            case .hideKeyChange: 19
            case .wrongRing: 46
            case .slowWindow: 66
            default: 1
            }
        for seed in first...first + 60 {
            let scenario = ClusterScenario.drawn(seed: seed, nodes: 4)
            if scenario.run(RunView(), planted: .harness(sabotage)).violation != nil { return scenario }
        }
        return nil
    }

    /// Those between links and networks need scenarios that have links (NodeLinksTests), and a loss of quorum that nobody is told
    /// of comes to light only where a cut lasts for longer than the timeouts (ClusterSabotageTests).
    private static let sabotages = ClusterSabotage.allCases.filter {
        ![.firstLinkOnly, .deafLink, .dropLastPiece, .strangeKey, .keepQuorum].contains($0)
    }

    @Test("a planted fault comes to light in few nodes, with few faults", arguments: sabotages)
    func small(sabotage: ClusterSabotage) throws {
        let scenario = try #require(failing(sabotage))
        var shrinker = try #require(Shrinker(scenario, planted: .harness(sabotage)))
        let violation = shrinker.violation
        let result = shrinker.run()
        #expect(result.scenario.nodes.count <= 3)
        #expect(result.scenario.faults.count <= 2)
        #expect(result.scenario.programs.count <= 5)
        #expect(result.figures.messagesSent <= 10)
        #expect(result.violation.invariant == violation.invariant)
        let replayed: ClusterScenario = try ScenarioText.read(ScenarioText.write(result.scenario))
        #expect(replayed == result.scenario)
        #expect(replayed.run(RunView(), planted: .harness(sabotage)).violation == result.violation)
    }

    @Test("a node that is left out takes its programs, votes and faults along")
    func removal() {
        var text = ConfigurationText(
            nodes: [NodeID(1), NodeID(2), NodeID(3)], quorum: QuorumOptions(votes: [1, 2, 3]))
        text.quorum.tieBreakerNode = "3 2"
        var scenario = ClusterScenario(
            seed: 1, nodes: [NodeID(1), NodeID(2), NodeID(3)], configuration: text, calmAt: 1000)
        scenario.drifts = [1, 2, 3]
        scenario.programs = [
            ProgramPlan(node: 1, kind: .voteWatcher, pace: 10_000),
            ProgramPlan(node: 2, kind: .mapWriter, pace: 20_000),
        ]
        scenario.faults = [
            PlannedClusterFault(.at(milliseconds: 1), .own(.kill(node: 1, by: 0))),
            PlannedClusterFault(.at(milliseconds: 2), .own(.kill(node: 2, by: 0))),
            PlannedClusterFault(.at(milliseconds: 3), .own(.change(.strike(node: 1), by: 2))),
            PlannedClusterFault(.at(milliseconds: 4), .own(.change(.strike(node: 2), by: 0))),
        ]
        let smaller = scenario.without(nodes: [1])
        var left = ConfigurationText(nodes: [NodeID(1), NodeID(3)], quorum: QuorumOptions(votes: [1, 3]))
        left.quorum.tieBreakerNode = "3"
        #expect(smaller.nodes == [NodeID(1), NodeID(3)])
        #expect(smaller.drifts == [1, 3])
        #expect(smaller.configuration == left)
        #expect(smaller.programs == [ProgramPlan(node: 1, kind: .mapWriter, pace: 20_000)])
        #expect(
            smaller.faults == [
                PlannedClusterFault(.at(milliseconds: 2), .own(.kill(node: 1, by: 0))),
                PlannedClusterFault(.at(milliseconds: 4), .own(.change(.strike(node: 1), by: 0))),
            ])
    }

    @Test("a fault may wait for a whole node to enter a state")
    func uponState() {
        var scenario = ClusterScenario.drawn(seed: 3, nodes: 3)
        scenario.programs = []
        scenario.network = NetworkConditions()
        scenario.faults = [
            PlannedClusterFault(
                .entering(node: 1, phase: .operational, count: 2, beforeSending: false), .crash(node: 1, sending: 0))
        ]
        let outcome = scenario.run(RunView(traces: true), planted: nil)
        #expect(outcome.violation == nil)
        #expect(outcome.figures.faults == 1)
        #expect(outcome.trace.contains { $0.hasSuffix("node 2   stops dead") })
    }
}
