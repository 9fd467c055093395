import Testing

@testable import Simulator

/// The checks are worth something only if they notice what they are there for.
@Suite("Faults planted between engines and programs are found")
struct ClusterSabotageTests {
    /// Within so many seeds from the first on, or from the first in which there is an occasion.
    private static let seeds: UInt64 = 40

    private static func first(_ sabotage: ClusterSabotage) -> UInt64 { sabotage == .slowWindow ? 140 : 1 }

    @Test(
        "a planted fault breaks the guarantee it should",
        arguments: [
            (ClusterSabotage.dropDelivery, [ClusterInvariant.groupDelivery, .groupOrder, .liveness]),
            (.repeatDelivery, [.groupDelivery]),
            (.swapDeliveries, [.groupDelivery, .groupOrder, .groupViews, .changeOrder, .liveness]),
            (.alterDelivery, [.groupIntegrity]),
            (.wrongSender, [.groupIntegrity]),
            (.hideLeave, [.groupViews, .groupOrder, .liveness]),
            (.hideJoin, [.groupViews, .groupOrder, .liveness]),
            (.wrongReason, [.groupReasons, .changeOrder]),
            (.shortList, [.groupViews, .groupOrder, .liveness]),
            (.ringBeforeChange, [.groupViews, .changeOrder, .groupOrder]),
            (.wrongRing, [.ringReports, .groupViews, .groupOrder]),
            (.wrongQuorum, [.votes, .quorumReports, .onePartition]),
            (.keepQuorum, [.staleQuorum]),
            (.wrongVotes, [.votes]),
            (.wrongThreshold, [.votes]),
            (.loseAnswer, [.liveness, .answers]),
            (.hideKeyChange, [.mapChanges]),
            (.forgetRing, [.ringReports]),
            (.losePiece, [.groupIntegrity, .groupOrder, .groupDelivery, .liveness]),
            (.keepPeers, [.liveness]),
            (.hideVersion, [.liveness]),
            (.slowWindow, [.votes]),
        ])
    func planted(sabotage: ClusterSabotage, expected: [ClusterInvariant]) throws {
        var found: ClusterViolation?
        let first = Self.first(sabotage)
        for seed in first..<(first + Self.seeds) where found == nil {
            var simulation = ClusterSimulation(.drawn(seed: seed), sabotage: sabotage)
            found = simulation.run().violation
        }
        let violation = try #require(found)
        #expect(expected.contains(violation.invariant), "\(violation.invariant.rawValue): \(violation.text)")
    }
}
