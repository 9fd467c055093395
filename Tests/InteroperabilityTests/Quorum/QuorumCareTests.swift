import ClusterLab
import Testing

extension Interoperability {
    /// Where Rondo keeps what Corosync 3.1.7 loses (spec: services.md 13).
    @Suite struct QuorumCareTests {
        private func ring(_ lines: [String]) throws -> Laboratory {
            var configuration = RingConfiguration.quorate
            configuration.quorumLines = lines
            return try Mixture.rondoAlone.ring(configuration)
        }

        private func agree(_ lab: Laboratory, _ name: String, _ value: String) throws {
            try lab.wait(for: "\(name): \(value) on all nodes", within: margin) {
                try lab.nodes.filter(\.isRunning).allSatisfy { try $0.quorumStatus()[name] == value }
            }
        }

        @Test("The highest number of expected votes outlives a stop of the whole cluster")
        func trackedVotes() throws {
            let lab = try ring(["expected_votes_tracking: 1"])
            defer { lab.close() }
            #expect(try lab.node(2).run("corosync-quorumtool", "-e", "5").succeeded)
            try agree(lab, "Expected votes", "5")
            for node in lab.nodes { try node.stop() }
            try lab.start([.rondo, .rondo])
            _ = try lab.awaitRing(within: lab.startLimit)
            try agree(lab, "Expected votes", "5")
            try agree(lab, "Quorate", "No")
        }

        @Test("After a reload that failed, changes at run time are still obeyed")
        func failedReload() throws {
            let lab = try ring([])
            defer { lab.close() }
            for node in lab.nodes { try node.configure("quorum {\n    expected_votes: many\n") }
            #expect(try !lab.node(1).run("corosync-cfgtool", "-R").succeeded)
            let set = try lab.node(1).run("corosync-cmapctl", "-s", "quorum.expected_votes", "u32", "5")
            #expect(set.succeeded)
            try agree(lab, "Expected votes", "5")
        }
    }
}
