import ClusterLab
import Testing

extension Interoperability {
    /// corosync-quorumtool, -cpgtool and -cfgtool print the same of a Rondo ring as of a Corosync ring in the same
    /// state: whole, without one node, without quorum.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct StatusToolTests {
        private static let looks: [[String]] = [
            ["corosync-quorumtool"], ["corosync-quorumtool", "-s"], ["corosync-quorumtool", "-s", "-i"],
            ["corosync-quorumtool", "-s", "-H"], ["corosync-quorumtool", "-s", "-p"], ["corosync-quorumtool", "-l"],
            ["corosync-quorumtool", "-l", "-i"], ["corosync-quorumtool", "-l", "-a"],
            ["corosync-quorumtool", "-l", "-H"],
            ["corosync-quorumtool", "-l", "-p"], ["corosync-quorumtool", "-l", "-o", "a"],
            ["corosync-quorumtool", "-l", "-o", "n"], ["corosync-quorumtool", "-l", "-o", "i"],
            ["corosync-quorumtool", "-V"], ["corosync-quorumtool", "-h"],
            ["corosync-cpgtool"], ["corosync-cpgtool", "-n"], ["corosync-cpgtool", "-e"],
            ["corosync-cpgtool", "-d", ";"], ["corosync-cpgtool", "-n", "-d", ";"], ["corosync-cpgtool", "-h"],
            ["corosync-cfgtool", "-s"], ["corosync-cfgtool", "-s", "-b"], ["corosync-cfgtool", "-s", "-i", "0"],
            ["corosync-cfgtool", "-s", "-i", "1"], ["corosync-cfgtool", "-n"], ["corosync-cfgtool", "-a", "1"],
            ["corosync-cfgtool", "-a", "2"], ["corosync-cfgtool", "-a", "9"], ["corosync-cfgtool", "-h"],
        ]

        private static let changes: [[String]] = [
            ["corosync-quorumtool", "-v", "2"], ["corosync-quorumtool", "-v", "2", "-n", "3"],
            ["corosync-quorumtool", "-v", "1", "-n", "9"], ["corosync-quorumtool", "-s"],
            ["corosync-quorumtool", "-v", "1", "-n", "3"], ["corosync-quorumtool", "-v", "1"],
            ["corosync-quorumtool", "-e", "4"], ["corosync-quorumtool", "-e", "9"], ["corosync-quorumtool", "-e", "0"],
            ["corosync-quorumtool", "-s"], ["corosync-quorumtool", "-e", "3"], ["corosync-quorumtool", "-s"],
            ["corosync-quorumtool", "-f"], ["corosync-cfgtool", "-R"], ["corosync-cfgtool", "-L"],
            ["corosync-cfgtool", "-k", "9"], ["corosync-cfgtool", "-k", "0"], ["corosync-cfgtool", "-k", "3"],
        ]

        @Test("The same lines in the same state", arguments: Engine.allCases)
        func outputs(_ engine: Engine) throws {
            var configuration = RingConfiguration(totem: [("token", "1000"), ("token_coefficient", "0")])
            configuration.quorum = true
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["10.77.0.\($0)"], name: "node\($0)") }
            let labs = try [.corosyncAlone, Mixture(engine, engine, engine)].rings(configuration)
            defer { labs.close() }
            let rings = try labs.map(Ring.init)
            try compare(rings, Self.looks, "whole")
            try compare(rings, Self.changes, "changing")
            for ring in rings {
                _ = try ring.lab.node(3).awaitEnd(within: .seconds(10))
                try ring.lab.awaitRing([1, 2], within: ring.lab.timings.afterDeath + margin)
            }
            try compare(rings, Self.looks, "without node 3")
            for ring in rings {
                try ring.lab.node(2).stop()
                try ring.lab.awaitRing([1], within: ring.lab.timings.afterDeath + margin)
            }
            try compare(rings, Self.looks, "without quorum")
            try compare(rings, [["corosync-quorumtool", "-e", "1"], ["corosync-cfgtool", "-H"]], "ending")
            for ring in rings { _ = try ring.lab.node(1).awaitEnd(within: .seconds(10)) }
            try compare(rings, Self.looks, "without a daemon")
        }

        /// Looks are taken again until they agree: what was changed goes round the ring first, on each ring at its own pace.
        private func compare(_ rings: [Ring], _ questions: [[String]], _ state: String) throws {
            for question in questions {
                let isLook = Self.looks.contains(question)
                let answers = try agreed(isLook ? margin : .zero) { try rings.map { try $0.answer(question) } }
                let name = "\(state): \(question.joined(separator: " "))"
                #expect(answers[1] == answers[0], Comment(rawValue: name))
                // What is asked next finds this change made on both.
                if !isLook {
                    _ = try agreed(margin) { try rings.map { try $0.answer(["corosync-quorumtool", "-s"]) } }
                }
            }
        }

        /// A ring with members of two process groups on two of its nodes.
        private final class Ring {
            let lab: Laboratory
            private var members: [(node: Int, tool: RunningTool)] = []
            /// Process numbers of the members, in the order of their start.
            private var processes: [String] = []

            init(_ lab: Laboratory) throws {
                self.lab = lab
                let program = try ClientProgram.build(in: lab.folder)
                for (node, group) in [(1, "alpha"), (2, "alpha"), (2, "be ta")] {
                    let tool = try lab.node(node).launch([program])
                    members.append((node, tool))
                    tool.type(
                        "1 cpg 0 initialize\n2 cpg 0 join \(group.replacing(" ", with: "\u{1}"))\n3 cpg 0 events 1\n")
                    try tool.awaitOutput("#3\n")
                    processes += tool.output.split(separator: "\n").prefix(1).map { String($0.dropFirst(4)) }
                }
            }

            /// What a tool prints on node 1, and how it ends.
            func answer(_ question: [String]) throws -> [String] {
                let result = try lab.node(1).run(words: question)
                return (result.output + result.errors).split(separator: "\n").map { masked(String($0)) }
                    + [result.status.description]
            }

            private func masked(_ line: String) -> String {
                if line.hasPrefix("Date:") || line.hasPrefix("Ring ID:") { return String(line.prefix { $0 != " " }) }
                // On udpu Corosync shows the address of one of the nodes, not always its own.
                if line.hasPrefix("\taddr\t= ") { return "\taddr\t= ADDRESS" }
                return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
                    let parts = word.split(separator: "\t", omittingEmptySubsequences: false).map { part in
                        processes.firstIndex(of: String(part)).map { "PROCESS\($0)" } ?? String(part)
                    }
                    return parts.joined(separator: "\t")
                }.joined(separator: " ")
            }
        }
    }
}
