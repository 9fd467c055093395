import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

@Suite("Votes and quorum")
struct VoteQuorumTests {
    @Test("A cluster of one is quorate while the service loads")
    func alone() throws {
        let node = try Node(1, of: [1])
        #expect(node.engine.isQuorate)
        #expect(
            node.texts(.quorum) == [
                "Using quorum provider corosync_votequorum",
                "This node is within the primary component and will provide service.", "Members[0]:",
            ])
        guard case .nodeInfo(let info) = try AnyMessage(node.sent[0].bytes) else { Issue.record("no votes"); return }
        #expect(info.flags.rawValue == 9)
    }

    @Test("Three nodes: two are enough, one is not")
    func majority() throws {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1], [2], [3])
        #expect(![1, 2, 3].contains(where: cluster.quorate))
        cluster.form([1, 2])
        #expect(cluster.quorate(1) && cluster.quorate(2) && !cluster.quorate(3))
        cluster.form([1, 2, 3])
        cluster.forget()
        cluster.form([1], [2, 3])
        #expect(!cluster.quorate(1) && cluster.quorate(2) && cluster.quorate(3))
        // What it sends in the round is the state of the old ring.
        #expect(try cluster.sentFlags(1) == [1])
        #expect(
            cluster[1].texts(.quorum) == [
                "Sync members[1]: 1", "Sync left[2]: 2 3",
                "This node is within the non-primary component and will NOT provide any services.", "Members[1]: 1",
            ])
        #expect(cluster[1].map["runtime.votequorum.lowest_node_id"] == .u32(1))
        #expect(cluster[1].map["runtime.votequorum.highest_node_id"] == .u32(3))
    }

    @Test("two_node: one of two goes on, but a restarted one waits for its partner")
    func twoNode() throws {
        var cluster = try Cluster([1, 2]) { $0.quorum.twoNode = true }
        cluster.form([1], [2])
        #expect(!cluster.quorate(1))
        #expect(try cluster.sentFlags(1).first == 12)
        #expect(
            cluster[1].texts(.voteQuorum).contains(
                "Waiting for all cluster members. Current votes: 1 expected_votes: 2"))
        #expect(cluster[1].map["runtime.votequorum.wait_for_all_status"] == .u8(1))
        cluster.form([1, 2])
        #expect(cluster.quorate(1) && cluster.quorate(2))
        #expect(cluster[1].map["runtime.votequorum.wait_for_all_status"] == .u8(0))
        cluster.crash(2)
        cluster.form([1])
        #expect(cluster.quorate(1))
        try cluster.start(2)
        cluster.form([2])
        #expect(!cluster.quorate(2))
        cluster.form([1, 2])
        #expect(cluster.quorate(2), "a quorate partner ends the waiting")
    }

    @Test("quorum.cancel_wait_for_all makes a waiting node quorate, in Corosync's order of messages")
    func cancelWaitForAll() throws {
        var cluster = try Cluster([1, 2]) { $0.quorum.twoNode = true }
        cluster.form([2])
        cluster.forget()
        var map = Self.map(nodes: [1: 1, 2: 1])
        try map.set("quorum.two_node", .u8(1))
        cluster.on(2) { $0.mapChanged("quorum.cancel_wait_for_all", to: .u8(1), in: map) }
        #expect(
            try cluster.sent(2) == [
                .nodeInfo(NodeInfo(nodeID: NodeID(2), votes: 1, expectedVotes: 2, flags: .init(rawValue: 12))),
                .nodeInfo(NodeInfo(nodeID: .none, votes: 0, expectedVotes: 0, flags: [])),
                .reconfigure(Reconfigure(nodeID: NodeID(2), value: 0, parameter: .cancelWaitForAll)),
            ])
        #expect(cluster[2].map["quorum.cancel_wait_for_all"] == .u8(0))
        #expect(cluster[2].texts(.voteQuorum).contains("wait_for_all_status reset by user on node 2."))
        #expect(cluster.quorate(2))
    }

    @Test("wait_for_all is armed again when quorum is lost")
    func waitForAllAgain() throws {
        var cluster = try Cluster([1, 2, 3]) { $0.quorum.waitForAll = true }
        cluster.form([1, 2])
        #expect(!cluster.quorate(1), "two of three have quorum, but not all were seen")
        cluster.form([1, 2, 3])
        #expect(cluster.quorate(1))
        cluster.form([1], [2, 3])
        #expect(cluster.quorate(2) && !cluster.quorate(1))
        cluster.forget()
        cluster.form([1])
        #expect(try cluster.sentFlags(1) == [4])
    }

    @Test("auto_tie_breaker: of two halves the one with the lowest node goes on")
    func tieBreaker() throws {
        var cluster = try Cluster([1, 2, 3, 4]) { $0.quorum.autoTieBreaker = true }
        cluster.form([1, 2, 3, 4])
        cluster.form([1, 2], [3, 4])
        #expect(cluster.quorate(1) && cluster.quorate(2) && !cluster.quorate(3) && !cluster.quorate(4))
        #expect(cluster[1].map["runtime.votequorum.atb_type"] == .u32(1))
    }

    @Test("auto_tie_breaker_node: the first present node of the list decides")
    func tieBreakerList() throws {
        var cluster = try Cluster([1, 2, 3, 4]) {
            $0.quorum.autoTieBreaker = true
            $0.quorum.autoTieBreakerNode = "4 2"
        }
        cluster.form([1, 2, 3, 4])
        cluster.form([1, 2], [3, 4])
        #expect(!cluster.quorate(1) && cluster.quorate(3) && cluster.quorate(4))
        #expect(cluster[1].map["runtime.votequorum.atb_type"] == .u32(3))
    }

    @Test("last_man_standing lowers the expected votes after its window")
    func lastManStanding() throws {
        var cluster = try Cluster([1, 2, 3, 4]) { $0.quorum.lastManStanding = true }
        cluster.form([1, 2, 3, 4])
        cluster.form([1, 2, 3])
        #expect(try cluster[1].engine.voteInfo(of: .none).expectedVotes == 4)
        cluster.advance(milliseconds: 9_999)
        #expect(try cluster[1].engine.voteInfo(of: .none).expectedVotes == 4)
        cluster.advance(milliseconds: 1)
        for node in [1, 2, 3] as [UInt32] {
            let info = try cluster[node].engine.voteInfo(of: .none)
            #expect(info.expectedVotes == 3 && info.quorum == 2)
        }
        cluster.form([1, 2])
        #expect(cluster.quorate(1))
    }

    @Test("A window that ends in the middle of a round waits for the round's end")
    func windowInRound() throws {
        var cluster = try Cluster([1, 2, 3, 4]) { $0.quorum.lastManStanding = true }
        cluster.form([1, 2, 3, 4])
        cluster.form([1, 2, 3])
        cluster.ring.form([[1]])
        cluster.ring.advance(milliseconds: 10_000)
        #expect(cluster[1].engine.isSynchronizing)
        cluster.ring.settle()
        cluster.advance(milliseconds: 0)
        #expect(!cluster.quorate(1), "one of four is not the last man standing")
        #expect(try cluster[1].engine.voteInfo(of: .none).expectedVotes == 4)
    }

    @Test("Quorum is not lost in the middle of a round because some votes have not come yet")
    func incompleteCount() throws {
        var cluster = try Cluster([1, 2, 3, 4]) { $0.quorum.waitForAll = true }
        cluster.form([1, 2, 3, 4])
        cluster.form([1, 2, 4], [3])
        // Node 3 comes back while node 4 goes: until node 3 tells its vote, nodes 1 and 2 have two of four.
        var node = cluster[1]
        let ring = RingID(representative: NodeID(1), sequence: 1000)
        let members = [NodeID(1), NodeID(2), NodeID(3)]
        node.change(
            ConfigurationChange(kind: .transitional, ringID: ring, members: [NodeID(1), NodeID(2)]))
        node.change(ConfigurationChange(kind: .regular, ringID: ring, members: members, joined: [NodeID(3)]))
        for (sender, flags) in [(1, 1), (2, 1), (3, 12)] as [(UInt32, UInt32)] {
            let flags = NodeInfo.Flags(rawValue: flags)
            node.deliver(NodeInfo(nodeID: NodeID(sender), votes: 1, expectedVotes: 4, flags: flags), from: sender)
            #expect(node.engine.voteQuorum?.isQuorate == true)
        }
    }

    @Test("allow_downscale: a cleanly leaving node lowers the quorum before it goes")
    func downscale() throws {
        var cluster = try Cluster([1, 2, 3]) {
            $0.quorum.allowDownscale = true
            $0.quorum.expectedVotes = 3
        }
        cluster.form([1, 2, 3])
        cluster.forget()
        let now = cluster[3].now
        cluster.on(3) { $0.unload(now) }
        #expect(try cluster.sentFlags(3) == [3])
        #expect(cluster[3].events.last == .allUnloaded)
        #expect(try cluster[1].engine.voteInfo(of: NodeID(3)).state == .leaving)
        #expect(try cluster[1].engine.voteInfo(of: .none).expectedVotes == 2)
    }

    @Test("setexpected and setvotes are checked like Corosync's and reach all nodes")
    func administration() throws {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in try engine.setExpectedVotes(0) } == .invalidParameter)
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in try engine.setExpectedVotes(6) } == .invalidParameter)
        #expect(cluster.attempt(1) { engine throws(ClientError) in try engine.setExpectedVotes(5) } == nil)
        #expect(try cluster[3].engine.voteInfo(of: .none).quorum == 3)
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in try engine.setVotes(2, of: NodeID(9)) }
                == .nameNotFound)
        #expect(cluster.attempt(1) { engine throws(ClientError) in try engine.setVotes(2, of: NodeID(2)) } == nil)
        for node in [1, 2, 3] as [UInt32] { #expect(try cluster[node].engine.voteInfo(of: NodeID(2)).votes == 2) }
        #expect(throws: ClientError.notExist) { try cluster[1].engine.voteInfo(of: NodeID(9)) }
    }

    @Test("setvotes of node 0 gives votes to the quorum device, on all nodes")
    func deviceVotes() throws {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        #expect(cluster.attempt(1) { engine throws(ClientError) in try engine.setVotes(1, of: .none) } == nil)
        for node in [1, 2, 3] as [UInt32] {
            let info = try cluster[node].engine.voteInfo(of: .none)
            #expect((info.votes, info.deviceVotes, info.expectedVotes) == (1, 1, 4))
        }
    }

    @Test("Trackers hear of nodes, decisions and expected votes, each with its own context")
    func trackers() throws {
        var cluster = try Cluster([1, 2, 3])
        let client = ConnectionID(7)
        cluster.form([1])
        cluster.forget()
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in
                try engine.trackVotes(client, context: 42, .changes)
            } == nil)
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in
                try engine.trackVotes(client, context: 43, .changesOnly)
            } == .exist)
        cluster.form([1, 2, 3])
        let ring = cluster.ring.rings[cluster.ring.stations[0].ring].id
        let ids = [NodeID(1), NodeID(2), NodeID(3)]
        let nodes = ids.map { VoteQuorumNode(nodeID: $0, state: .member) }
        #expect(
            Array(cluster.heard(1, client).suffix(2)) == [
                .voteQuorum(.nodeList(context: 42, ringID: ring, members: ids)),
                .voteQuorum(.quorum(context: 42, isQuorate: true, nodes: nodes)),
            ])
        _ = cluster.attempt(2) { engine throws(ClientError) in try engine.setExpectedVotes(4) }
        #expect(
            cluster.heard(1, client).contains(.voteQuorum(.expectedVotes(context: 42, expectedVotes: 4))))
        #expect(cluster.attempt(1) { engine throws(ClientError) in try engine.stopTrackingVotes(client) } == nil)
        #expect(cluster.attempt(1) { engine throws(ClientError) in try engine.stopTrackingVotes(client) } == .notExist)
    }

    @Test("A node cannot speak for another, nor for a device before itself")
    func impostors() throws {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2])
        var node = cluster[1]
        node.deliver(NodeInfo(nodeID: NodeID(1), votes: 100, expectedVotes: 3, flags: .quorate), from: 2)
        #expect(node.engine.counters.malformed == 1)
        #expect(try node.engine.voteInfo(of: NodeID(1)).votes == 1)
        node.deliver(NodeInfo(nodeID: .none, votes: 5, expectedVotes: 0, flags: []), from: 3)
        #expect(try node.engine.voteInfo(of: NodeID(1)).deviceVotes == 0)
    }

    static func map(nodes: [UInt32: UInt32]) -> ClusterMap {
        var map = ClusterMap()
        try? map.set("quorum.provider", .text("corosync_votequorum"))
        try? map.set("nodelist.local_node_pos", .u32(0))
        for (position, id) in nodes.keys.sorted().enumerated() {
            try? map.set("nodelist.node.\(position).nodeid", .u32(id))
            if let votes = nodes[id], votes != 1 { try? map.set("nodelist.node.\(position).quorum_votes", .u32(votes)) }
        }
        return map
    }
}
