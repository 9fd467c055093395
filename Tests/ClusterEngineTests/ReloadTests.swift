import Basics
import Testing
import TotemWire

@testable import ClusterEngine
@testable import Totem

@Suite("What a reload changes, and what stays as it was at the start")
struct ReloadTests {
    @Test("the size of packets stays, whatever the interface carries by now")
    func packetSize() throws {
        var cluster = try VirtualCluster(nodes: 2)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized })
        let before = cluster.engines[0].engine.configuration
        try cluster.with(0) { engine, now in
            let text = VirtualCluster.text(nodes: 2, totem: "token: 4321")
            engine.reconfigure(try VirtualCluster.configuration(text, 0, mtu: 1400), now: now)
        }
        let after = cluster.engines[0].engine.configuration
        #expect(after.ring.netMTU == before.ring.netMTU)
        #expect(after.status.netMTU == before.status.netMTU)
        #expect(after.status.nodes == before.status.nodes)
        #expect(cluster.engines[0].engine.ring.parameters.netMTU == before.ring.netMTU)
        #expect(cluster.engines[0].engine.ring.parameters.token == 4321)
    }

    @Test("a node that a reload brings is called by its address in what is said of losses")
    func names() throws {
        var cluster = try VirtualCluster(nodes: 2)
        try cluster.start()
        let text = VirtualCluster.text(nodes: 3)
        let verdict = try cluster.with(0) { engine, now in
            engine.reconfigure(try VirtualCluster.configuration(text, 0), now: now)
            return engine.losses.take(
                .messageStuck(SequenceNumber(5), bytes: 1400, lacking: NodeID(3)), now: now,
                .init(messages: 0, fullPacket: 1455))
        }
        guard case .explanation(let line, _) = verdict else {
            Issue.record("no explanation")
            return
        }
        #expect(line.text.contains("node 3 (10.0.0.3)") && line.text.contains("ping -M do -s 1400 10.0.0.3"))
    }

    @Test("what a reload could not do is in the map until the next one")
    func fault() throws {
        var cluster = try VirtualCluster(nodes: 2)
        try cluster.start()
        let text = VirtualCluster.text(nodes: 2)
        let key = "config.reload_error_message"
        try cluster.with(0) { engine, now in
            engine.reconfigure(try VirtualCluster.configuration(text, 0), fault: "no socket", now: now)
            #expect(engine.map[key] == .text("no socket"))
            engine.reloadFailed("Configuration is not valid", now: now)
            #expect(engine.map[key] == .text("Configuration is not valid"))
            engine.reconfigure(try VirtualCluster.configuration(text, 0), now: now)
            #expect(engine.map[key] == nil)
        }
    }
}
