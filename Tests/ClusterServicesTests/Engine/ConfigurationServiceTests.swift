import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Orders to nodes")
struct ConfigurationServiceTests {
    private func cluster() throws -> Cluster {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.forget()
        return cluster
    }

    @Test("A killed node says by whom and why; the others go on")
    func kill() throws {
        var cluster = try cluster()
        cluster.on(1) { $0.killNode(NodeID(2), reason: Array("fenced\u{1b}[2J by hand".utf8)) }
        #expect(cluster[2].texts(.configuration) == ["Killed by node 1 : fenced?[2J by hand"])
        #expect(cluster[2].events == [.killed(by: NodeID(1), reason: "fenced?[2J by hand")])
        #expect(cluster[1].events.isEmpty)
        #expect(cluster[1].texts(.configuration, upTo: .debug) == ["request to kill node 2 (us=1)"])
    }

    @Test("A shutdown is told to all, and only its sender stops")
    func shutdown() throws {
        var cluster = try cluster()
        cluster.on(2) { $0.shutDown() }
        #expect(cluster[1].texts(.configuration) == ["Node 2 was shut down by sysadmin"])
        #expect(cluster[1].events.isEmpty)
        #expect(cluster[2].events == [.shutdownRequested(.administrator)])
    }

    @Test("A reload runs on every node; the asking node recognises its own request, nobody else's")
    func reload() throws {
        var cluster = try cluster()
        let request = cluster.on(1) { $0.requestReload() }
        #expect(cluster[1].events == [.reloadRequested(by: NodeID(1), request: request)])
        #expect(cluster[2].events == [.reloadRequested(by: NodeID(1), request: nil)])
        #expect(cluster[2].texts(.configuration) == ["Config reload requested by node 1"])
        var node = cluster[2]
        let forged = ReloadConfiguration(source: MessageSource(nodeID: NodeID(2), connection: 0x5587_4899_9280))
        node.deliver(forged, from: 1)
        #expect(node.events.last == .reloadRequested(by: NodeID(1), request: nil))
    }

    @Test("What a node says of its change of keys is heard by all")
    func crypto() throws {
        var cluster = try cluster()
        for phase in [1, 2] as [UInt32] { cluster.on(1) { $0.multicastCryptoPhase(phase) } }
        let steps: [ServiceEvent] = [.cryptoPhase(1, of: NodeID(1)), .cryptoPhase(2, of: NodeID(1))]
        #expect(cluster[1].events == steps && cluster[2].events == steps)
        #expect(cluster[1].texts(.configuration, upTo: .debug) == (1...2).map { "Crypto reconfiguration phase \($0)" })
        #expect(cluster[2].texts(.configuration, upTo: .debug).isEmpty)
        #expect(try cluster.sent(1) == [.crypto(.init(phase: 1)), .crypto(.init(phase: 2))])
    }

    @Test("A node with an older configuration leaves; newer and unversioned ones stay")
    func configVersion() throws {
        func events(_ versions: [UInt64?]) throws -> [[ServiceEvent]] {
            var cluster = try Cluster([1, 2]) { configuration in
                configuration.configVersion = versions[Int(configuration.nodeID.rawValue) - 1]
            }
            cluster.form([1, 2])
            return [1, 2].map { node in
                cluster[node].events.filter {
                    if case .shutdownRequested = $0 { true } else { false }
                }
            }
        }
        #expect(try events([4, 6]) == [[.shutdownRequested(.configVersion(mine: 4, highest: 6))], []])
        #expect(try events([6, 6]) == [[], []])
        #expect(try events([nil, 6]) == [[], []])
        #expect(try events([0, 6]) == [[], []])
        var cluster = try Cluster([1, 2], alone: false) {
            $0.configVersion = UInt64($0.nodeID.rawValue)
        }
        cluster.form([1, 2])
        #expect(cluster[1].texts(.map, upTo: .debug) == ["Single node sync -> no action"])
        cluster.form([1, 2])
        #expect(
            cluster[1].texts(.map).last
                == "Received config version (2) is different than my config version (1)! Exiting")
        #expect(cluster[1].map["runtime.members.2.config_version"] == .u64(2))
    }

    @Test("Quorum trackers hear of nodes and decisions by their model")
    func quorumTrackers() throws {
        var cluster = try cluster()
        cluster.on(1) { $0.setQuorumModel(ConnectionID(1), .v1) }
        _ = cluster.attempt(1) { engine throws(ClientError) in try engine.trackQuorum(ConnectionID(1), .changes) }
        _ = cluster.attempt(1) { engine throws(ClientError) in try engine.trackQuorum(ConnectionID(2), .changesOnly) }
        #expect(cluster.heard(1, ConnectionID(1)).count == 2)
        let again = cluster.attempt(1) { engine throws(ClientError) in
            try engine.trackQuorum(ConnectionID(1), .changes)
        }
        #expect(again == .exist)
        cluster.forget()
        cluster.form([1], [2])
        let ring = cluster.ring.rings[cluster.ring.stations[0].ring].id
        let list = QuorumNodeList(ringID: ring, members: [NodeID(1)], joined: [], left: [NodeID(2)])
        let view = QuorumView(isQuorate: false, ringID: ring, members: [NodeID(1)])
        #expect(cluster.heard(1, ConnectionID(1)) == [.quorum(.nodeList(list)), .quorum(.quorum(view))])
        #expect(cluster.heard(1, ConnectionID(2)) == [.quorum(.quorum(view))])
    }

    @Test("Long member lists wrap in the log as tools expect")
    func longLists() throws {
        let nodes = (1...40 as ClosedRange<UInt32>).map { $0 }
        var cluster = try Cluster(nodes, alone: false)
        cluster.form(nodes)
        let lines = cluster[1].texts(.quorum).filter { $0.hasPrefix("Sync members") }
        #expect(
            lines == [
                "Sync members[40]: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24\\",
                "Sync members[40]: 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40",
            ])
    }
}
