import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

/// Members that Corosync keeps although they are gone (spec: services.md 13 items 10 to 13).
@Suite("No ghosts in process groups")
struct GhostTests {
    private static let ids = [NodeID(1), NodeID(2), NodeID(3)]

    /// Node 1 in a fresh round with nodes 2 and 3, all service lists in.
    private func inRound(_ sequence: UInt64, _ node: inout Node, _ members: [NodeID], _ transitional: [NodeID])
        -> RingID
    {
        let ring = RingID(representative: NodeID(1), sequence: sequence)
        node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: transitional))
        node.change(
            ConfigurationChange(
                kind: .regular, ringID: ring, members: members,
                joined: members.filter { !transitional.contains($0) }))
        for member in members {
            node.deliver(.synchronization, encoded(ServiceBuild(ringID: ring, services: [0, 2, 3, 5])), from: member)
        }
        return ring
    }

    private func encoded(_ build: ServiceBuild) -> [UInt8] {
        var writer = ByteWriter()
        build.encode(into: &writer)
        return writer.bytes
    }

    private func barriers(_ ring: RingID, _ node: inout Node, _ members: [NodeID]) {
        var writer = ByteWriter()
        Barrier(ringID: ring).encode(into: &writer)
        for member in members { node.deliver(.synchronization, writer.bytes, from: member) }
    }

    private func joinList(_ pids: [UInt32]) throws -> JoinList {
        let group = try #require(GroupName(ProcessGroupTests.alpha))
        return JoinList(entries: pids.map { .init(pid: $0, group: group) })
    }

    @Test("A list of a round that died in the barrier phase is forgotten")
    func abortedRound() throws {
        var node = try Node(1, of: [1, 2, 3])
        let first = inRound(5, &node, Self.ids, [])
        barriers(first, &node, Self.ids)
        node.deliver(try joinList([30]), from: 3)
        barriers(first, &node, [NodeID(1), NodeID(2)])
        let pair = [NodeID(1), NodeID(2)]
        let second = inRound(9, &node, pair, pair)
        for _ in 0..<4 { barriers(second, &node, pair) }
        #expect(node.engine.groupProcesses.isEmpty)
        #expect(!node.engine.isSynchronizing)
    }

    @Test("A process that ends between its announcement and the activation stays gone")
    func leaveAfterAnnouncement() throws {
        var node = try Node(1, of: [1, 2, 3])
        let ring = inRound(5, &node, Self.ids, [])
        barriers(ring, &node, Self.ids)
        node.deliver(try joinList([20, 21]), from: 2)
        let group = try #require(GroupName(ProcessGroupTests.alpha))
        node.deliver(ProcessLeave(ProcessChange(group: group, pid: 20, reason: .processDown)), from: 2)
        barriers(ring, &node, Self.ids)
        #expect(node.engine.groupProcesses.map(\.pid) == [21])
    }

    @Test("A list outside of any round is not remembered")
    func unasked() throws {
        var node = try Node(1, of: [1, 2, 3])
        node.deliver(try joinList([20]), from: 2)
        let ring = inRound(5, &node, Self.ids, [])
        for _ in 0..<4 { barriers(ring, &node, Self.ids) }
        #expect(node.engine.groupProcesses.isEmpty)
    }

    @Test("The end of a process during synchronisation does not overtake its join")
    func endDuringSynchronization() throws {
        var node = try Node(1, of: [1, 2, 3])
        let alone = [NodeID(1)]
        let ring = inRound(5, &node, alone, [])
        for _ in 0..<4 { barriers(ring, &node, alone) }
        try node.engine.joinGroup(ConnectionID(1), group: ProcessGroupTests.alpha, pid: 1, wantsRing: false)
        let second = inRound(9, &node, alone, alone)
        node.sent = []
        node.engine.clientClosed(ConnectionID(1), .processGroups)
        node.collect()
        #expect(node.sent.isEmpty)
        #expect(throws: ClientError.tryAgain) {
            try node.engine.joinGroup(ConnectionID(2), group: ProcessGroupTests.alpha, pid: 1, wantsRing: false)
        }
        for _ in 0..<4 { barriers(second, &node, alone) }
        let group = try #require(GroupName(ProcessGroupTests.alpha))
        let end = ProcessLeave(ProcessChange(group: group, pid: 1, reason: .processDown))
        #expect(node.sent.last?.bytes == end.encoded())
    }

    @Test("Nobody is told of the end of a process whose beginning was not told")
    func endWithoutBeginning() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        ProcessGroupTests.join(&cluster, 1, 10)
        ProcessGroupTests.join(&cluster, 2, 20)
        cluster.forget()
        let group = try #require(GroupName(ProcessGroupTests.alpha))
        cluster[1].deliver(ProcessLeave(ProcessChange(group: group, pid: 21, reason: .processDown)), from: 2)
        #expect(ProcessGroupTests.changes(cluster, 1, 10).isEmpty)
        cluster[1].deliver(ProcessLeave(ProcessChange(group: group, pid: 20, reason: .processDown)), from: 2)
        #expect(ProcessGroupTests.changes(cluster, 1, 10).count == 1)
    }

    @Test("Group names are bytes with a length: alpha and alpha-NUL change apart")
    func names() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        ProcessGroupTests.join(&cluster, 1, 10)
        ProcessGroupTests.join(&cluster, 1, 11, Array("alpha\0".utf8))
        ProcessGroupTests.join(&cluster, 2, 20)
        ProcessGroupTests.join(&cluster, 2, 21, Array("alpha\0".utf8))
        cluster.forget()
        cluster.form([1], [2])
        for (pid, gone) in [(10, 20), (11, 21)] as [(UInt32, UInt32)] {
            let lists = ProcessGroupTests.changes(cluster, 1, pid).compactMap { event -> [UInt32]? in
                guard case .change(let change) = event else { return nil }
                return change.left.map(\.pid)
            }
            #expect(lists == [[gone]])
        }
    }
}
