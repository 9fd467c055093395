import ClusterLab
import Testing

extension Interoperability {
    /// A ring that nothing happens to does not change, and neither does one that loses packets.
    @Suite struct SteadinessTests {
        /// With Corosync's four repetitions of a token within 1650 ms, 5 % loss now and then loses five tokens on the way round,
        /// and with them the ring, whoever sends them: on four rings in one of some twenty runs of this test, as computed.
        /// With ten repetitions that does not happen, and the machine may stand still for three seconds.
        private static let configuration = RingConfiguration(totem: [
            ("token", "3000"), ("token_retransmits_before_loss_const", "10"),
        ])

        /// All mixtures at once: idle rings need next to no processor time.
        @Test("60 s idle, then 30 s of traffic with 5 % of the packets lost, without a membership change")
        func steadiness() throws {
            let mixtures = try Mixture.all.available
            let labs = try mixtures.rings(Self.configuration)
            defer { labs.close() }
            let start = labs.map(\.marks)

            try labs.rest(.seconds(60))
            for (mixture, (lab, marks)) in zip(mixtures, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(mixture.testDescription) idle")
            }

            for lab in labs { try lab.lose(percent: 5) }
            for version in 1...30 {
                for lab in labs { try lab.announce(version: UInt64(version), from: version % 3 + 1) }
                try labs.rest(.seconds(1))
            }
            for lab in labs { try lab.lose(percent: 0) }

            for (mixture, (lab, marks)) in zip(mixtures, zip(labs, start)) {
                let name = mixture.testDescription
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(name) with 5 % loss")
                try lab.awaitVersions([1: 30, 2: 28, 3: 29])
                let repeated = try lab.nodes.map { try $0.statistic("stats.srp.mcast_retx") }
                Summary.add(
                    "steady     \(name): 60 s idle and 30 s with 5 % loss, no membership change; "
                        + "messages repeated \(repeated)")
            }
        }
    }
}

extension Laboratory {
    /// Has a node multicast to the others: a changed configuration version is told to all.
    func announce(version: UInt64, from node: Int) throws {
        let result = try self.node(node).run("corosync-cmapctl", "-s", "totem.config_version", "u64", "\(version)")
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
    }

    /// Waits until every running node knows these configuration versions, by node id.
    func awaitVersions(_ versions: [UInt32: UInt64], within limit: Duration = .seconds(5)) throws {
        try wait(for: "configuration versions \(versions) known to all", within: limit) {
            for node in nodes where node.isRunning {
                let map = try node.map(under: "runtime.members.")
                for (id, version) in versions
                where map.number("runtime.members.\(id).config_version") != version { return false }
            }
            return true
        }
    }
}
