import Basics
import ClusterMap
import Links
import Testing
import TotemWire

@testable import ClusterEngine

@Suite("Links and keys that a reload changes")
struct LinkReloadTests {
    private let now = Instant(nanoseconds: 1_000_000_000)

    private func text(nodes: ClosedRange<Int>, links: Int = 1, totem: String = "") -> String {
        let list = nodes.map { node in
            let addresses = (0..<links).map { "ring\($0)_addr: 10.0.\($0).\(node)\n" }.joined()
            return "node {\n nodeid: \(node)\n name: node\(node)\n \(addresses)}\n"
        }
        return """
            totem {
                version: 2
                cluster_name: virtual
                transport: knet
                \(totem)
            }
            nodelist {
            \(list.joined())
            }

            """
    }

    private func wanted(_ text: String) throws -> LinksConfiguration {
        try #require(try VirtualCluster.configuration(text, 0).links)
    }

    private func engine(_ text: String) throws -> VirtualCluster.Box {
        let box = VirtualCluster.Box(
            ClusterEngine(configuration: try VirtualCluster.configuration(text, 0), storedRingSequence: 0))
        try box.engine.start(now: now)
        return box
    }

    /// What the engine wants opened and closed.
    private func sockets(_ box: VirtualCluster.Box) -> [EngineDirective] {
        var found: [EngineDirective] = []
        while let directive = box.engine.nextDirective() {
            switch directive {
            case .openSocket, .closeSocket: found.append(directive)
            default: break
            }
        }
        return found
    }

    private func hosts(_ box: VirtualCluster.Box) -> Set<NodeID> {
        var nodes: [NodeID] = []
        box.engine.withLinks { nodes = $0.nodes }
        return Set(nodes)
    }

    @Test("only what differs is added, removed or watched in another way")
    func change() throws {
        let before = try wanted(text(nodes: 1...3))
        #expect(before.change(from: before) == LinksConfiguration.Change())
        let more = try wanted(text(nodes: 1...3, links: 2))
        var change = more.change(from: before)
        #expect(change.added.map(\.link.number.rawValue) == [1, 1] && change.removed.isEmpty)
        change = before.change(from: more)
        #expect(change.removed.map(\.host.rawValue) == [2, 3] && change.added.isEmpty && change.retimed.isEmpty)
        let slow = try wanted(text(nodes: 1...3, totem: "token: 9000"))
        #expect(slow.change(from: before).retimed == slow.paths)
        let preferred = try wanted(
            text(nodes: 1...3, totem: "interface {\nlinknumber: 0\nknet_link_priority: 7\n}"))
        #expect(preferred.change(from: before).retimed.map(\.link.priority) == [7, 7])
    }

    @Test("links and nodes come and go in a running engine, with their sockets and keys of the map")
    func running() throws {
        let box = try engine(text(nodes: 1...2))
        #expect(sockets(box).count == 1)
        box.engine.reconfigure(try VirtualCluster.configuration(text(nodes: 1...3, links: 2), 0), now: now)
        #expect(hosts(box) == [NodeID(2), NodeID(3)])
        #expect(
            sockets(box) == [.openSocket(SocketNumber(1), SocketAddress(.v4(0x0A00_0101), port: 5406))])
        let timeout = "runtime.config.totem.interface.1.knet_ping_timeout"
        var value = box.engine.map[timeout]
        #expect(value != nil)
        box.engine.reconfigure(try VirtualCluster.configuration(text(nodes: 1...2), 0), now: now)
        #expect(hosts(box) == [NodeID(2)])
        #expect(sockets(box) == [.closeSocket(SocketNumber(1))])
        value = box.engine.map[timeout]
        #expect(value == nil)
    }

    @Test(
        "a member that is taken off the node list is none to which no link leads, and lost ones are counted until cleared"
    )
    func lost() throws {
        var cluster = try LinkedCluster(nodes: 3)
        #expect(cluster.run(upTo: 20_000) { $0.isWhole })
        cluster.run(milliseconds: 2000)
        cluster.files = Array(repeating: LinkedCluster.File(nodes: 2), count: 3)
        cluster.orderReload(by: 0)
        cluster.run(milliseconds: 10)
        #expect(cluster.lines[0].contains("link: host: 3 link: 0 is down"))
        #expect(!cluster.lines[0].contains { $0.contains("No link leads to member 3 any more") })
        #expect(linksLost(cluster) == .u64(0))
        cluster.kill(2)
        #expect(cluster.run(upTo: 10_000) { $0.isWhole })
        cluster.kill(1)
        cluster.run(milliseconds: 10_000)
        #expect(cluster.lines[0].contains { $0.contains("No link leads to member 2 any more") })
        #expect(linksLost(cluster) == .u64(1))
        cluster.engines[0].engine.clearLinkStatistics(now: cluster.now)
        #expect(linksLost(cluster) == .u64(0))
    }

    private func linksLost(_ cluster: LinkedCluster) -> MapValue? {
        cluster.engines[0].engine.refreshStatistics(now: cluster.now)
        return cluster.engines[0].engine.statistics["stats.rondo.links_lost"]
    }
}
