import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

@Suite("Loading and unloading")
struct LoadingTests {
    @Test("Services load in Corosync's order, with its lines and keys")
    func loading() throws {
        let node = try Node(1, of: [1, 2, 3])
        #expect(
            node.texts(.services) == [
                "Service engine loaded: corosync configuration map access [0]",
                "Service engine loaded: corosync configuration service [1]",
                "Service engine loaded: corosync cluster closed process group service v1.01 [2]",
                "Service engine loaded: corosync resource monitoring service [6]",
                "Service engine loaded: corosync watchdog service [7]",
                "Service engine loaded: corosync vote quorum service v1.0 [5]",
                "Service engine loaded: corosync cluster quorum service v0.1 [3]",
            ])
        #expect(node.map["internal_configuration.service.5.name"] == .text("corosync_votequorum"))
        #expect(node.map["internal_configuration.service.0.ver"] == .u32(0))
        #expect(node.map["runtime.services.cpg.service_id"] == .u16(2))
        #expect(node.map["runtime.votequorum.two_node"] == .u8(0))
        #expect(node.map["runtime.votequorum.ev_barrier"] == .u32(3))
        #expect(node.sent.count == 1, "the first votes wait for the first ring")
    }

    @Test("Without a provider the node is always quorate and three services synchronise")
    func noProvider() throws {
        var node = try Node(1, of: [1, 2, 3]) { $0.quorum.provider = nil }
        #expect(node.engine.isQuorate && node.engine.quorumType == 0)
        let ring = RingID(representative: NodeID(1), sequence: 5)
        node.change(
            ConfigurationChange(kind: .regular, ringID: ring, members: [NodeID(1)], joined: [NodeID(1)]))
        let first = node.sent[0].bytes
        let build = try ServiceBuild(decoding: first.span, order: .native)
        #expect(build.services == [0, 2, 3])
    }

    @Test("Services unload by priority and then hear nothing more")
    func unloading() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.forget()
        let now = cluster[1].now
        cluster.on(1) { $0.unload(now) }
        #expect(
            cluster[1].texts(.services) == [
                "Unloading all Corosync service engines.",
                "Service engine unloaded: corosync vote quorum service v1.0",
                "Service engine unloaded: corosync configuration map access",
                "Service engine unloaded: corosync configuration service",
                "Service engine unloaded: corosync cluster closed process group service v1.01",
                "Service engine unloaded: corosync cluster quorum service v0.1",
                "Service engine unloaded: corosync resource monitoring service",
                "Service engine unloaded: corosync watchdog service",
            ])
        #expect(
            cluster[1].events == [
                .unloaded(.voteQuorum), .unloaded(.map), .unloaded(.configuration), .unloaded(.processGroups),
                .unloaded(.quorum), .unloaded(.monitor), .unloaded(.watchdog), .allUnloaded,
            ])
        var node = cluster[1]
        node.deliver(Shutdown(), from: 2)
        #expect(node.engine.counters.unknownService == 1)
    }

    @Test("A last message that never comes round does not keep the node from leaving")
    func lostLastMessage() throws {
        var node = try Node(1, of: [1, 2, 3]) { $0.quorum.allowDownscale = true }
        node.engine.unload(node.now)
        node.collect()
        #expect(!node.events.contains(.allUnloaded))
        node.advance(milliseconds: 1000)
        #expect(node.events.last == .allUnloaded)
    }

    @Test("The map's message counters show what was sent and delivered")
    func counters() throws {
        var cluster = try Cluster([1, 2])
        var map = ClusterMap()
        var keys = try MessageCounterKeys(of: cluster[1].engine, in: &map)
        cluster.form([1, 2])
        keys.refresh(from: cluster[1].engine, in: &map)
        #expect(map["runtime.services.cmap.0.tx"] == .u64(2))
        #expect(map["runtime.services.cmap.0.rx"] == .u64(3))
        #expect(map["runtime.services.votequorum.0.tx"] == .u64(5))
        #expect(map["runtime.services.cfg.4.rx"] == .u64(0))
        #expect(map["runtime.services.cpg.6.tx"] == .u64(0))
        #expect(map["runtime.services.quorum.0.tx"] == nil)
    }

    @Test("Members come and go in the map")
    func members() throws {
        var cluster = try Cluster([1, 2])
        cluster.form([1, 2])
        cluster.form([1], [2])
        #expect(cluster[1].map["runtime.members.2.ip"] == .text("r(0) ip(10.77.0.2) "))
        #expect(cluster[1].map["runtime.members.2.status"] == .text("left"))
        #expect(cluster[1].map["runtime.members.2.join_count"] == .u32(1))
        cluster.form([1, 2])
        #expect(cluster[1].map["runtime.members.2.status"] == .text("joined"))
        #expect(cluster[1].map["runtime.members.2.join_count"] == .u32(2))
        #expect(cluster[1].texts(.main, upTo: .debug).contains("Member left: r(0) ip(10.77.0.2) "))
        #expect(cluster[1].texts(.main).last == "Completed service synchronization, ready to provide service.")
    }
}
