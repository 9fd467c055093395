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
        ///
        /// What a node that comes back expects depends, with Corosync too, on whose word of itself comes first (spec:
        /// services.md 6.6): on a busy machine two rings of Corosync differ now and then, and a device asks its arbiter too
        /// late. So a difference, or a state that is not reached in time, counts when it is there a second time.
        private func play(_ scenario: QuorumScenario) throws {
            let count = scenario.ids.count
            let mixtures = [
                Mixture(Array(repeating: .corosync, count: count)), Mixture(Array(repeating: .rondo, count: count)),
                Mixture((0..<count).map { $0.isMultiple(of: 2) ? .rondo : .corosync }),
            ]
            let first: [String]
            do { first = try differences(scenario, mixtures) } catch LabError.timedOut(let what, let limit, _) {
                first = ["not within \(limit): \(what)"]
            }
            guard !first.isEmpty else { return }
            print("\(scenario.name): once more, since\n\(first.joined(separator: "\n"))")
            for difference in try differences(scenario, mixtures) { Issue.record("\(difference)") }
        }

        private func differences(_ scenario: QuorumScenario, _ mixtures: [Mixture]) throws -> [String] {
            let rings = try QuorumRings(scenario, mixtures)
            defer { rings.close() }
            return try rings.play()
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
