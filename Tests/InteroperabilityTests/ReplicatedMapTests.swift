import ClusterLab
import Testing

extension Interoperability {
    /// The example of RondoKit on a ring of each engine and mixed ones: one map everywhere, whatever happens.
    @Suite struct ReplicatedMapTests {
        @Test("One map on all nodes, through a death and a return", arguments: Mixture.all)
        func replication(_ mixture: Mixture) throws {
            let lab = try mixture.ring(.quorate)
            defer { lab.close() }
            let replicas = try lab.nodes.map { try Replica(on: $0) }
            try lab.awaitAgreement(of: replicas, entries: 0)

            for replica in replicas {
                for number in 1...20 {
                    replica.tool.type("set key\(number) \(number) of node \(replica.node.id)\n")
                    replica.tool.type("set own\(replica.node.id).\(number) value\n")
                }
            }
            try lab.awaitAgreement(of: replicas, entries: 80, version: 120)

            let survivors = [replicas[0], replicas[2]]
            var marks = lab.marks
            try lab.node(2).killDaemon()
            try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
            try replicas[1].tool.awaitOutput("CS_ERR_LIBRARY")
            try lab.awaitAgreement(of: survivors, entries: 80, version: 120)
            survivors[0].tool.type("delete key1\n")
            survivors[1].tool.type("set late a value node 2 has not heard of\n")
            try lab.awaitAgreement(of: survivors, entries: 80, version: 122)

            marks = lab.marks
            try lab.node(2).start(mixture.engines[1])
            try lab.awaitRing(after: marks, within: lab.startLimit)
            try lab.awaitAgreement(of: replicas, entries: 80, version: 122)
            replicas[1].tool.type("get late\n")
            try replicas[1].tool.awaitOutput("late = a value node 2 has not heard of")

            replicas[1].tool.type("quit\n")
            #expect(try replicas[1].tool.awaitEnd() == .exited(0))
            try replicas[0].tool.awaitOutput("went (left)")
            #expect(replicas[0].tool.output.contains("went (nodeDown)"))
        }

        @Test("A part without quorum changes nothing and is given the others' map", arguments: Mixture.mixed)
        func partition(_ mixture: Mixture) throws {
            let lab = try mixture.ring(.quorate)
            defer { lab.close() }
            let replicas = try lab.nodes.map { try Replica(on: $0) }
            try lab.awaitAgreement(of: replicas, entries: 0)
            replicas[0].tool.type("set before cut\n")
            try lab.awaitAgreement(of: replicas, entries: 1)

            var marks = lab.marks
            try lab.partition([[1], [2, 3]])
            for set in [[1], [2, 3]] {
                try lab.awaitRing(set, after: marks, within: lab.timings.afterDeath + margin)
            }
            try lab.wait(for: "node 1 to be without quorum", within: margin) {
                try replicas[0].status().contains("no quorum")
            }
            replicas[0].tool.type("set during cut\n")
            try replicas[0].tool.awaitOutput("refused: no quorum")
            replicas[1].tool.type("set during majority\n")
            try lab.awaitAgreement(of: [replicas[1], replicas[2]], entries: 2)

            marks = lab.marks
            try lab.heal()
            try lab.awaitRing(after: marks, within: lab.timings.afterMeeting + margin)
            try lab.awaitAgreement(of: replicas, entries: 2)
            replicas[0].tool.type("get during\n")
            try replicas[0].tool.awaitOutput("during = majority")
        }
    }
}

/// The example on one node.
private final class Replica {
    let node: Node
    let tool: RunningTool
    private var questions = 0

    init(on node: Node) throws {
        self.node = node
        tool = try node.launch([Checkout.root + "/.build/debug/replicated-map"])
        try tool.awaitOutput("joined as")
    }

    /// The line the program says about itself, at this moment.
    func status() throws -> Substring {
        questions += 1
        let word = "question\(questions)"
        tool.type("status \(word)\n")
        try tool.awaitOutput("\(word): ")
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            let output = tool.output
            guard let start = output.firstRange(of: "\(word): ")?.upperBound else { continue }
            guard let end = output[start...].firstIndex(of: "\n") else { continue }
            return Substring(String(output[start..<end]))
        }
        return ""
    }
}

extension Laboratory {
    /// Waits until all replicas are settled on the same map, with as many members as there are replicas.
    fileprivate func awaitAgreement(of replicas: [Replica], entries: Int, version: Int? = nil) throws {
        try wait(for: "\(replicas.count) replicas with the same \(entries) entries", within: .seconds(10)) {
            let lines = try replicas.map { try $0.status() }
            let members = lines[0].prefix { $0 != ";" }.split(separator: " ").count - 1
            return Set(lines).count == 1 && members == replicas.count && lines[0].contains("; settled; quorate; ")
                && lines[0].contains("; \(entries) entries; ")
                && (version.map { lines[0].contains("; version \($0); ") } ?? true)
        }
    }
}
