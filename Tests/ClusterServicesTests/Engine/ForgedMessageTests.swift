import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

/// A node knows what it has sent: messages in its own name that it has not are forged.
@Suite("Messages in the receiver's own name")
struct ForgedMessageTests {
    private func cluster() throws -> Cluster {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        cluster.forget()
        return cluster
    }

    private static let alpha = GroupName(Array("alpha".utf8))

    private static func forgeries() throws -> [(name: String, bytes: [UInt8])] {
        let group = try #require(alpha)
        let me = NodeID(1)
        return [
            ("shutdown", Shutdown().encoded()),
            ("kill", KillNode(nodeID: me, reason: [65]).encoded()),
            ("reload", ReloadConfiguration(source: MessageSource(nodeID: me, connection: 1)).encoded()),
            ("keys", CryptoReconfiguration(phase: 1).encoded()),
            ("votes", NodeInfo(nodeID: me, votes: 0, expectedVotes: 99, flags: []).encoded()),
            ("leaving", NodeInfo(nodeID: me, votes: 1, expectedVotes: 3, flags: .leaving).encoded()),
            ("device", NodeInfo(nodeID: .none, votes: 9, expectedVotes: 0, flags: []).encoded()),
            ("join", ProcessJoin(ProcessChange(group: group, pid: 99, reason: .join)).encoded()),
            ("leave", ProcessLeave(ProcessChange(group: group, pid: 10, reason: .leave)).encoded()),
            ("processes", JoinList(entries: [JoinList.Entry(pid: 99, group: group)]).encoded()),
            ("expected", Reconfigure(nodeID: me, value: 99, parameter: .expectedVotes).encoded()),
        ]
    }

    @Test("None of them has an effect; each is counted and named in the log", arguments: 0..<11)
    func forgeries(index: Int) throws {
        var cluster = try cluster()
        ProcessGroupTests.join(&cluster, 1, 10)
        cluster.forget()
        let forgery = try Self.forgeries()[index]
        var node = cluster[1]
        let votes = try node.engine.voteInfo(of: .none)
        let processes = node.engine.groupProcesses
        node.deliver(.services, forgery.bytes, from: node.id)
        let name = Comment(rawValue: forgery.name)
        #expect(node.events.isEmpty && node.sent.isEmpty && node.notifications.isEmpty, name)
        #expect(try node.engine.voteInfo(of: .none) == votes, name)
        #expect(node.engine.groupProcesses == processes, name)
        #expect(node.engine.counters.malformed == 1, name)
        let line = try #require(node.lines.last)
        #expect(line.text.hasPrefix("Ignored a forged ") && line.text.contains("this node has not sent it"), name)
        #expect(line.kind == .message(from: node.id))
    }

    @Test("A real one counts, once: its echo is forged")
    func real() throws {
        var cluster = try cluster()
        cluster.on(2) { $0.shutDown() }
        #expect(cluster[2].events == [.shutdownRequested(.administrator)])
        var node = cluster[2]
        node.deliver(Shutdown(), from: 2)
        #expect(node.events.count == 1 && node.engine.counters.malformed == 1)
        // In another's name it says only that the other leaves.
        node.deliver(Shutdown(), from: 1)
        #expect(node.events.count == 1 && node.engine.counters.malformed == 1)
    }

    @Test("A forged one before the real one does not take its place")
    func forgedFirst() throws {
        var node = try cluster()[1]
        node.deliver(Shutdown(), from: 1)
        #expect(node.events.isEmpty)
        node.engine.shutDown()
        node.collect()
        node.deliver(Shutdown(), from: 1)
        #expect(node.events == [.shutdownRequested(.administrator)])
    }

    @Test("What was sent before a change of the ring counts behind what the synchronisation sends")
    func overtaken() throws {
        var node = try cluster()[1]
        node.engine.shutDown()
        node.engine.killNode(NodeID(2), reason: [])
        node.collect()
        for sent in node.sent.reversed() { node.deliver(sent.group, sent.bytes, from: node.id) }
        #expect(node.events == [.shutdownRequested(.administrator)])
        #expect(node.engine.counters.malformed == 0)
    }

    @Test("A service list or a barrier that it has not sent does not count, and the real one does behind it")
    func synchronization() throws {
        var node = try cluster()[1]
        let (me, other) = (NodeID(1), NodeID(2))
        let ring = RingID(representative: me, sequence: 77)
        node.sent = []
        node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: [me]))
        node.change(ConfigurationChange(kind: .regular, ringID: ring, members: [me, other]))
        func round(_ message: (inout ServiceOutputs) -> Void) throws -> [UInt8] {
            var outputs = ServiceOutputs()
            message(&outputs)
            guard case .multicast(_, let bytes) = try #require(outputs.list.first) else { return [] }
            return bytes
        }
        let barrier = try round { $0.multicast(Barrier(ringID: ring)) }
        let list = try #require(node.sent.first { $0.group == .synchronization }).bytes
        let forgedList = try round { $0.multicast(ServiceBuild(ringID: ring, services: [0, 61])) }
        node.deliver(.synchronization, forgedList, from: me)
        #expect(node.engine.counters.malformed == 1 && node.engine.synchronizer.silent == [me, other])
        // Its own, and an echo of it.
        node.deliver(.synchronization, list, from: me)
        #expect(node.engine.counters.malformed == 1 && node.engine.synchronizer.silent == [other])
        node.deliver(.synchronization, list, from: me)
        #expect(node.engine.counters.malformed == 2)
        #expect(node.lines.last?.text.hasPrefix("Ignored a forged synchronization message") == true)
        // The lists are complete, and its barrier of the first service is on the way: that one counts, and no other.
        node.deliver(.synchronization, list, from: other)
        #expect(node.engine.synchronizer.phase == .barrier && node.engine.synchronizer.silent == [me, other])
        node.deliver(.synchronization, barrier, from: me)
        #expect(node.engine.synchronizer.silent == [other])
        node.deliver(.synchronization, barrier, from: me)
        #expect(node.engine.counters.malformed == 3 && node.engine.synchronizer.silent == [other])
    }

    @Test("What is left of a round that was broken off does not count in the next")
    func brokenOff() throws {
        var node = try cluster()[1]
        for sequence: UInt64 in 70...75 {
            let ring = RingID(representative: node.id, sequence: sequence)
            node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: [node.id]))
            node.change(ConfigurationChange(kind: .regular, ringID: ring, members: [node.id]))
        }
        let lists = node.sent.suffix(6)
        for sent in lists.dropLast() { node.deliver(sent.group, sent.bytes, from: node.id) }
        #expect(node.engine.counters.malformed == 0 && node.engine.synchronizer.phase == .build)
        for sent in lists.suffix(1) { node.deliver(sent.group, sent.bytes, from: node.id) }
        #expect(node.engine.synchronizer.phase == .barrier && node.engine.out.ownOfRound.isEmpty == false)
    }

    @Test("Nothing is kept of what has come back")
    func nothingKept() throws {
        var cluster = try cluster()
        cluster.on(1) { _ = $0.requestReload() }
        cluster.form([1, 2], [3])
        cluster.form([1, 2, 3])
        for node in [1, 2, 3] as [UInt32] {
            let out = cluster[node].engine.out
            #expect(out.own.isEmpty && out.ownOfRound.isEmpty)
        }
    }
}
