import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Quorum configuration changed at run time")
struct RuntimeConfigurationTests {
    @Test("A reload that adds a node and votes sends what Corosync sends, once")
    func reload() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.forget()
        var map = VoteQuorumTests.map(nodes: [1: 1, 2: 2, 3: 1])
        try map.set("config.reload_status", .i32(1))
        cluster.onAll([1, 2]) { engine in
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(1), in: map)
            engine.mapChanged("nodelist.node.1.quorum_votes", to: .u32(2), in: map)
            engine.mapChanged("nodelist.node.2.nodeid", to: .u32(3), in: map)
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(0), in: map)
        }
        func record(_ node: UInt32, votes: UInt32, _ expected: UInt32) -> NodeInfo {
            NodeInfo(nodeID: NodeID(node), votes: votes, expectedVotes: expected, flags: .quorate)
        }
        let device = NodeInfo(nodeID: .none, votes: 0, expectedVotes: 0, flags: [])
        #expect(
            try cluster.sent(1) == [
                .nodeInfo(record(1, votes: 1, 4)), .nodeInfo(device),
                .reconfigure(Reconfigure(nodeID: NodeID(1), value: 4, parameter: .expectedVotes)),
            ])
        let second = try cluster.sent(2)
        #expect(second.count == 4)
        #expect(
            Array(second.suffix(2)) == [
                .reconfigure(Reconfigure(nodeID: NodeID(2), value: 2, parameter: .votes)),
                .reconfigure(Reconfigure(nodeID: NodeID(2), value: 4, parameter: .expectedVotes)),
            ])
        for node in [1, 2] as [UInt32] {
            let info = try cluster[node].engine.voteInfo(of: .none)
            #expect(info.totalVotes == 3 && info.quorum == 3 && info.expectedVotes == 4)
        }
    }

    @Test("A failed reload changes nothing")
    func failedReload() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.forget()
        var map = VoteQuorumTests.map(nodes: [1: 1, 2: 2])
        try map.set("config.reload_status", .i32(7))
        cluster.on(1) { engine in
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(1), in: map)
            engine.mapChanged("quorum.expected_votes", to: .u32(9), in: map)
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(0), in: map)
        }
        #expect(try cluster.sent(1).isEmpty)
    }

    @Test("config_version is announced when it changes, the old one when it is removed")
    func configVersion() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.forget()
        let map = ClusterMap()
        cluster.on(2) { $0.mapChanged("totem.config_version", to: .u64(7), in: map) }
        cluster.on(2) { $0.mapChanged("totem.config_version", to: nil, in: map) }
        let message = AnyMessage.configVersion(ConfigVersionMessage(reason: .changed, version: 7))
        #expect(try cluster.sent(2) == [message, message])
        #expect(cluster[1].map["runtime.members.2.config_version"] == .u64(7))
    }

    @Test("Removing the node list from a running node is refused, not obeyed")
    func nodeListGone() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.on(1) { $0.mapChanged("nodelist.local_node_pos", to: nil, in: ClusterMap()) }
        #expect(
            cluster[1].texts(.voteQuorum).contains(
                "configuration error: nodelist or quorum.expected_votes must be configured!"))
        #expect(cluster.quorate(1))
    }

    @Test("auto_tie_breaker is off while the number of votes is odd, and back when it is even")
    func tieBreakerFollowsVotes() throws {
        var cluster = try Cluster([1, 2, 3]) { $0.quorum.autoTieBreaker = true }
        #expect(cluster[1].map["runtime.votequorum.atb_type"] == .u32(0))
        cluster.form([1, 2, 3])
        try cluster.reconfigure([1, 2, 3], VoteQuorumTests.map(nodes: [1: 2, 2: 1, 3: 1]))
        #expect(cluster[1].map["runtime.votequorum.atb_type"] == .u32(1))
        cluster.form([1], [2, 3])
        #expect(cluster.quorate(1) && !cluster.quorate(2))
        try cluster.reconfigure([1, 2, 3], VoteQuorumTests.map(nodes: [1: 1, 2: 1, 3: 1]))
        #expect(cluster[1].map["runtime.votequorum.atb_type"] == .u32(0))
    }

    @Test("two_node turned on while quorate: nobody waits, and the map says so")
    func twoNodeLater() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        #expect(cluster[1].map["runtime.votequorum.wait_for_all_status"] == nil)
        var map = VoteQuorumTests.map(nodes: [1: 1, 2: 1])
        try map.set("quorum.two_node", .u8(1))
        try cluster.reconfigure([1, 2], map)
        for node in [1, 2] as [UInt32] {
            #expect(cluster[node].map["runtime.votequorum.wait_for_all_status"] == .u8(0))
        }
        cluster.form([1], [2])
        #expect(cluster.quorate(1) && cluster.quorate(2))
    }

    @Test("A deleted key is as if it had never been set")
    func deletion() throws {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        var map = VoteQuorumTests.map(nodes: [1: 1, 2: 1, 3: 1])
        try map.set("quorum.expected_votes", .u32(5))
        cluster.on(1) { $0.mapChanged("quorum.expected_votes", to: .u32(5), in: map) }
        #expect(try cluster[3].engine.voteInfo(of: .none).quorum == 3)
        try map.delete("quorum.expected_votes")
        cluster.on(1) { $0.mapChanged("quorum.expected_votes", to: nil, in: map) }
        #expect(try cluster[3].engine.voteInfo(of: .none).quorum == 2)
    }
}

extension Cluster {
    /// All these nodes have reloaded a configuration.
    mutating func reconfigure(_ nodes: [UInt32], _ map: ClusterMap) throws {
        var map = map
        try map.set("config.reload_status", .i32(1))
        onAll(nodes) { engine in
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(1), in: map)
            engine.mapChanged("config.totemconfig_reload_in_progress", to: .u8(0), in: map)
        }
    }
}
