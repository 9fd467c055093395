import Basics
import Testing
import Totem
import TotemWire

@testable import Simulator

@Suite("Scenarios as text")
struct ScenarioTextTests {
    @Test("what is written is read again as it was", arguments: 0..<4)
    func roundTrip(block: UInt64) throws {
        for seed in (block * 1000 + 1)...(block * 1000 + 1000) {
            let drawn = Scenario.drawn(seed: seed)
            let read: Scenario = try ScenarioText.read(ScenarioText.write(drawn))
            #expect(read == drawn, "seed \(seed)")
        }
    }

    @Test("a scenario that was read takes the same course as the one that was written")
    func sameCourse() throws {
        let drawn = Scenario.drawn(seed: 12)
        #expect(simulate(try ScenarioText.read(ScenarioText.write(drawn))).digest == simulate(drawn).digest)
    }

    @Test("what nothing draws is written, too")
    func everything() throws {
        var scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 5), .cut(from: [], to: [1, 2])),
            PlannedFault(.at(milliseconds: 6), .partition([1, 1, 3])),
            PlannedFault(.at(milliseconds: 6), .sever([NodePair(0, 2), NodePair(1, 1)])),
            PlannedFault(.at(milliseconds: 6), .own(.damageDisk(node: 1, .garbage(.max)))),
            PlannedFault(.at(milliseconds: 6), .own(.restartAll(farewell: true, milliseconds: 17))),
            PlannedFault(.at(milliseconds: 7), .lose(LossRule(.commitToken, count: .max))))
        scenario.clocks = [NodeClock(offset: 3, drift: -7), .exact, .exact]
        scenario.callTimes = [0, 0, 5]
        scenario.network.spread = .logNormal(median: 1_234_567, sigma: 0.1)
        scenario.network.turn = 120_001
        scenario.workload.sizes = .exactly(700)
        scenario.parameters.netMTU = 9000
        scenario.parameters.cancelHoldOnRetransmit = true
        #expect(try ScenarioText.read(ScenarioText.write(scenario)) == scenario)
        scenario.workload = Workload()
        for spread in [.constant(7), .uniform(1_000_000, 2_000_001), .exponential(mean: 5000), .pareto(shortest: 9)]
            as [DurationDistribution]
        {
            scenario.network.spread = spread
            #expect(try ScenarioText.read(ScenarioText.write(scenario)) == scenario)
        }
    }

    @Test("people may write it, with comments and blank lines, and leave out what is as usual")
    func byHand() throws {
        let text = """
            # Two nodes part.
            rondo-scenario 1
            seed 3

            calm at 2s
            node 1 sends 1 every 5ms   # often
            node 7
            ring token 1s
            at 500ms partition 1 | 7
            when 7 enters recovery 2 after-sending crash 7
            """
        let scenario: Scenario = try ScenarioText.read(text)
        #expect(scenario.nodes == [NodeID(1), NodeID(7)])
        #expect(scenario.calmAt == 2000)
        #expect(scenario.parameters.token == 1000)
        #expect(scenario.workload.paces == [.steady(microseconds: 5000), .silent])
        #expect(
            scenario.faults == [
                PlannedFault(.at(milliseconds: 500), .partition([0, 1])),
                PlannedFault(
                    .entering(node: 1, phase: .recovery, count: 2, beforeSending: false), .crash(node: 1, sending: 0)),
            ])
    }

    @Test(
        "an error names the line and what is wrong there",
        arguments: [
            ("", 2, "the first line must be 'rondo-scenario 1'"),
            ("rondo-scenario 2", 1, "the first line must be 'rondo-scenario 1'"),
            ("rondo-scenario 1\nseed 1\nnode 1", 4, "the line 'calm at TIME' is missing"),
            ("rondo-scenario 1\nseed x", 2, "'x' is not a seed from 0 to 18446744073709551615"),
            ("rondo-scenario 1\nseed 1\nseed 2", 3, "the seed was given before"),
            ("rondo-scenario 1\ncalm at 5", 2, "'5' is not a time in whole ms from 1 to 10000000"),
            ("rondo-scenario 1\ncalm at 99999999999999999999s", 2, "is not a time"),
            ("rondo-scenario 1\nnode 0", 2, "'0' is not a node from 1 to 4294967295"),
            ("rondo-scenario 1\nnode 2\nnode 1", 3, "node 1 must come once, after the nodes of lower number"),
            ("rondo-scenario 1\nnode 1\nat 5ms crash 2", 3, "'2' is not a node of this scenario"),
            ("rondo-scenario 1\nnode 1\nat 5ms crash", 3, "a node is missing"),
            ("rondo-scenario 1\nnode 1\nat 5ms crash 1 now", 3, "'now' is too much on this line"),
            ("rondo-scenario 1\nnode 1\nat 5ms explode 1", 3, "'explode' is not one of crash, restart"),
            ("rondo-scenario 1\nnode 1\nnode 2\nat 5ms partition 1", 4, "node 2 is in no group of this partition"),
            ("rondo-scenario 1\nnode 1\nat 5ms sever 1-2", 3, "'1-2' is not a pair of nodes"),
            ("rondo-scenario 1\nnode 1 timeouts 90\nnode 2", 3, "given for one node, it is given for all"),
            ("rondo-scenario 1\nnetwork loss 1000001", 2, "'1000001' is not a loss per million from 0 to 1000000"),
            ("rondo-scenario 1\nring tokken 5ms", 2, "'tokken' is not a parameter of a ring"),
            ("rondo-scenario 1\nring netmtu 1", 2, "'1' is not a number of bytes from 256 to 65507"),
        ])
    func errors(text: String, line: Int, what: String) {
        let error = #expect(throws: ScenarioTextError.self) { try ScenarioText.read(text, as: Scenario.self) }
        #expect(error?.line == line)
        #expect(error?.description.contains(what) == true, "\(error?.description ?? "")")
    }

    @Test("in words")
    func words() {
        let scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 5), .partition([0, 0, 1])),
            PlannedFault(
                .entering(node: 1, phase: .recovery, count: 2, beforeSending: true), .pause(node: 0, milliseconds: 40)))
        let words = scenario.words.joined(separator: "\n")
        #expect(words.contains("at 5 ms the network falls apart: {1,2} | {3}"))
        #expect(
            words.contains("when node 2 enters RECOVERY for the 2nd time, before it speaks, node 1 is paused for 40 ms")
        )
    }
}
