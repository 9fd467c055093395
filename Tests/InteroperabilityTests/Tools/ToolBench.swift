import ClusterLab
import Glibc
import Testing

/// Asks Debian's tools and Rondo's the same on one node.
final class ToolBench {
    /// Whose tool answers.
    enum Side: CaseIterable {
        case debian, rondo
    }

    private let lab: Laboratory
    private var members: [RunningTool] = []
    /// The folder in which Rondo's tools have Corosync's names, as a package installs them.
    private let folder: String

    /// The program `rondo` as built with the tests.
    var rondo: String { Checkout.root + "/.build/debug/rondo" }

    init(_ lab: Laboratory) throws {
        self.lab = lab
        folder = lab.folder + "/tools"
        mkdir(folder, 0o755)
        for name in ["cfgtool", "cmapctl", "quorumtool", "cpgtool", "keygen"] {
            symlink(Checkout.root + "/.build/debug/rondo-tools", "\(folder)/corosync-\(name)")
        }
        let node = lab.node(1)
        _ = try node.run(words: ["sh", "-c", #"printf 'a\\b\001\200' > /run/lab/bytes"#])
        let keys = """
            # a comment
            lab.loaded u32 5
              lab.other str text

            lab.mine u8 1
            ^lab.mine
            ^lab.not.there
            ^^lab.i
            """
        _ = try node.run(words: ["sh", "-c", "cat > /run/lab/keys"], input: keys + "\n")
    }

    /// Members of two process groups on two nodes.
    func openGroups() throws {
        let program = try ClientProgram.build(in: lab.folder)
        for (node, group) in [(1, "alpha"), (2, "alpha"), (2, "be\u{1}ta")] {
            let tool = try lab.node(node).launch([program])
            members.append(tool)
            tool.type("1 cpg 0 initialize\n2 cpg 0 join \(group)\n3 cpg 0 events 1\n")
            try tool.awaitOutput("#3\n")
        }
    }

    /// The same words for either.
    func words(_ question: [String], _ side: Side) -> [String] {
        switch side {
        case .debian: question
        case .rondo: ["env", "PATH=\(folder):/usr/sbin:/usr/bin:/sbin:/bin"] + question
        }
    }

    private struct Answer: Equatable, CustomStringConvertible {
        var output: [String]
        var errors: [String]
        var status: String

        var description: String { "\(status)\n\(output.joined(separator: "\n"))\n\(errors.joined(separator: "\n"))" }
    }

    private func ask(_ question: [String], _ side: Side) throws -> Answer {
        let result = try lab.node(1).run(words: words(question, side))
        func lines(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("Date: ") ? "Date: NOW" : String(line)
            }
        }
        return Answer(output: lines(result.output), errors: lines(result.errors), status: "\(result.status)")
    }

    /// Asks again until both agree: what a change has set going may still be on its way.
    func compare(_ questions: [[String]], _ state: String) throws {
        for question in questions {
            let answers = try agreed { try Side.allCases.map { try ask(question, $0) } }
            #expect(answers[1] == answers[0], "\(state): \(question.joined(separator: " "))")
        }
    }
}
