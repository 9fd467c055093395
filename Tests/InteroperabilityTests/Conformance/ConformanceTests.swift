import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// Programs on the client libraries get the same answers and events, in the same order, from rings of Corosync, of
    /// Rondo and of both.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct ConformanceTests {
        private static let onOneNode = ["cpg-1", "cmap-1", "quorum-1", "votequorum-1", "cfg-1", "sam-1"]
        private static let onThreeNodes = [
            "cpg-3", "cmap-3", "quorum-3", "votequorum-3", "cfg-3", "sam-3", "shutdown-3",
        ]

        /// Every public function of every library, on one node and on three; what it finds is the table in
        /// docs/compatibility.md.
        @Test("Every function of every library")
        func everyFunction() throws {
            try Mixture.rondoAlone.requireEngines()
            var report = try CompatibilityReport()
            for (scenarios, mixtures) in [
                (Self.onOneNode, [Mixture(.corosync), Mixture(.rondo)]),
                (Self.onThreeNodes, [.corosyncAlone, .rondoAlone, Mixture(.corosync, .rondo, .rondo)]),
            ] {
                let chosen = scenarios.filter { Self.selection?.contains($0) ?? true }
                guard !chosen.isEmpty else { continue }
                var reference: [String: [String]] = [:]
                for mixture in mixtures {
                    let heard = try play(chosen, on: mixture)
                    if mixture.engines == mixtures[0].engines { reference = heard }
                    for name in chosen {
                        var pair = Pair(mine: heard[name] ?? [], theirs: reference[name] ?? [])
                        if let first = pair.difference {
                            pair = try playAgain(name, on: mixture, beside: mixtures[0], after: first)
                            if pair.difference == nil {
                                Summary.add(
                                    "conformance forgiven once, \(name) on \(mixture.testDescription):\(first)")
                            }
                        }
                        if let difference = pair.difference {
                            Issue.record("\(name) on \(mixture.testDescription), a second time:\(difference)")
                        }
                        report.add(pair.mine, pair.theirs, nodes: mixture.engines.count)
                    }
                }
            }
            guard Self.selection == nil else { return }
            try check(report)
        }

        /// Scenarios to play instead of all, for whoever looks into one: RONDO_SCENARIOS="cpg-1 cfg-3".
        private static let selection = environmentVariable("RONDO_SCENARIOS")?.split(separator: " ").map(String.init)

        private func play(_ scenarios: [String], on mixture: Mixture) throws -> [String: [String]] {
            var configuration = RingConfiguration(totem: [("token", "1000"), ("token_coefficient", "0")])
            configuration.quorum = true
            let lab = try mixture.ring(configuration)
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            var transcripts: [String: [String]] = [:]
            for name in scenarios {
                let start = ContinuousClock.now
                let conversation = Conversation(lab, mixture.engines, program: program)
                let transcript = try conversation.play(Scenario(name))
                transcripts[name] = transcript
                print(
                    "\(name) on \(mixture.testDescription): \(transcript.count) lines in \(ContinuousClock.now - start)"
                )
                if let place = environmentVariable("RONDO_TRANSCRIPTS") {
                    let file = "\(place)/\(name).\(mixture.testDescription.replacing(" ", with: "")).txt"
                    try (transcript.joined(separator: "\n") + "\n").write(
                        toFile: file, atomically: true, encoding: .utf8)
                }
            }
            return transcripts
        }

        /// What a scenario's clients were told on two clusters.
        private struct Pair {
            let mine: [String]
            let theirs: [String]

            /// The lines that only one has, each in a line of its own; nil when all are equal.
            var difference: String? {
                let changes = mine.difference(from: theirs).map { change in
                    switch change {
                    case .insert(let offset, let line, _): (offset, "only here:     \(line)")
                    case .remove(let offset, let line, _): (offset, "only Corosync: \(line)")
                    }
                }
                guard !changes.isEmpty else { return nil }
                return changes.sorted { $0.0 < $1.0 }.prefix(40).map { "\n  line \($0.0 + 1) \($0.1)" }.joined()
            }
        }

        /// How often a member hears of a ring or of votes on the way depends on luck, with Corosync too: two of its rings do
        /// not always tell their clients the same (a token lost while the machine is busy, what a node says of itself before
        /// or after another). What is promised comes every time. So a difference counts when it is there a second time, on
        /// new clusters of both kinds.
        private func playAgain(
            _ name: String, on mixture: Mixture, beside reference: Mixture, after difference: String
        ) throws -> Pair {
            print("\(name) on \(mixture.testDescription): once more, since\(difference)")
            return Pair(
                mine: try play([name], on: mixture)[name] ?? [], theirs: try play([name], on: reference)[name] ?? [])
        }

        @Test("What a library prints of itself is in no transcript")
        func chatter() throws {
            let folder = NSTemporaryDirectory() + "rondo-client-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let result = try run([try ClientProgram.build(in: folder)], input: "1 chatter\n2 nothing known\n")
            #expect(result.succeeded)
            #expect(result.lines.dropFirst() == ["#1", "no such call: nothing", "#2", ""])
            #expect(result.errors == "")
        }

        private func check(_ report: CompatibilityReport) throws {
            let path = Checkout.root + "/docs/compatibility.md"
            let found = try report.document()
            for function in report.missing { Issue.record("no scenario calls \(function)") }
            if environmentVariable("RONDO_WRITE_COMPATIBILITY") != nil {
                try found.write(toFile: path, atomically: true, encoding: .utf8)
            } else {
                let stored = try contents(of: path)
                #expect(stored == found, "docs/compatibility.md is not what was found: make compatibility-doc")
            }
        }
    }
}
