import ClusterLab
import Testing

extension Interoperability {
    /// `corosync-cfgtool -R` on one node makes every node read its own file.
    @Suite struct ReloadTests {
        private static let done = "Reloading corosync.conf...\nDone\n"

        @Test("A new token timeout reaches every node", arguments: Mixture.all)
        func token(_ mixture: Mixture) throws {
            let lab = try mixture.ring(configuration())
            defer { lab.close() }
            let watcher = try lab.node(3).launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "config."])
            try watcher.awaitOutput("to finish")
            let marks = lab.marks
            try lab.configure(configuration(token: "2000"))
            try reload(lab, on: 2)
            try lab.awaitToken(2650)
            for node in lab.nodes {
                try lab.wait(for: "the reload's end on node \(node.number)", within: margin) {
                    let map = try node.map(under: "config.")
                    return map["config.reload_status"] == "1" && map["config.reload_in_progress"] == "0"
                        && map["config.totemconfig_reload_in_progress"] == "0"
                }
                // A Corosync that sets up its logging anew meanwhile now and then loses the line.
                guard node.engine == .rondo else { continue }
                try lab.wait(for: "the line about the reload", within: margin) {
                    node.log.entries(after: marks[node.number - 1])
                        .contains { $0.subsystem == "CFG" && $0.message == "Config reload requested by node 2" }
                }
            }
            try watcher.awaitOutput("config.reload_in_progress (u8) = 0")
            watcher.type("q\n")
            _ = try watcher.awaitEnd()
            let events = watcher.output.split(separator: "\n").compactMap { line in
                line.firstRange(of: "> ").map { String(line[$0.upperBound...]) }
            }
            #expect(
                events.map { $0.split(separator: "\n")[0] } == [
                    "config.totemconfig_reload_in_progress (u8) = 1", "config.reload_in_progress (u8) = 1",
                    "config.reload_status (i32) = 1", "config.totemconfig_reload_in_progress (u8) = 0",
                    "config.reload_in_progress (u8) = 0",
                ])
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "the ring stays")
        }

        @Test("A node is put on the list, started, taken off stopped and taken off running", arguments: Mixture.all)
        func nodes(_ mixture: Mixture) throws {
            try mixture.requireEngines()
            let lab = try Mixture(Array(mixture.engines.prefix(2))).ring(configuration(), machines: 3)
            defer { lab.close() }
            try lab.awaitToken(1000)
            for isStopped in [true, false] {
                try lab.configure(configuration())
                try reload(lab, on: 1)
                try lab.awaitToken(1650, on: [1, 2])
                try lab.node(3).start(mixture.engines[2])
                #expect(try lab.awaitRing(within: lab.startLimit).members == [1, 2, 3])
                try lab.awaitVotes(expected: 3, on: [1, 2, 3])

                var marks = lab.marks
                if isStopped {
                    try lab.node(3).stop()
                    try lab.awaitRing([1, 2], after: marks, within: lab.timings.afterDeath + margin)
                    marks = lab.marks
                }
                let limit = lab.timings.afterDeath + margin
                try lab.configure(configuration(), listed: 2)
                try reload(lab, on: 2)
                try lab.awaitToken(1000, on: [1, 2])
                if !isStopped { try lab.awaitRing([1, 2], after: marks, within: limit) }
                try lab.awaitVotes(expected: 2, on: [1, 2])
            }
        }

        @Test("Logging changes at once", arguments: Engine.allCases)
        func logging(_ engine: Engine) throws {
            let mixture = Mixture(engine, engine, engine)
            let lab = try mixture.ring(configuration())
            defer { lab.close() }
            var marks = lab.marks
            func debugLines(_ node: Node) -> Int {
                node.log.entries(after: marks[node.number - 1]).count { $0.level == "debug" }
            }
            #expect(lab.nodes.allSatisfy { debugLines($0) == 0 })
            var loud = configuration()
            loud.debug = true
            try lab.configure(loud)
            try reload(lab, on: 3)
            _ = try lab.node(1).run("corosync-cmapctl", "-s", "runtime.force_gather", "str", "yes")
            try lab.awaitRing(after: marks, within: lab.startLimit)
            try lab.wait(for: "debug lines on every node", within: margin) {
                lab.nodes.allSatisfy { debugLines($0) > 0 }
            }
            try lab.configure(configuration())
            try reload(lab, on: 1)
            for node in lab.nodes {
                try lab.wait(for: "the quiet setting in the map, and the reload's end", within: margin) {
                    try node.map(under: "logging.")["logging.debug"] == nil
                        && node.map(under: "config.")["config.reload_in_progress"] == "0"
                }
            }
            marks = lab.marks
            _ = try lab.node(1).run("corosync-cmapctl", "-s", "runtime.force_gather", "str", "yes")
            try lab.awaitRing(after: marks, within: lab.startLimit)
            #expect(lab.nodes.allSatisfy { debugLines($0) == 0 })
        }

        /// One node of each engine is given the same files: what cfgtool prints, its exit status, what is logged and what
        /// the map says afterwards are compared. After a refused file the map must be as before; Corosync's is not
        /// (spec: configuration.md 6.2).
        @Test("Accepted and refused like Corosync", arguments: ReloadCase.all)
        func verdicts(_ file: ReloadCase) throws {
            var configuration = self.configuration()
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["10.77.0.\($0)"]) }
            let labs = try [Mixture(.corosync), Mixture(.rondo)].rings(configuration)
            defer { labs.close() }
            let before = try agreed { try labs.map { try contents($0) } }
            #expect(before[0] == before[1])

            let marks = labs.map(\.marks)
            for lab in labs { try lab.node(1).configure(file.change(lab.configuration.text)) }
            let answers = try labs.map { try $0.node(1).run("corosync-cfgtool", "-R") }
            #expect(answers[1].output == answers[0].output)
            #expect(answers[1].errors == answers[0].errors)
            #expect(answers[1].status == answers[0].status)
            #expect(answers[1].status == .exited(file.status))

            let after = try agreed(file.status == 0 ? margin : .zero) { try labs.map { try contents($0) } }
            #expect(after[1] == (file.status == 0 ? after[0] : before[1]))
            var missing: [String] = []
            do {
                try labs[1].wait(for: "Corosync's lines in the log", within: margin) {
                    missing = lines(labs[0], marks[0]).filter { !lines(labs[1], marks[1]).contains($0) }
                    return missing.isEmpty
                }
            } catch {
                Issue.record("Corosync logged, and Rondo did not: \(missing)\n\(labs[1].report())")
            }

            // Whatever the file was, the next good one is taken.
            for lab in labs {
                try lab.node(1).configure(lab.configuration.text)
                try reload(lab, on: 1)
            }
            let last = try agreed { try labs.map { try contents($0) } }
            #expect(last[1] == last[0])
        }

        // MARK: -

        private func configuration(token: String = "1000") -> RingConfiguration {
            var configuration = RingConfiguration(totem: [("token", token)])
            configuration.quorum = true
            configuration.debug = false
            return configuration
        }

        private func reload(_ lab: Laboratory, on number: Int) throws {
            let result = try lab.node(number).run("corosync-cfgtool", "-R")
            #expect(result.output == Self.done)
            #expect(result.errors == "")
            #expect(result.status == .exited(0))
        }

        /// What the file and the timings derived from it put into the map, without what only Rondo keeps up to date.
        private func contents(_ lab: Laboratory) throws -> [MapEntry] {
            let prefixes = ["totem.", "nodelist.", "quorum.", "logging.", "system.", "runtime.config.totem."]
            return try lab.node(1).map().entries.filter { entry in
                prefixes.contains { entry.key.hasPrefix($0) } && !entry.key.contains(".knet_ping_")
                    && !entry.key.hasSuffix(".bindnetaddr")
            }
        }

        /// How lines begin that tell of a ring which a busy machine let stand still.
        private static let chances = [
            "Process pause detected", "Token has not been received", "A processor failed", "A processor joined",
            "A new membership", "Retransmit List", "Failed to receive", "Marking ringid",
        ]

        /// What was logged about the reload, each line once.
        private func lines(_ lab: Laboratory, _ marks: [Int]) -> [String] {
            lab.node(1).log.entries(after: marks[0]).filter { entry in
                ["CFG", "TOTEM"].contains(entry.subsystem) && ["error", "notice", "info"].contains(entry.level)
                    && !Self.chances.contains { entry.message.hasPrefix($0) }
            }.map { "\($0.level) \($0.subsystem) \($0.message)" }
        }
    }
}

/// A change of the file.
struct ReloadCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What corosync-cfgtool exits with.
    let status: Int32
    let change: @Sendable (String) -> String

    private init(_ name: String, _ status: Int32, _ change: @escaping @Sendable (String) -> String) {
        testDescription = name
        self.status = status
        self.change = change
    }

    private static func put(_ lines: String, into section: String) -> @Sendable (String) -> String {
        { $0.replacing("\(section) {\n", with: "\(section) {\n\(lines)\n", maxReplacements: 1) }
    }

    static let all: [ReloadCase] = [
        .init("the same file", 0) { $0 },
        .init("timings", 0) { $0.replacing("token: 1000", with: "token: 2000\n join: 60\n consensus: 5000") },
        .init("a timing left out", 0) { $0.replacing("    token: 1000\n", with: "") },
        .init("unknown keys and votes", 0) {
            put("unknown: 3", into: "totem")($0).replacing("nodeid: 2", with: "nodeid: 2\n quorum_votes: 2")
        },
        .init("logging", 0, put("logfile_priority: debug\ntimestamp: on", into: "logging")),
        .init("another cluster name", 0) { $0.replacing("laboratory", with: "elsewhere") },
        .init("another transport", 0) { $0.replacing("udpu", with: "knet") },
        .init("another version", 0) { $0.replacing("version: 2", with: "version: 3") },
        .init(
            "keys of totem that cannot change", 0,
            put("netmtu: 1400\nthreads: 2\nip_version: ipv4\nrrp_mode: active", into: "totem")),
        .init("another quorum provider", 0) { $0.replacing("corosync_votequorum", with: "corosync_ykd") },
        .init(
            "keys of system that cannot change", 0,
            put("sched_rr: no\nqb_ipc_type: shm\npriority: 3\nstate_dir: /tmp", into: "system")),
        .init("a node more", 0) {
            $0.replacing("nodelist {", with: "nodelist {\nnode {\nring0_addr: 10.77.0.4\nnodeid: 4\n}")
        },
        .init("a node's id", 0) { $0.replacing("nodeid: 3", with: "nodeid: 4") },
        .init("a node's address", 7) { $0.replacing("10.77.0.3", with: "10.77.0.33") },
        .init("a broken section", 7) { $0.replacing("\n}\n", with: "\n{\n") },
        .init("half a file", 7) { $0.split(separator: "\n").prefix(4).joined(separator: "\n") },
        .init("a line too long", 7) { $0 + String(repeating: " ", count: 600) + "\n" },
        .init("a number that is none", 7) { $0.replacing("token: 1000", with: "token: abc") },
        .init("a timing below its limit", 7) { $0.replacing("token: 1000", with: "token: 1000\n join: 5") },
        .init("a name nobody knows", 7) { $0.replacing("10.77.0.2", with: "no.such.host.invalid") },
    ]
}

extension Laboratory {
    /// Waits until the effective token timeout is this on the nodes.
    fileprivate func awaitToken(_ milliseconds: Int, on numbers: [Int]? = nil) throws {
        for number in numbers ?? nodes.filter(\.isRunning).map(\.number) {
            try wait(for: "token \(milliseconds) on node \(number)", within: margin) {
                try node(number).map(under: "runtime.config.totem.token")["runtime.config.totem.token"]
                    == "\(milliseconds)"
            }
        }
    }

    /// Waits until the nodes expect this many votes and have quorum.
    fileprivate func awaitVotes(expected: Int, on numbers: [Int]) throws {
        for number in numbers {
            try wait(for: "\(expected) expected votes on node \(number)", within: margin) {
                let lines = try node(number).run("corosync-quorumtool", "-s").lines
                return lines.contains { $0.hasPrefix("Expected votes:") && $0.hasSuffix(" \(expected)") }
                    && lines.contains { $0.hasPrefix("Quorate:") && $0.hasSuffix("Yes") }
            }
        }
    }
}
