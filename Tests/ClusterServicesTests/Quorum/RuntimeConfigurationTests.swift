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
}
