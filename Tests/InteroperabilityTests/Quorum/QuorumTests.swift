import ClusterLab
import Testing

extension Interoperability {
    /// Quorum as corosync-quorumtool shows it, step by step the same as on a ring of Corosync.
    @Suite struct QuorumTests {
        @Test("Every step leaves every node as Corosync's", arguments: QuorumScenario.all)
        func scenario(_ scenario: QuorumScenario) throws {
            let count = scenario.ids.count
            let mixtures = [
                Mixture(Array(repeating: .corosync, count: count)), Mixture(Array(repeating: .rondo, count: count)),
                Mixture((0..<count).map { $0.isMultiple(of: 2) ? .rondo : .corosync }),
            ]
            for mixture in mixtures { try mixture.requireEngines() }
            let rings = try QuorumRings(scenario, mixtures)
            defer { rings.close() }
            try rings.play()
        }
    }
}
