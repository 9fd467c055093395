import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Process groups")
struct ProcessGroupTests {
    static let alpha = Array("alpha".utf8)

    static func member(_ node: UInt32, _ pid: UInt32, _ reason: ChangeReason = .undefined) -> GroupMember {
        GroupMember(nodeID: NodeID(node), pid: pid, reason: reason)
    }

    /// Joins a process; its connection has the number of its pid.
    static func join(_ cluster: inout Cluster, _ node: UInt32, _ pid: UInt32, _ group: [UInt8] = alpha) {
        _ = cluster.attempt(node) { engine throws(ClientError) in
            try engine.joinGroup(ConnectionID(UInt64(pid)), group: group, pid: pid, wantsRing: false)
        }
    }

    /// Changes and rings that the process's connection was told of since `forget`.
    static func changes(_ cluster: Cluster, _ node: UInt32, _ pid: UInt32) -> [ProcessGroupEvent] {
        cluster.heard(node, ConnectionID(UInt64(pid))).compactMap { what in
            guard case .processGroup(let event) = what else { return nil }
            return event
        }
    }

    static func change(
        _ members: [GroupMember], left: [GroupMember] = [], joined: [GroupMember] = [], group: [UInt8] = alpha
    ) throws -> ProcessGroupEvent {
        let name = try #require(GroupName(group))
        return .change(GroupChange(group: name, members: members, left: left, joined: joined))
    }

    private func joined(_ nodes: [UInt32]) throws -> Cluster {
        var cluster = try Cluster(nodes)
        cluster.form(nodes)
        return cluster
    }

    @Test("The first event of a member is its own join; the ring follows on request")
    func joins() throws {
        var cluster = try joined([1, 2])
        cluster.forget()
        _ = cluster.attempt(1) { engine throws(ClientError) in
            try engine.joinGroup(ConnectionID(10), group: Self.alpha, pid: 10, wantsRing: true)
        }
        Self.join(&cluster, 2, 20)
        let ring = cluster.ring.rings[cluster.ring.stations[0].ring]
        #expect(
            try Self.changes(cluster, 1, 10) == [
                Self.change([Self.member(1, 10)], joined: [Self.member(1, 10, .join)]),
                .ring(ring.id, members: ring.members),
                Self.change([Self.member(1, 10), Self.member(2, 20)], joined: [Self.member(2, 20, .join)]),
            ])
        #expect(try cluster[2].engine.members(ofGroup: Self.alpha).count == 2)
        #expect(try cluster[2].engine.members(ofGroup: []).isEmpty)
    }

    @Test("Messages reach all members, the sender too, and nobody else")
    func messages() throws {
        var cluster = try joined([1, 2, 3])
        Self.join(&cluster, 1, 10)
        Self.join(&cluster, 2, 20)
        Self.join(&cluster, 3, 30, Array("alpha\0".utf8))
        cluster.forget()
        _ = cluster.attempt(1) { engine throws(ClientError) in
            try engine.multicastToGroup(ConnectionID(10), payload: Array("hello".utf8).span)
        }
        let name = try #require(GroupName(Self.alpha))
        let message = ProcessGroupEvent.message(
            group: name, nodeID: NodeID(1), pid: 10, payload: Array("hello".utf8))
        #expect(Self.changes(cluster, 1, 10) == [message])
        #expect(Self.changes(cluster, 2, 20) == [message])
        #expect(Self.changes(cluster, 3, 30).isEmpty)
    }

    @Test("A message of a node without a member in the group is delivered to nobody, and said once")
    func closed() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 1, 10)
        cluster.forget()
        var node = cluster[1]
        let name = try #require(GroupName(Self.alpha))
        let message = GroupMulticast(
            group: name, pid: 1, source: MessageSource(nodeID: NodeID(2), connection: 0), payload: [1])
        node.deliver(message, from: 2)
        node.deliver(message, from: 2)
        #expect(node.notifications.isEmpty)
        #expect(
            node.texts(.processGroups).filter { $0.hasPrefix("Unknown node -> we will not deliver message") }.count == 1
        )
    }

    @Test("Leaving is seen by the leaver, and the connection can join again")
    func leaves() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 1, 10)
        Self.join(&cluster, 2, 20)
        cluster.forget()
        func leave(_ client: UInt64) -> ClientError? {
            cluster.attempt(1) { engine throws(ClientError) in try engine.leaveGroup(ConnectionID(client)) }
        }
        #expect(leave(99) == .notExist)
        #expect(leave(10) == nil)
        let event = try Self.change([Self.member(2, 20)], left: [Self.member(1, 10, .leave)])
        #expect(Self.changes(cluster, 1, 10) == [event])
        #expect(Self.changes(cluster, 2, 20) == [event])
        #expect(leave(10) == .notExist)
        let again = cluster.attempt(1) { engine throws(ClientError) in
            try engine.joinGroup(ConnectionID(10), group: [66], pid: 10, wantsRing: false)
        }
        #expect(again == nil)
        #expect(try cluster[2].engine.members(ofGroup: [66]).count == 1)
    }

    @Test("Joins that cannot be are refused by Corosync's numbers")
    func refusals() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 1, 10)
        func join(_ client: UInt64, pid: UInt32, _ group: [UInt8]) -> ClientError? {
            cluster.attempt(1) { engine throws(ClientError) in
                try engine.joinGroup(ConnectionID(client), group: group, pid: pid, wantsRing: false)
            }
        }
        #expect(join(11, pid: 10, Self.alpha) == .exist, "the same process and group")
        #expect(join(10, pid: 10, [66]) == .exist, "one group a connection")
        #expect(join(11, pid: 10, [66]) == nil, "the same process in another group")
        #expect(join(12, pid: 12, Array(repeating: 120, count: 129)) == .nameTooLong)
        #expect(join(12, pid: 12, Array(repeating: 120, count: 128)) == nil)
        let unsent = cluster.attempt(1) { engine throws(ClientError) in
            try engine.multicastToGroup(ConnectionID(77), payload: Span())
        }
        #expect(unsent == .notExist)
    }

    @Test("A process that ends without leaving is reported as down, once")
    func ends() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 1, 10)
        Self.join(&cluster, 2, 20)
        cluster.forget()
        cluster.on(1) { $0.clientClosed(ConnectionID(10), .processGroups) }
        #expect(
            try Self.changes(cluster, 2, 20) == [
                Self.change([Self.member(2, 20)], left: [Self.member(1, 10, .processDown)])
            ])
    }

    @Test("A partition and its end, as in the capture of real nodes")
    func partition() throws {
        var cluster = try joined([1, 2, 3, 4])
        Self.join(&cluster, 1, 26311)
        Self.join(&cluster, 2, 26312)
        Self.join(&cluster, 3, 26313)
        Self.join(&cluster, 3, 26314)
        cluster.forget()
        cluster.form([1, 2], [3, 4])
        let first = Self.changes(cluster, 1, 26311)
        #expect(
            try first.first
                == Self.change(
                    [Self.member(1, 26311), Self.member(2, 26312)],
                    left: [Self.member(3, 26313, .nodeDown), Self.member(3, 26314, .nodeDown)]))
        guard case .ring(_, let members) = first.last else { Issue.record("no ring"); return }
        #expect(first.count == 2 && members == [NodeID(1), NodeID(2)])
        cluster.on(3) { $0.clientClosed(ConnectionID(26314), .processGroups) }
        Self.join(&cluster, 4, 26339)
        cluster.forget()
        cluster.form([1, 2, 3, 4])
        // Last received first; which that is depends on the order on the ring.
        let merged = Self.changes(cluster, 1, 26311)
        guard case .change(let change) = merged.first else { Issue.record("no change"); return }
        #expect(
            change.members == [
                Self.member(1, 26311), Self.member(2, 26312), Self.member(3, 26313), Self.member(4, 26339),
            ])
        #expect(Set(change.joined) == [Self.member(3, 26313, .nodeUp), Self.member(4, 26339, .nodeUp)])
        #expect(change.left.isEmpty && merged.count == 2)
    }

    @Test("A node that restarts before anybody noticed loses its processes everywhere")
    func quickRestart() throws {
        var cluster = try joined([1, 2, 3])
        Self.join(&cluster, 1, 10)
        Self.join(&cluster, 3, 30)
        cluster.forget()
        cluster.crash(3)
        try cluster.start(3)
        cluster.form([1, 2, 3])
        #expect(
            try Self.changes(cluster, 1, 10).first
                == Self.change([Self.member(1, 10)], left: [Self.member(3, 30, .nodeDown)]))
        #expect(try cluster[3].engine.members(ofGroup: Self.alpha) == [Self.member(1, 10)])
        let sent = try cluster.sent(1)
        #expect(sent.contains(.downList(DownList(oldMembers: 3, left: [NodeID(3)]))))
        #expect(cluster[1].texts(.quorum).contains("Sync joined[1]: 3"))
        #expect(cluster[1].texts(.quorum).contains("Sync left[1]: 3"))
    }

    @Test("More processes than client libraries can take come in several events")
    func manyProcesses() throws {
        var cluster = try joined([1, 2])
        for pid in 1000..<1300 as Range<UInt32> { Self.join(&cluster, 2, pid) }
        Self.join(&cluster, 1, 10)
        cluster.forget()
        cluster.form([1], [2])
        let lists = Self.changes(cluster, 1, 10).compactMap { event -> GroupChange? in
            guard case .change(let change) = event else { return nil }
            return change
        }
        #expect(lists.map(\.left.count) == [128, 128, 44])
        #expect(lists.allSatisfy { $0.members == [Self.member(1, 10)] })
        cluster.forget()
        cluster.form([1, 2])
        let gained = Self.changes(cluster, 1, 10).compactMap { event -> Int? in
            guard case .change(let change) = event else { return nil }
            #expect(change.members.count == 128)
            return change.joined.count
        }
        #expect(gained == [128, 128, 44])
    }

    @Test("A long message is interrupted when the group changes between its pieces")
    func fragments() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 1, 10)
        cluster.forget()
        func send(_ position: FragmentPosition, _ count: Int) -> ClientError? {
            cluster.attempt(1) { engine throws(ClientError) in
                try engine.multicastFragmentToGroup(
                    ConnectionID(10), messageLength: 300, position: position,
                    payload: Array(repeating: 66, count: count))
            }
        }
        #expect(send(.first, 200) == nil)
        #expect(send(.last, 100) == nil)
        #expect(send(.first, 301) == .invalidParameter)
        let name = try #require(GroupName(Self.alpha))
        #expect(
            Self.changes(cluster, 1, 10).first
                == .fragment(
                    group: name, nodeID: NodeID(1), pid: 10, messageLength: 300, position: .first,
                    payload: Array(repeating: 66, count: 200)))
        #expect(send(.first, 200) == nil)
        Self.join(&cluster, 2, 20)
        #expect(send(.last, 100) == .interrupted)
    }

    /// No order is promised, but corosync-cpgtool shows it.
    @Test("Iterations go through groups and processes in Corosync's order")
    func iterationOrder() throws {
        var cluster = try joined([1, 2, 3])
        let members: [(UInt32, UInt32, UInt8)] = [
            (1, 10, 109), (2, 20, 109), (3, 30, 109), (1, 11, 122), (2, 21, 97), (3, 31, 98), (1, 12, 109),
            (2, 22, 122), (3, 32, 121),
        ]
        for (node, pid, name) in members { Self.join(&cluster, node, pid, [name]) }
        for node in [1, 2, 3] as [UInt32] {
            var engine = cluster[node].engine
            let handle = engine.beginGroupIteration(ConnectionID(UInt64(node) * 10), .all)
            var shown: [UInt32] = []
            while let process = try engine.nextOfGroupIteration(ConnectionID(UInt64(node) * 10), handle) {
                shown.append(process.pid)
            }
            #expect(shown == [32, 31, 21, 11, 22, 10, 30, 20, 12])
        }
    }

    @Test("Iterations show a snapshot and belong to their client")
    func iterations() throws {
        var cluster = try joined([1, 2])
        Self.join(&cluster, 2, 21, [66])
        Self.join(&cluster, 1, 10)
        Self.join(&cluster, 2, 20)
        var engine = cluster[1].engine
        func all(_ kind: GroupIteration) throws -> [UInt32] {
            let handle = engine.beginGroupIteration(ConnectionID(10), kind)
            var pids: [UInt32] = []
            while let process = try engine.nextOfGroupIteration(ConnectionID(10), handle) { pids.append(process.pid) }
            try engine.endGroupIteration(ConnectionID(10), handle)
            return pids
        }
        #expect(try all(.all) == [21, 10, 20])
        #expect(try all(.names) == [0, 0])
        #expect(try all(.oneGroup(try #require(GroupName(Self.alpha)))) == [10, 20])
        let handle = engine.beginGroupIteration(ConnectionID(10), .all)
        #expect(throws: ClientError.library) { try engine.nextOfGroupIteration(ConnectionID(11), handle) }
    }
}
