import ClusterLab
import Testing

extension Interoperability {
    /// Quorum as corosync-quorumtool shows it, step by step the same as on a ring of Corosync.
    @Suite struct QuorumTests {
        @Test("Every step leaves every node as Corosync's", arguments: QuorumScenario.all)
        func scenario(_ scenario: QuorumScenario) throws { try play(scenario) }

        @Test("corosync-qdevice and corosync-qnetd keep quorum", .devices, arguments: QuorumScenario.devices)
        func device(_ scenario: QuorumScenario) throws { try play(scenario) }

        /// On a ring of Corosync, one of Rondo and a mixed one at the same time.
        private func play(_ scenario: QuorumScenario) throws {
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

extension Trait where Self == ConditionTrait {
    /// Runs where Debian's quorum device is installed.
    static var devices: Self {
        let missing = ["corosync-qdevice", "corosync-qnetd"].filter { findProgram($0) == nil }
        return .enabled(
            if: missing.isEmpty || Requirements.areMandatory,
            Comment(rawValue: "packages are missing (apt-get install \(missing.joined(separator: " ")))"))
    }
}
