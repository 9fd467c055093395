import ClusterLab
import Testing

extension Interoperability {
    /// What a machine and its neighbours may do to a node: it stays, and so does its ring.
    @Suite struct HostileNeighbourTests {
        /// Three nodes in a ring.
        ///
        /// - Parameter descriptors: the limit of open files on node 1, which it cannot lift.
        private func ring(
            of engine: Engine = .rondo, quorum: Bool = false, descriptors: Int? = nil
        ) throws -> Laboratory {
            var configuration = RingConfiguration.quick
            configuration.quorum = quorum
            configuration.debug = false
            let lab = try Mixture(engine, engine, engine).laboratory(configuration)
            for node in lab.nodes { try node.start(engine, descriptors: node.number == 1 ? descriptors : nil) }
            try lab.awaitRing(within: lab.startLimit)
            return lab
        }

        // MARK: The machine

        @Test(
            "Disks full, read-only and slow, and no descriptors left: all of them follow when the ring changes",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
        func disks() throws {
            var configuration = RingConfiguration(totem: [("token", "1000")])
            configuration.debug = false
            let lab = try Mixture([Engine](repeating: .rondo, count: 5)).laboratory(configuration)
            defer { lab.close() }
            let state = "/var/lib/corosync"
            try lab.node(1).run("mount", "-t", "tmpfs", "-o", "size=8k", "full", state)
            let slow = try slowDisk(in: lab.folder)
            for node in lab.nodes {
                let environment = node.number == 3 ? ["LD_PRELOAD=\(slow)", "SLOW_DISK_MS=200"] : []
                try node.start(.rondo, environment: environment)
            }
            try lab.awaitRing(within: lab.startLimit)

            try lab.node(1).run("sh", "-c", "dd if=/dev/zero of=\(state)/fill bs=4k count=4 2>/dev/null; true")
            try lab.node(2).run("mount", "--bind", state, state)
            try lab.node(2).run("mount", "-o", "remount,bind,ro", state)
            let starved = lab.node(4).daemonPid
            let free = "n=0; while [ -e /proc/\(starved)/fd/$n ]; do n=$((n + 1)); done; "
            try run(["sh", "-c", free + "prlimit --pid \(starved) --nofile=$n:"])

            for round in 1...2 {
                let marks = lab.marks
                let moment = WallTime.now
                if round == 1 { try lab.node(5).killDaemon() } else { try lab.node(5).start(.rondo) }
                // Node 4 has no descriptor for anybody who asks.
                let view = try lab.awaitSettled(after: marks, within: lab.timings.afterDeath + lab.startLimit)
                let sequences = try lab.nodes.prefix(4).map { try storedSequence($0, state) }
                let last = view.split(separator: ".").last.map(String.init)
                for sequence in sequences { #expect(String(sequence, radix: 16) == last) }
                Summary.add(
                    "neighbours disks full, read-only, slow (200 ms a flush), no descriptors: "
                        + "a ring \(round == 1 ? "without" : "with") the fifth node "
                        + "\(moment.milliseconds(to: .now)) ms after its \(round == 1 ? "death" : "start")")
            }
            try run(["prlimit", "--pid", "\(starved)", "--nofile=1024:"])
            try lab.awaitRing(within: lab.startLimit)
            let ends = ["No space left on device (28)", nil, nil, "Too many open files (24)"]
            for (node, reason) in zip(lab.nodes, ends) where reason != nil {
                #expect(
                    node.log.all.contains {
                        $0.message.contains("was written over the old one") && $0.message.contains(reason ?? "")
                    })
            }
            #expect(lab.node(3).log.all.contains { $0.message.contains("give system.state_dir a faster disk") })
        }

        /// - Returns: the path of a library that makes flushes slow.
        private func slowDisk(in folder: String) throws -> String {
            let library = folder + "/slow-disk.so"
            let result = try run(
                ["cc", "-shared", "-fPIC", "-O1", "-o", library, "\(ClientProgram.folder)/slow-disk.c"],
                within: .seconds(60))
            try #require(result.succeeded, Comment(rawValue: result.errors))
            return library
        }

        private func storedSequence(_ node: Node, _ state: String) throws -> UInt64 {
            let words = try node.run("od", "-An", "-tu8", "\(state)/ringid_\(node.id)").output.split(separator: " ")
            return words.first.flatMap { UInt64($0.split(separator: "\n")[0]) } ?? 0
        }

        // MARK: Its users

        /// A user that nothing allows to connect.
        private static let stranger: UInt32 = 65534

        enum Disturbance: String, CaseIterable, CustomTestStringConvertible {
            case silence = "1100 silent connections"
            case buffers = "a buffer of 1 GiB asked for ten times"
            case requests = "3000 connections denied"
            case nonsense = "1000 times 64 KiB of nonsense"

            var testDescription: String { rawValue }
        }

        @Test(
            "Silent connections, huge buffers, and floods of requests and bytes of a user without access",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)),
            arguments: Disturbance.allCases)
        func strangers(_ disturbance: Disturbance) throws {
            let lab = try ring(descriptors: 1024)
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let stranger = try CommandedClient(node, program, as: Self.stranger)
            let before = try descriptors(node)
            try disturb(lab, disturbance.rawValue) {
                switch disturbance {
                case .silence:
                    #expect(
                        try stranger.tell("hostile silent cmap 1100", within: .seconds(60)) == ["silent 1100"])
                    // Whoever may connect still can, while they wait and when they have been sent away.
                    try serve(lab, node)
                    try lab.wait(for: "the silent to be sent away", within: .seconds(15)) {
                        try descriptors(node) <= before + 2
                    }
                case .buffers:
                    // Where memory cannot be locked there is nothing to try.
                    let unlocked = node.log.all.contains { $0.message.contains("not locking memory") }
                    #expect(try unlocked || node.memory().locked > 0)
                    let size = try node.memory().resident
                    #expect(
                        try stranger.tell("hostile ask cmap 10 1073741824", within: .seconds(60)) == ["denied 10"])
                    #expect(try node.memory().resident - size < 64 << 20)
                case .requests:
                    #expect(
                        try stranger.tell("hostile ask cpg 3000 8192", within: .seconds(60)) == ["denied 3000"])
                case .nonsense:
                    _ = try stranger.tell("hostile babble cfg 1000", within: .seconds(60))
                }
                try serve(lab, node)
            }
            if disturbance == .requests {
                try lab.wait(for: "the lines that were left out to be told", within: .seconds(10)) {
                    node.log.all.contains {
                        $0.message.contains(" more lines like this were left out in ")
                            && $0.message.contains("Denied connection attempt from 65534:65534")
                    }
                }
            }
            try lab.expectWorking(version: 7)
        }

        /// Does something to node 1 and says what it cost.
        private func disturb(_ lab: Laboratory, _ what: String, _ act: () throws -> Void) throws {
            let node = lab.node(1)
            let marks = lab.marks
            let start = ContinuousClock.now
            let worked = try node.processorTime()
            try act()
            let time = (ContinuousClock.now - start).inSeconds
            let share = Double(try node.processorTime() - worked) / 1e7 / time
            let written = node.log.entries(after: marks[0]).count
            let changes = lab.membershipChanges(after: marks)
            let tenths = Int(time * 10)
            Summary.add(
                "neighbours \(what): \(tenths / 10).\(tenths % 10) s, \(written) lines, "
                    + "\(Int(share)) % of a processor, ring changes \(changes)")
            // Two kinds of lines, ten each in a time that doubles.
            #expect(written <= 200, Comment(rawValue: what))
            #expect(changes == [0, 0, 0], Comment(rawValue: what))
        }

        private func serve(_ lab: Laboratory, _ node: Node) throws {
            let result = try node.run("corosync-cmapctl", "-g", "totem.version")
            #expect(result.succeeded, "root is served: \(result.errors)")
        }

        private func descriptors(_ node: Node) throws -> Int {
            try run(["ls", "/proc/\(node.daemonPid)/fd"]).output.split(separator: "\n").count
        }

        // MARK: Their network

        /// What Corosync makes of them is told for the comparison in docs/reliability.md.
        @Test(
            "Merge detects and messages of other rings in a member's name leave the ring as it is",
            arguments: [Engine.rondo, .corosync])
        func merges(engine: Engine) throws {
            let lab = try ring(of: engine)
            defer { lab.close() }
            let forger = try Forger(on: lab.node(2))
            let state = try lab.ringState()
            let forgeries = callsOfOtherRings(state, member: 2)
            let marks = lab.marks
            for _ in 1...200 {
                for forgery in forgeries {
                    for target in [1, 3] { try forger.send(forgery.bytes, to: lab.node(target)) }
                }
                try [lab].rest(.milliseconds(10))
            }
            let changes = lab.membershipChanges(after: marks)
            Summary.add(
                "neighbours 400 forged merge detects and messages of a member, \(engine): ring changes \(changes)")
            guard engine == .rondo else { return }
            #expect(changes == [0, 0, 0])
            try lab.expectWorking(version: 7)
        }

        @Test("Orders in the victim's own name do not make it go")
        func ownName() throws {
            let lab = try ring(quorum: true)
            defer { lab.close() }
            let forger = try Forger(on: lab.node(2))
            for round in 1...3 {
                let state = try lab.ringState()
                for forgery in ordersInTheirOwnName(state, victim: 1) {
                    try forger.send(forgery.bytes, to: lab.node(1))
                }
                try lab.expectWorking(version: UInt64(round), what: "round \(round)")
            }
            #expect(!lab.node(1).log.all.contains { $0.message.contains("Unloading all Corosync service engines") })
            let status = try lab.node(1).run("corosync-quorumtool", "-s").output
            #expect(status.contains("Total votes:      3") && status.contains("Expected votes:   3"), "\(status)")
        }
    }
}

extension Laboratory {
    /// Waits until all running nodes are in one new ring, by their logs alone.
    ///
    /// - Returns: the ring, as `R.S`.
    func awaitSettled(after marks: [Int], within limit: Duration) throws -> String {
        var found = ""
        let running = nodes.filter(\.isRunning)
        try wait(for: "a new ring of \(running.map(\.number))", within: limit) {
            let settled = running.map { node -> String? in
                guard let ring = node.log.settledMembership?.ring,
                    node.log.memberships(after: marks[node.number - 1]).contains(where: { $0.ring == ring })
                else { return nil }
                return ring
            }
            guard let first = settled[0], settled.allSatisfy({ $0 == first }) else { return false }
            found = first
            return true
        }
        return found
    }
}
