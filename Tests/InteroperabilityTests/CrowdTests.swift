import ClusterLab
import Testing

extension Interoperability {
    /// Programs that share a node with others: that send faster than others read, that stop reading, that end in the middle
    /// of a call (docs/decisions/local-ipc.md).
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct CrowdTests {
        /// Every attack as often as docs/security.md says; a part of them otherwise.
        private static let isWhole = environmentVariable("RONDO_ATTACKS") == "1"

        // MARK: Back-pressure

        @Test(
            "A program that sleeps for a second and a half while all nodes send as fast as they can keeps its connection",
            .enabled(if: isWhole, "it loads the machine: run by 'make attacks'"))
        func sleeper() throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let marks = lab.marks
            let sleeper = try CommandedClient(lab.node(1), program)
            let senders = try (1...3).map { try CommandedClient(lab.node($0), program) }
            let sleep = try sleeper.begin("hostile pause 1000 1500 4000")
            let calls = try senders.map { try $0.begin("hostile press 5000 8000") }
            let slept = try sleeper.end(sleep)
            #expect(slept.first?.hasPrefix("paused: CS_OK") == true, "\(slept)")
            let pressed = try zip(senders, calls).map { try $0.end($1).first ?? "" }
            #expect(pressed.allSatisfy { $0.hasPrefix("pressed: CS_OK") }, "\(pressed)")
            let lines = lab.node(1).log.entries(after: marks[0])
            #expect(lines.contains { $0.message.contains("the ring is slowed down") })
            #expect(!lines.contains { $0.message.contains("does not read") })
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            Summary.add("sleeper: \(slept.first ?? ""); \(pressed.joined(separator: "; "))")
        }

        @Test(
            "A program that has stopped slows the ring for two seconds, not for as long as it is stopped",
            .enabled(if: isWhole, "it loads the machine: run by 'make attacks'"))
        func stopped() throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let marks = lab.marks
            let reader = try CommandedClient(lab.node(1), program)
            _ = try reader.begin("hostile pause 1000 30000 10")
            let sender = try CommandedClient(lab.node(2), program)
            let sending = try sender.begin("hostile press 12000 8000")
            // At the pace of a slowed ring that takes half a minute.
            try lab.wait(for: "the program to be cut off", within: .seconds(20)) {
                lab.node(1).log.entries(after: marks[0]).contains {
                    $0.message.contains("does not read its cpg messages")
                }
            }
            #expect(
                lab.node(1).log.entries(after: marks[0]).contains { $0.message.contains("the ring is slowed down") })
            let pressed = try sender.end(sending).first ?? ""
            #expect(pressed.hasPrefix("pressed: CS_OK"), "\(pressed)")
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            Summary.add("stopped program: \(pressed)")
        }

        @Test("Limits of section rondo.ipc are in force from the start, and after a reload")
        func limits() throws {
            let section = "rondo {\n    ipc {\n        client_limit: 4194304\n        hold_back: 1048576\n    }\n}\n"
            let lab = try ring(section)
            defer { lab.close() }
            let node = lab.node(1)
            let program = try ClientProgram.build(in: lab.folder)
            let first = try bytesAtCutOff(lab, program)
            #expect((4_194_305...(4_194_304 + (1 << 20))).contains(first), "\(first)")

            try node.configure(lab.configuration.text.replacing("4194304", with: "16777216"))
            let reload = try node.run("corosync-cfgtool", "-R")
            #expect(reload.succeeded, "\(reload.errors)")
            let bytes = try bytesAtCutOff(lab, program)
            #expect((16_777_217...(16_777_216 + (1 << 20))).contains(bytes), "\(bytes)")
        }

        /// What waits for a program when it is cut off that reads nothing of what other nodes send.
        private func bytesAtCutOff(_ lab: Laboratory, _ program: String) throws -> Int {
            let mark = lab.marks[0]
            let reader = try CommandedClient(lab.node(1), program)
            for call in ["initialize", "join crowd", "events 1"] { _ = try reader.tell("cpg 0 \(call)") }
            let sender = try CommandedClient(lab.node(2), program)
            let sending = try sender.begin("hostile press 8000 8000")
            var bytes = 0
            try lab.wait(for: "the program to be cut off", within: .seconds(20)) {
                let line = lab.node(1).log.entries(after: mark).first { $0.message.contains("does not read") }
                let words = line?.message.split(separator: " ") ?? []
                bytes = words.firstIndex(of: "bytes").flatMap { Int(words[$0 - 1]) } ?? 0
                return bytes > 0
            }
            _ = try sender.end(sending)
            try reader.die()
            return bytes
        }

        // MARK: Ends

        @Test("Programs frozen and killed at any point of their calls leave a node in its ring, and nothing behind")
        func brokenOff() throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let before = try Left(node)
            let marks = lab.marks
            let count = Self.isWhole ? 500 : 60
            let start = ContinuousClock.now
            let client = try CommandedClient(node, program)
            let said = try client.tell("hostile break \(count)", within: .seconds(Self.isWhole ? 300 : 60))
            #expect(said.last == "broke off \(count)", "\(said)")
            try client.die()
            #expect(try node.run("corosync-cmapctl", "-g", "totem.version").succeeded)
            let left = try awaitRest(lab, node, before)
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            let lost = try node.statistic("stats.srp.operational_token_lost")
            #expect(lost == 0)
            try lab.expectWorking(version: 7)
            let lines = node.log.entries(after: marks[0]).count
            #expect(lines <= 100)
            Summary.add(
                "programs broken off: \(count) in \((ContinuousClock.now - start).inSeconds) s, \(lines) lines, "
                    + "\((left.memory - before.memory) / 1024) KiB more memory")
        }

        @Test("Connections that come and go leave no file, descriptor, mapping or memory behind")
        func comingAndGoing() throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let client = try CommandedClient(node, program)
            // What the first ones leave is memory for the next.
            _ = try client.tell("hostile open_and_close 100 2", within: .seconds(60))
            let marks = lab.marks
            let before = try Left(node)
            let rounds = Self.isWhole ? 100 : 10
            let start = ContinuousClock.now
            let said = try client.tell("hostile open_and_close 100 \(rounds)", within: .seconds(300))
            #expect(said == ["opened and closed \(rounds * 100)"])
            let left = try awaitRest(lab, node, before)
            #expect(left.memory - before.memory < 3 << 20, "\(before.memory) bytes before, \(left.memory) after")
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            Summary.add(
                "connections: \(rounds * 100) in \((ContinuousClock.now - start).inSeconds) s, "
                    + "\((left.memory - before.memory) / 1024) KiB more memory")
        }

        // MARK: Requests

        @Test("A wake-up byte that is kept back delays its own program only")
        func lateByte() throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let marks = lab.marks
            let late = try CommandedClient(node, program)
            let asking = try late.begin("hostile late 3000")
            let other = try CommandedClient(node, program)
            for round in 0..<10 {
                let start = ContinuousClock.now
                #expect(try other.tell("cmap 0 initialize").last?.contains("CS_OK") == true, "round \(round)")
                #expect(try other.tell("cmap 0 get totem.version").last?.contains("CS_OK") == true)
                #expect(try other.tell("cmap 0 finalize").last?.contains("CS_OK") == true)
                #expect(ContinuousClock.now - start < .seconds(2), "others do not wait")
            }
            #expect(try late.end(asking) == ["late: CS_OK, 2, after its byte"])
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
        }

        @Test("Sockets by path, where the libraries are told to use them")
        func socketsByPath() throws {
            var configuration = RingConfiguration.quick
            configuration.quorum = true
            let lab = try Laboratory(nodes: 1)
            defer { lab.close() }
            try lab.configure(configuration)
            let node = lab.node(1)
            // Folders of this node alone: the file that tells, and where the sockets are made.
            for command in [
                "mkdir /run/lab/etc /run/lab/work /run/lab/corosync && mount --bind /etc/corosync /run/lab/corosync",
                "mount -t overlay -o lowerdir=/etc,upperdir=/run/lab/etc,workdir=/run/lab/work lab /etc",
                "mount --bind /run/lab/corosync /etc/corosync",
                "mkdir -p /etc/libqb && touch /etc/libqb/force-filesystem-sockets", "mount -t tmpfs lab /tmp",
            ] {
                let result = try node.run("sh", "-c", command)
                try #require(result.succeeded, "\(command): \(result.errors)")
            }
            try node.start(.rondo)
            try lab.awaitRing([1], within: .seconds(20))
            let sockets = try node.run("ls", "/tmp").output.split(separator: "\n")
            #expect(sockets == ["cfg", "cmap", "cpg", "quorum", "votequorum"])
            #expect(try node.run("corosync-cmapctl", "-g", "totem.version").output == "totem.version (u32) = 2\n")
            #expect(try node.run("corosync-quorumtool", "-s").output.contains("Quorate:          Yes"))
            try node.stop()
            #expect(try node.run("ls", "/tmp").output == "")
        }

        // MARK: -

        private func ring(_ extra: String = "") throws -> Laboratory {
            var configuration = RingConfiguration.quick
            configuration.quorum = true
            configuration.debug = false
            configuration.extra = extra
            return try Mixture.rondoAlone.ring(configuration)
        }

        /// Waits until nothing of the programs is left on the node but memory.
        private func awaitRest(_ lab: Laboratory, _ node: Node, _ before: Left) throws -> Left {
            var left = before
            do {
                try lab.wait(for: "the node to forget its programs", within: .seconds(10)) {
                    left = try Left(node)
                    return left.isEqual(to: before)
                }
            } catch {
                Issue.record("left over: \(left), was \(before)")
                throw error
            }
            return left
        }

        /// What programs leave behind on a node.
        private struct Left {
            let descriptors: Int
            let folders: Int
            let connections: UInt64
            let mappings: Int
            let memory: Int

            init(_ node: Node) throws {
                let process = "/proc/\(node.daemonPid)"
                descriptors = try run(["ls", process + "/fd"]).lines.count
                // A library that is killed before it has offered a file for messages leaves that itself.
                folders = try node.run("ls", "/dev/shm").lines.count { $0.hasPrefix("qb-") }
                connections = try node.statistic("stats.ipcs.global.active")
                mappings =
                    try run(["grep", "-c", "/dev/shm/", process + "/maps"]).lines.first.flatMap { Int($0) } ?? -1
                memory = try node.memory().own
            }

            func isEqual(to other: Left) -> Bool {
                descriptors == other.descriptors && folders == other.folders && connections == other.connections
                    && mappings == other.mappings
            }
        }
    }
}
