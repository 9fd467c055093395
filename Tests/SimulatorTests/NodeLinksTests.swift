import Basics
import Links
import Testing
import TotemWire

@testable import Simulator

/// Whole nodes over knet links: what is planted between or in them is found within the stated number of seeds.
@Suite("Whole nodes over links")
struct NodeLinksTests {
    /// Where something is hunted, and how many seeds it may take.
    struct Hunt: Sendable {
        var planted: NodeSabotage
        var ground: NodeLinksHuntingGround
        var seeds: UInt64
        var expected: [ClusterInvariant]

        init(
            _ planted: NodeSabotage, _ ground: NodeLinksHuntingGround, _ seeds: UInt64, _ expected: ClusterInvariant...
        ) {
            self.planted = planted
            self.ground = ground
            self.seeds = seeds
            self.expected = expected
        }
    }

    private static var hunts: [Hunt] {
        var hunts = [
            Hunt(.harness(.firstLinkOnly), .cuts, 3, .linkCuts),
            Hunt(.harness(.deafLink), .cuts, 3, .linkCuts),
            Hunt(.harness(.dropLastPiece), .pieces, 3, .liveness),
            Hunt(.harness(.strangeKey), .restarts, 3, .liveness),
            Hunt(.harness(.sealAtOnce), .keys, 3, .keys),
            Hunt(.harness(.forgetAtOnce), .keys, 3, .keys),
        ]
        #if PLANTED_DEFECTS
            hunts += [
                Hunt(.links(.placesByArrival), .pieces, 3, .groupIntegrity),
                Hunt(.links(.completesEarly), .pieces, 3, .groupIntegrity),
                Hunt(.links(.takesLargestMTU), .narrowing, 3, .liveness),
                Hunt(.links(.asksNoMore), .narrowing, 3, .liveness),
                Hunt(.links(.believesNoRestart), .restarts, 60, .liveness),
            ]
        #endif
        return hunts
    }

    @Test("what is planted is caught", arguments: hunts)
    func caught(hunt: Hunt) {
        for seed in 1...hunt.seeds {
            guard let violation = hunt.ground.scenario(seed: seed).run(RunView(), planted: hunt.planted).violation
            else {
                continue
            }
            #expect(
                hunt.expected.contains(violation.invariant),
                "seed \(seed): \(violation.invariant.name): \(violation.text)")
            return
        }
        Issue.record("\(hunt.planted.name) was not found in \(hunt.seeds) seeds of '\(hunt.ground.rawValue)'")
    }

    @Test("where nothing is planted nothing is found", arguments: NodeLinksHuntingGround.allCases)
    func clean(ground: NodeLinksHuntingGround) {
        for seed in 1...10 as ClosedRange<UInt64> {
            let violation = ground.scenario(seed: seed).run(RunView(), planted: nil).violation
            #expect(violation == nil, "seed \(seed): \(violation?.text ?? "")")
        }
    }

    @Test("a ring tells of a member that no link leads to, before it misses the token")
    func lostLinks() throws {
        var scenario = NodeLinksHuntingGround.cuts.scenario(seed: 1)
        scenario.calmAt = 14_000
        // Did its machine refuse packets, the member would be out before its links count as lost.
        scenario.faults = [
            PlannedClusterFault(.at(milliseconds: 5000), .own(.link(.reports(false)))),
            PlannedClusterFault(.at(milliseconds: 6000), .crash(node: 2, sending: 0)),
        ]
        scenario.programs = []
        var simulation = ClusterSimulation(scenario, tracing: true)
        let trace = simulation.run().trace
        let told = try #require(trace.firstIndex { $0.contains("node 1   says: No link leads to member 3 any more.") })
        let formed = try #require(
            trace.lastIndex { $0.contains("node 1   says: A new membership") && $0.contains("left: 3") })
        #expect(told < formed)
        #expect(simulation.nodes[0].box?.engine.ringStatistics.linksLost == 1)
    }

    @Test("a seed that fails shrinks, fails in the same way, and its text does too")
    func shrinks() throws {
        let drawn = NodeLinksHuntingGround.cuts.scenario(seed: 1)
        var shrinker = try #require(Shrinker(drawn, planted: .harness(.deafLink)))
        let result = shrinker.run()
        #expect(result.scenario.faults.count <= 1 && result.scenario.programs.isEmpty)
        #expect(result.scenario.configuration.links?.links.count == 2)
        let read: ClusterScenario = try ScenarioText.read(ScenarioText.write(result.scenario))
        #expect(read == result.scenario)
        #expect(read.run(RunView(), planted: .harness(.deafLink)).violation == result.violation)
    }
}
