import ClusterLab
import Testing

extension Interoperability {
    /// The unmodified tools say the same of a Rondo ring as of a Corosync ring.
    @Suite struct ToolTests {
        /// What is asked on node 1 of both rings, in this order: later questions build on earlier changes.
        private static let questions: [[String]] = [
            ["corosync-cfgtool", "-s"],
            ["corosync-cfgtool", "-s", "-b"],
            ["corosync-cfgtool", "-n"],
            ["corosync-cfgtool", "-a", "1"],
            ["corosync-cfgtool", "-a", "3"],
            ["corosync-cfgtool", "-a", "77"],
            ["corosync-cmapctl", "totem."],
            ["corosync-cmapctl", "nodelist."],
            ["corosync-cmapctl", "logging."],
            ["corosync-cmapctl", "system."],
            ["corosync-cmapctl", "runtime.config."],
            ["corosync-cmapctl", "runtime.members."],
            ["corosync-cmapctl", "runtime.services.cmap."],
            ["corosync-cmapctl", "runtime.services.cfg."],
            ["corosync-cmapctl", "runtime.force_gather"],
            ["corosync-cmapctl", "-g", "totem.cluster_name", "totem.token", "totem.version"],
            ["corosync-cmapctl", "-q", "-g", "totem.cluster_name"],
            ["corosync-cmapctl", "-g", "not.there"],
            ["corosync-cmapctl", "not.there."],
            ["corosync-cmapctl", "-s", "lab.i8", "i8", "-128"],
            ["corosync-cmapctl", "-s", "lab.u8", "u8", "255"],
            ["corosync-cmapctl", "-s", "lab.i16", "i16", "-32768"],
            ["corosync-cmapctl", "-s", "lab.u16", "u16", "65535"],
            ["corosync-cmapctl", "-s", "lab.i32", "i32", "-2147483648"],
            ["corosync-cmapctl", "-s", "lab.u32", "u32", "4294967295"],
            ["corosync-cmapctl", "-s", "lab.i64", "i64", "-9223372036854775808"],
            ["corosync-cmapctl", "-s", "lab.u64", "u64", "18446744073709551615"],
            ["corosync-cmapctl", "-s", "lab.flt", "flt", "1.5"],
            ["corosync-cmapctl", "-s", "lab.dbl", "dbl", "-2.25"],
            ["corosync-cmapctl", "-s", "lab.str", "str", "a text with blanks"],
            ["corosync-cmapctl", "-s", "lab.empty", "str", ""],
            ["corosync-cmapctl", "-s", "lab.bin", "bin", "bytes"],
            ["corosync-cmapctl", "-s", "lab.u8", "u8", "256"],
            ["corosync-cmapctl", "-s", "lab.u8", "nothing", "1"],
            ["corosync-cmapctl", "-s", "lab.u8", "str", "now a text"],
            ["corosync-cmapctl", "lab."],
            ["corosync-cmapctl", "-b", "lab."],
            ["corosync-cmapctl", "-g", "lab.i64", "lab.u64", "lab.flt", "lab.dbl", "lab.empty"],
            ["corosync-cmapctl", "-s", "lab.bad name", "u8", "1"],
            ["corosync-cmapctl", "-s", "ab", "u8", "1"],
            ["corosync-cmapctl", "-s", "lab." + String(repeating: "x", count: 251), "u8", "1"],
            ["corosync-cmapctl", "-s", "lab." + String(repeating: "x", count: 252), "u8", "1"],
            ["corosync-cmapctl", "-s", "runtime.config.totem.token", "u32", "5"],
            ["corosync-cmapctl", "-s", "nodelist.local_node_pos", "u32", "2"],
            ["corosync-cmapctl", "-s", "totem.version", "u32", "3"],
            ["corosync-cmapctl", "-d", "totem.version"],
            ["corosync-cmapctl", "-d", "lab.str"],
            ["corosync-cmapctl", "-d", "lab.str"],
            ["corosync-cmapctl", "-D", "lab."],
            ["corosync-cmapctl", "lab."],
            ["corosync-cmapctl", "-m", "stats", "-g", "stats.srp.nothing"],
            ["corosync-cmapctl", "-m", "stats", "-s", "stats.srp.mcast_tx", "u64", "1"],
            ["corosync-cmapctl", "-m", "stats", "-d", "stats.srp.mcast_tx"],
            ["corosync-cmapctl", "-m", "stats", "totem."],
            ["corosync-cmapctl", "-C", "totem"],
            ["corosync-cmapctl", "-s", "totem.token", "u32", "1200"],
            ["corosync-cmapctl", "runtime.config.totem."],
            ["corosync-cmapctl", "-d", "totem.token"],
            ["corosync-cmapctl", "runtime.config.totem."],
        ]

        /// The other ring of Corosync shows that what differs between two runs is masked.
        @Test("The same answers, line by line", arguments: Engine.allCases)
        func answers(_ engine: Engine) throws {
            let (reference, ring) = try pair(engine)
            defer {
                reference.close()
                ring.close()
            }
            for question in Self.questions {
                // What a node tells the others when it comes may still be on its way; a change is asked for once.
                let isChange = ["-s", "-d", "-D", "-C"].contains { question.contains($0) }
                let isMade = question.first == "corosync-cmapctl" && isChange
                let answers = try agreed(isMade ? .zero : margin) {
                    try [reference, ring].map { lab in
                        let answer = try lab.node(1).run(words: question)
                        return comparable(answer.output, to: question) + masked(answer.errors)
                            + ["\(answer.status)"]
                    }
                }
                #expect(answers[1] == answers[0], Comment(rawValue: question.joined(separator: " ")))
            }
        }

        @Test("Every statistic that Corosync has, with its type", arguments: Engine.allCases)
        func statistics(_ engine: Engine) throws {
            let (reference, ring) = try pair(engine)
            defer {
                reference.close()
                ring.close()
            }
            func shape(_ lab: Laboratory) throws -> [String] {
                try lab.node(1).map("stats").entries.filter { !$0.key.hasPrefix("stats.ipcs.service") }
                    .filter { !$0.key.hasPrefix("stats.schedmiss") && !$0.key.hasPrefix("stats.rondo.") }.map {
                        "\($0.key) (\($0.type))"
                    }
            }
            #expect(try shape(ring) == shape(reference))
            let map = try ring.node(1).map("stats")
            for key in ["orf_token_rx", "orf_token_tx", "mcast_tx", "mcast_rx", "operational_entered"] {
                #expect((map.number("stats.srp.\(key)") ?? 0) > 0, "\(key)")
            }
            // Three tokens at least within two hold times.
            let before = try ring.node(1).statistic("stats.srp.orf_token_rx")
            try ring.wait(for: "tokens to be counted", within: .seconds(5)) {
                try ring.node(1).statistic("stats.srp.orf_token_rx") > before
            }
        }

        @Test("Changes are told as they happen", arguments: Engine.allCases)
        func tracking(_ engine: Engine) throws {
            let (reference, ring) = try pair(engine)
            defer {
                reference.close()
                ring.close()
            }
            #expect(try follow(ring) == follow(reference))
        }

        @Test("A version set on one node is known to all", arguments: Mixture.all)
        func versions(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            for node in 1...3 { try lab.announce(version: UInt64(node * 11), from: node) }
            try lab.awaitVersions([1: 11, 2: 22, 3: 33])
        }

        @Test("A ring told to gather again does, and is whole", arguments: Mixture.all)
        func forcedGather(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            for node in lab.nodes {
                let marks = lab.marks
                let result = try node.run("corosync-cmapctl", "-s", "runtime.force_gather", "str", "yes")
                #expect(result.succeeded)
                let ring = try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
                #expect(ring.members == [1, 2, 3])
                #expect(try node.map()["runtime.force_gather"] == "no")
            }
        }

        // MARK: -

        /// A ring of Corosync and one of the engine, with the same configuration.
        private func pair(_ engine: Engine) throws -> (Laboratory, Laboratory) {
            let rings = try [.corosyncAlone, Mixture(engine, engine, engine)].rings()
            return (rings[0], rings[1])
        }

        /// What corosync-cmapctl prints while keys below a prefix are made, changed and deleted.
        private func follow(_ lab: Laboratory) throws -> [String] {
            let node = lab.node(1)
            let watcher = try node.launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "lab."])
            try watcher.awaitOutput("to finish")
            func change(_ words: [String], until text: String) throws {
                _ = try node.run(words: ["corosync-cmapctl"] + words)
                try watcher.awaitOutput(text)
            }
            try change(["-s", "lab.first", "u32", "1"], until: "create> lab.first (u32) = 1")
            try change(["-s", "lab.first", "u32", "2"], until: "modify> lab.first (u32) = 2")
            try change(["-s", "lab.second", "str", "text"], until: "create> lab.second (str) = text")
            try change(["-s", "lab.first", "str", "other type"], until: "modify> lab.first (str) = other type")
            try change(["-d", "lab.first"], until: "delete> lab.first")
            try change(["-D", "lab."], until: "delete> lab.second")
            watcher.type("q\n")
            #expect(try watcher.awaitEnd() == .exited(0))
            return watcher.output.split(separator: "\n").map(String.init)
        }

        /// Corosync keeps the link timers of its start when the token timeout changes; Rondo's follow it
        /// (spec: configuration.md 6.2).
        private func comparable(_ output: String, to question: [String]) -> [String] {
            let lines = masked(output)
            guard question.last == "runtime.config.totem." else { return lines }
            return lines.filter { !$0.contains(".knet_ping_") }
        }

        /// Without what differs between any two rings.
        private func masked(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                // On udpu Corosync shows the address of one of the nodes, not always its own.
                if line.hasPrefix("\taddr\t= ") { return "\taddr\t= ADDRESS" }
                if line.hasPrefix("runtime.services."), let end = line.firstRange(of: " = ") {
                    return line[..<end.lowerBound] + " = COUNT"
                }
                return String(line)
            }
        }
    }
}
