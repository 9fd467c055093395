import Basics
import Testing
import Totem
import TotemWire

@testable import Simulator

@Suite("Courses of events that are hard on a ring")
struct NamedScenarioTests {
    /// Runs a scenario that must keep every guarantee.
    private func run(_ scenario: Scenario, _ location: SourceLocation = #_sourceLocation) -> SimulationOutcome {
        let outcome = simulate(scenario, tracing: true)
        #expect(outcome.violation == nil, "\(outcome.violation?.text ?? "")", sourceLocation: location)
        return outcome
    }

    private func ids(_ numbers: UInt32...) -> [NodeID] { numbers.map { NodeID($0) } }

    @Test("the representative dies between the two rotations of the commit token", arguments: [true, false])
    func representativeDies(beforeSending: Bool) {
        let outcome = run(
            .quiet(nodes: 4).with(
                PlannedFault(.at(milliseconds: 500), .crash(node: 3, sending: 0)),
                PlannedFault(
                    .entering(node: 0, phase: .recovery, count: 2, beforeSending: beforeSending),
                    .crash(node: 0, sending: 0))))
        #expect(outcome.trace.filter { $0.hasSuffix("stops dead") }.count == 2)
        #expect(outcome.installations.contains { $0.members == ids(2, 3) && $0.companions == ids(2, 3) })
    }

    @Test("a partition falls into recovery")
    func partitionDuringRecovery() {
        let outcome = run(
            .quiet(nodes: 5).with(
                PlannedFault(.at(milliseconds: 500), .crash(node: 4, sending: 0)),
                PlannedFault(
                    .entering(node: 1, phase: .recovery, count: 2, beforeSending: false), .partition([0, 0, 1, 1, 0]))))
        #expect(outcome.installations.contains { $0.members == ids(1, 2) && $0.companions == ids(1, 2) })
        #expect(outcome.installations.contains { $0.members == ids(3, 4) && $0.companions == ids(3, 4) })
    }

    @Test("two rings merge while a third node starts")
    func mergeAndJoin() {
        var scenario = Scenario.quiet(nodes: 5).with(
            PlannedFault(.at(milliseconds: 0), .partition([0, 0, 1, 1, 0])),
            PlannedFault(.at(milliseconds: 600), .heal))
        scenario.starts[4] = 1_500_000_000
        let outcome = run(scenario)
        #expect(outcome.installations.contains { $0.members == ids(1, 2) })
        #expect(outcome.installations.contains { $0.members == ids(3, 4) })
        #expect(outcome.installations.last?.members == ids(1, 2, 3, 4, 5))
    }

    @Test("what only one node got before the sender died, all survivors deliver")
    func lastMessageLost() {
        var scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 995), .lose(LossRule(.mcast, from: 2, to: 1, count: 1_000_000))),
            PlannedFault(.at(milliseconds: 1020), .crash(node: 2, sending: 0)))
        scenario.workload.paces = [.silent, .silent, .steady(microseconds: 5_000)]
        scenario.comesBack[2] = false
        let outcome = run(scenario)
        let byFirst = outcome.trace.filter { $0.contains("node 1   delivers message") }
        let bySecond = outcome.trace.filter { $0.contains("node 2   delivers message") }
        #expect(byFirst.count == bySecond.count)
        #expect(outcome.installations.last?.members == ids(1, 2))
    }

    @Test("a node pauses for longer than the token timeout", arguments: [1, 2, 3, 4])
    func longPause(seed: UInt64) {
        let outcome = run(
            .quiet(nodes: 3, seed: seed).with(PlannedFault(.at(milliseconds: 700), .pause(node: 1, milliseconds: 1200)))
        )
        #expect(outcome.installations.contains { $0.members == ids(1, 3) })
        #expect(outcome.installations.last?.members == ids(1, 2, 3))
    }

    @Test("one node hears another that does not hear it", arguments: [[0, 1], [1, 0], [2, 0], [0, 2]])
    func asymmetricHearing(pair: [Int]) {
        let outcome = run(
            .quiet(nodes: 3, calmAt: 4000).with(
                PlannedFault(.at(milliseconds: 500), .cut(from: [pair[0]], to: [pair[1]]))))
        #expect(outcome.installations.last?.members == ids(1, 2, 3))
    }

    @Test("32 nodes start at one instant")
    func thirtyTwo() {
        var scenario = Scenario.quiet(nodes: 32, calmAt: 600)
        scenario.parameters = .derived(token: 500)
        scenario.workload = Workload()
        let outcome = run(scenario)
        #expect(outcome.installations.last?.members.count == 32)
    }

    @Test("a farewell makes the others go on at once")
    func leave() throws {
        var scenario = Scenario.quiet(nodes: 3).with(PlannedFault(.at(milliseconds: 1000), .leave(node: 1)))
        scenario.comesBack[1] = false
        let outcome = run(scenario)
        let next = try #require(outcome.installations.first { $0.time >= 1_000_000_000 })
        #expect(next.members == ids(1, 3))
        #expect(next.time < 1_020_000_000)
    }

    @Test("a node that cannot get a message leaves the ring to the others")
    func failToReceive() {
        var scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 800), .lose(LossRule(.mcast, to: 2, count: 1_000_000))))
        scenario.parameters.failToReceiveConstant = 50
        let outcome = run(scenario)
        #expect(outcome.trace.contains { $0.contains("FAILED TO RECEIVE") })
        #expect(outcome.installations.contains { $0.members == ids(1, 2) })
        #expect(outcome.installations.last?.members == ids(1, 2, 3))
    }

    @Test("more messages are to be replayed than the window of a ring holds")
    func longRecovery() {
        var scenario = Scenario.quiet(nodes: 4, calmAt: 2000).with(
            PlannedFault(.at(milliseconds: 10), .lose(LossRule(.mcast, to: 2, count: .max))),
            PlannedFault(.at(milliseconds: 600), .heal),
            PlannedFault(.at(milliseconds: 600), .crash(node: 3, sending: 0)))
        scenario.workload.paces = [.saturating, .saturating, .silent, .silent]
        scenario.workload.sizes = .frames
        scenario.workload.budget = 8 << 20
        scenario.parameters.netMTU = 256
        scenario.comesBack[3] = false
        let outcome = simulate(scenario)
        #expect(outcome.violation == nil)
        #expect(outcome.installations.contains { $0.members == ids(1, 2, 3) && $0.companions == ids(1, 2, 3) })
    }

    @Test("in recovery a message is sent again by one member, not by all")
    func noRepetition() {
        var scenario = Scenario.quiet(nodes: 6, calmAt: 1500).with(
            PlannedFault(.at(milliseconds: 100), .lose(LossRule(.mcast, to: 1, count: .max))),
            PlannedFault(.at(milliseconds: 110), .crash(node: 5, sending: 0)),
            PlannedFault(.at(milliseconds: 200), .heal))
        scenario.workload.paces = Array(repeating: .bursts(count: 5, microseconds: 5000), count: 6)
        scenario.workload.sizes = .frames
        scenario.comesBack[5] = false
        let outcome = simulate(scenario, tracing: true, packets: true)
        #expect(outcome.violation == nil)
        let sent = outcome.trace.filter { $0.contains("sends mcast") }
        let missed = sent.filter { !$0.contains("recovery") && (100..<200).contains(milliseconds($0)) }
        let replayed = sent.filter { $0.contains("recovery") }
        #expect(missed.count > 20)
        #expect(replayed.count > 20)
        #expect(replayed.count <= missed.count / 2, "five members hold what one of them misses")
    }

    private func milliseconds(_ line: String) -> Int {
        line.split(separator: " ").first.flatMap { Double($0) }.map { Int($0) } ?? 0
    }

    @Test("sequence numbers wrap in the middle of everything", arguments: [0 as UInt32, 0x8000_0000, 0x1_0000])
    func wrap(edge: UInt32) {
        var scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 800), .crash(node: 0, sending: 3)),
            PlannedFault(.at(milliseconds: 1600), .restart(node: 0)))
        scenario.parameters.sequenceStart = edge &- 60
        scenario.workload.sizes = .mixed
        scenario.network.lossPerMillion = 20_000
        _ = run(scenario)
    }

    @Test(
        "one bit in fifty packets is wrong: the ring lives on and comes to rest",
        arguments: 1...6 as ClosedRange<UInt64>)
    func falsifiedPackets(seed: UInt64) {
        var scenario = Scenario.quiet(nodes: 4, seed: seed).with(
            PlannedFault(.at(milliseconds: 1000), .crash(node: 2, sending: 0)),
            PlannedFault(.at(milliseconds: 2000), .restart(node: 2)))
        scenario.network.flipPerMillion = 20_000
        _ = run(scenario)
    }
}
