import ClusterLab
import Testing

extension Interoperability {
    /// Programs that may connect, and falsify the memory they share with the daemon while both are at work (spec: ipc.md 12):
    /// the node stays in its ring, serves others, and keeps nothing of them.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct MeddlingClientTests {
        enum Falsehood: String, CaseIterable, CustomTestStringConvertible {
            case words, data, lengths, holes, paths, sizes, bytes

            var testDescription: String {
                switch self {
                case .words: "any number in any word of the rings' headers"
                case .data: "any numbers among the messages"
                case .lengths: "files cut short"
                case .holes: "files with holes"
                case .paths: "paths of others' files in the headers"
                case .sizes: "sizes of requests that change while they are read"
                case .bytes: "a flood of bytes in the sockets"
                }
            }
        }

        private static let programs = 60
        /// A user whom the configuration lets in.
        private static let guest: UInt32 = 65534

        @Test("Memory falsified while it is in use", arguments: Falsehood.allCases)
        func falsehoods(_ falsehood: Falsehood) throws {
            let lab = try ring()
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            try node.run("mkdir", "/dev/shm/victim")
            try node.run("touch", "/dev/shm/victim/file")
            let before = try Left(node)
            let marks = lab.marks
            let start = ContinuousClock.now
            let client = try CommandedClient(node, program, as: Self.guest)
            let said = try client.tell(
                "hostile meddle \(falsehood.rawValue) \(Self.programs) 20", within: .seconds(60))
            #expect(said == ["meddled \(Self.programs)"])
            try client.die()

            let answer = try node.run("corosync-cmapctl", "-g", "totem.version")
            #expect(answer.succeeded, "\(answer.errors)\n\(lab.report())")
            #expect(try node.run("ls", "/dev/shm/victim").output == "file\n")
            var left = before
            do {
                try lab.wait(for: "the node to forget its clients", within: .seconds(10)) {
                    left = try Left(node)
                    return left == before
                }
            } catch {
                Issue.record("left over: \(left), was \(before)")
                throw error
            }
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            try lab.expectWorking(version: 7)
            let lines = node.log.entries(after: marks[0])
            // A few of a kind are told in a time that doubles.
            #expect(lines.count <= 100)
            let cut = lines.count { $0.message.contains("has broken its") }
            Summary.add(
                "meddlers \(falsehood.rawValue): \(Self.programs) programs in "
                    + "\((ContinuousClock.now - start).inSeconds) s, \(lines.count) lines, \(cut) of clients cut off")
        }

        @Test("No room for buffers: whoever comes is told so, whoever is there goes on")
        func fullMemory() throws {
            let lab = try ring()
            defer { lab.close() }
            let node = lab.node(1)
            let marks = lab.marks
            let guest = try node.launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "guest."])
            try guest.awaitOutput("to finish")
            let there = try node.run("ls", "/dev/shm").output
            // Room for one connection's buffers, not for two.
            try node.run("mount", "-o", "remount,size=6m", "/dev/shm")
            let refused = try node.run("corosync-cmapctl", "-g", "totem.version")
            #expect(refused.errors.contains("CS_ERR_NO_SPACE"), "\(refused)")
            try lab.wait(for: "the line that says why", within: .seconds(5)) {
                node.log.all.contains { $0.message.contains("cannot be made in /dev/shm") }
            }
            let left = try node.run("ls", "/dev/shm").output
            #expect(left == there, "nothing is left of the buffers that were begun")
            try node.run("mount", "-o", "remount,size=64m", "/dev/shm")
            #expect(try node.run("corosync-cmapctl", "-s", "guest.key", "u8", "1").succeeded)
            try guest.awaitOutput("guest.key (u8) = 1")
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
        }

        private func ring() throws -> Laboratory {
            var configuration = RingConfiguration.quick
            configuration.quorum = true
            configuration.debug = false
            configuration.extra = "uidgid {\n    uid: \(Self.guest)\n}\n"
            let lab = try Mixture.rondoAlone.ring(configuration)
            return lab
        }

        /// What clients leave behind on a node.
        private struct Left: Equatable {
            let descriptors: Int
            let folders: Int
            let connections: UInt64
            let mappings: Int

            init(_ node: Node) throws {
                let process = "/proc/\(node.daemonPid)"
                descriptors = try run(["ls", process + "/fd"]).lines.count
                folders = try node.run("ls", "/dev/shm").lines.count
                connections = try node.statistic("stats.ipcs.global.active")
                mappings =
                    try run(["grep", "-c", "/dev/shm/qb-", process + "/maps"]).lines.first.flatMap { Int($0) } ?? -1
            }
        }
    }
}
