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

    @Test("encryption that is turned off right behind a change of keys leaves datagrams as long as the path carries")
    func sealedUntilSelected() throws {
        let sealed = "crypto_cipher: aes256\ncrypto_hash: sha256"
        var cluster = try VirtualCluster(nodes: 2, text: text(nodes: 1...2, totem: sealed))
        let overhead = SealOverhead(hasCipher: true, hashSize: 32)
        cluster.overhead = { $0 == .clear ? .clear : overhead }
        try cluster.start()
        #expect(cluster.run(upTo: 10_000) { $0.ring.members.count == 2 })
        cluster.run(milliseconds: 5000)
        #expect(mtu(&cluster) == LinkSizes(.v4, overhead).linkMTU(path: 1500))
        for totem in [sealed, ""] {
            let configuration = text(nodes: 1...2, totem: totem)
            for node in 0...1 {
                let new = try VirtualCluster.configuration(configuration, node)
                cluster.with(node) { engine, now in
                    engine.reconfigure(new, now: now)
                    _ = engine.changeKeys(now: now)
                }
            }
            #expect(cluster.run(upTo: 1000) { engine in !engine.isChangingKeys })
        }
        cluster.run(milliseconds: 5000)
        #expect(slots(cluster.engines[0])?.inUse == .clear)
        #expect(mtu(&cluster) == LinkSizes(.v4, .clear).linkMTU(path: 1500))
        for node in 0...1 {
            let told = cluster.lines(node)
            #expect(!told.contains { $0.contains("possible MTU misconfiguration") }, "\(told)")
            #expect(told.count { $0.hasPrefix("A new membership") } <= 2)
        }
    }

    private func mtu(_ cluster: inout VirtualCluster) -> Int? {
        cluster.with(0) { engine, _ in
            var mtu: Int?
            engine.withLinks { mtu = $0.links(to: NodeID(2)).first?.mtu }
            return mtu
        }
    }

    @Test(
        "a member that is taken off the node list is none to which no link leads, and lost ones are counted until cleared"
    )
    func lost() throws {
        var cluster = try VirtualCluster(nodes: 3, text: text(nodes: 1...3))
        try cluster.start()
        #expect(cluster.run(upTo: 10_000) { $0.ring.members.count == 3 })
        cluster.run(milliseconds: 2000)
        cluster.kill(2)
        let fewer = text(nodes: 1...2)
        for node in 0...1 {
            let new = try VirtualCluster.configuration(fewer, node)
            cluster.with(node) { engine, now in engine.reconfigure(new, now: now) }
        }
        cluster.run(milliseconds: 10)
        #expect(cluster.lines(0).contains("link: host: 3 link: 0 is down"))
        #expect(!cluster.lines(0).contains { $0.contains("No link leads to member 3 any more") })
        #expect(linksLost(&cluster) == .u64(0))
        cluster.run(milliseconds: 10_000)
        cluster.kill(1)
        cluster.run(milliseconds: 10_000)
        #expect(cluster.lines(0).contains { $0.contains("No link leads to member 2 any more") })
        #expect(linksLost(&cluster) == .u64(1))
        cluster.with(0) { engine, now in engine.clearLinkStatistics(now: now) }
        #expect(linksLost(&cluster) == .u64(0))
    }

    private func linksLost(_ cluster: inout VirtualCluster) -> MapValue? {
        cluster.with(0) { engine, now in
            engine.refreshStatistics(now: now)
            return engine.statistics["stats.rondo.links_lost"]
        }
    }

    private func slots(_ box: VirtualCluster.Box) -> KeySlots? { box.engine.keySlots }
}
