import Testing

@testable import Simulator

/// The checks are worth something only if they notice what they are there for.
@Suite("Planted faults are found")
struct SabotageTests {
    @Test(
        "a planted fault breaks the guarantee it should",
        arguments: [
            (Sabotage.alterMessage, [Invariant.integrity, .identicalRetransmission, .wholeMessages]),
            (.dropDelivery, [.noGap, .selfDelivery, .virtualSynchrony]),
            (.repeatDelivery, [.integrity]),
            (.swapDeliveries, [.totalOrder, .noGap]),
            (.alterDelivery, [.integrity]),
            (.forgetRing, [.ringSequenceGrows]),
            (.storeNothing, [.ringSequenceGrows]),
            (.hideCompanion, [.transitionalSymmetry, .transitionalSenders, .consistentMembership]),
            (.hideTransitional, [.transitionalBeforeRegular]),
            (.skipSynchronization, [.queueSwitch]),
            (.swallowTokens, [.liveness]),
        ])
    func planted(sabotage: Sabotage, expected: [Invariant]) throws {
        var scenario = Scenario.quiet(nodes: 3).with(
            PlannedFault(.at(milliseconds: 400), .crash(node: 0, sending: 0)),
            PlannedFault(.at(milliseconds: 1300), .restart(node: 0)),
            PlannedFault(.at(milliseconds: 1800), .leave(node: 2)),
            PlannedFault(.at(milliseconds: 2000), .restart(node: 2)))
        scenario.synchronizationRounds = 2
        #expect(simulate(scenario).violation == nil)
        let violation = try #require(simulate(scenario, sabotage: sabotage).violation)
        #expect(expected.contains(violation.invariant), "\(violation.text)")
    }
}
