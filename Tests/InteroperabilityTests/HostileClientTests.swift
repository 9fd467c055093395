import ClusterLab
import Testing

extension Interoperability {
    /// Programs on one node that misbehave: that node's daemon and the ring go on as if they were not there
    /// (spec: ipc.md 2.7, 12).
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct HostileClientTests {
        @Test("Hundreds of connections, vanishing clients and one that never reads do not disturb the ring")
        func disturbances() throws {
            let mixture = Mixture.rondoAlone
            var configuration = RingConfiguration.quick
            configuration.quorum = true
            // Every client's arrival is a debug line: hundreds would fill the reports.
            configuration.debug = false
            let lab = try mixture.ring(configuration)
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let marks = lab.marks
            let node = lab.node(1)
            let idle = try Trace(node)

            let many = try CommandedClient(node, program)
            #expect(try many.tell("hostile open_and_close 120 6") == ["opened and closed 720"])
            // As many again that end without a word.
            #expect(try many.tell("hostile open 120") == ["opened 120"])
            try many.die()
            try awaitRest(lab, node, idle)

            let vanishing = try CommandedClient(node, program)
            _ = try vanishing.tell("hostile vanish 200")
            try awaitRest(lab, node, idle)
            let groups = try node.run("corosync-cpgtool", "-n")
            #expect(groups.succeeded && groups.output == "", "no member is left")

            let reader = try CommandedClient(node, program)
            _ = try reader.tell("cpg 0 initialize")
            _ = try reader.tell("cpg 0 join flood")
            _ = try reader.tell("cpg 0 events 1")
            let before = try node.memory().own
            let sender = try CommandedClient(lab.node(2), program)
            #expect(
                try sender.tell("hostile flood 120 1000000", within: .seconds(60))
                    == ["flood: CS_OK, 120000000 bytes came"])
            // 64 MiB may wait for it; it has been cut off by now, and the memory is free again or at hand.
            #expect(try node.memory().own - before < 100 << 20)
            #expect(node.log.all.contains { $0.message.contains("does not read its cpg messages") })
            #expect(try reader.tell("cpg 0 local_get").last?.contains("CS_ERR_LIBRARY") == true)
            _ = try reader.tell("cpg 0 finalize")
            try awaitRest(lab, node, idle)
            // Nobody else noticed.
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
        }

        @Test("A program that reads nothing of what it sends is told to try again, until it has read")
        func unreadOwnMessages() throws {
            let lab = try Mixture(.rondo).ring(.quorate)
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let client = try CommandedClient(node, program)
            for call in ["initialize", "join talk", "events 1"] { _ = try client.tell("cpg 0 \(call)") }
            // The program tries for a while by itself.
            func isTaken() throws -> Bool { try client.tell("cpg 0 mcast 1000000").last?.contains("CS_OK") == true }
            var taken = 0
            while taken < 40, try isTaken() { taken += 1 }
            // What its buffer and 8 MiB hold, and what was on its way.
            #expect((9...16).contains(taken), "\(taken)")
            let came = try client.tell("cpg 0 events \(taken)")
            #expect(came.count { $0.contains("1000000 bytes") } == taken)
            #expect(try isTaken())
            #expect(!node.log.all.contains { $0.message.contains("does not read") })
        }

        /// Waits until nothing of the clients is left on the node.
        private func awaitRest(_ lab: Laboratory, _ node: Node, _ idle: Trace) throws {
            var last = idle
            do {
                try lab.wait(for: "the node to forget its clients", within: .seconds(10)) {
                    last = try Trace(node)
                    return last == idle
                }
            } catch {
                Issue.record("left over: \(last), was \(idle)")
                throw error
            }
        }

        /// What clients leave behind on a node.
        private struct Trace: Equatable {
            let descriptors: Int
            let sharedFolders: Int
            let connections: UInt64

            init(_ node: Node) throws {
                descriptors = try run(["ls", "/proc/\(node.daemonPid)/fd"]).lines.count
                sharedFolders = try node.run("ls", "/dev/shm").lines.count
                connections = try node.statistic("stats.ipcs.global.active")
            }
        }
    }
}
