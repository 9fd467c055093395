import Basics
import ClusterMap
import Links
import Testing

@testable import ClusterEngine

@Suite("The figures of links in the statistics map")
struct LinkFigureTests {
    private static let text = """
        totem {
            version: 2
            cluster_name: test
        }
        nodelist {
            node {
                ring0_addr: 10.0.0.1
                ring1_addr: 10.1.0.1
                nodeid: 1
                name: one
            }
            node {
                ring0_addr: 10.0.0.2
                ring1_addr: 10.1.0.2
                nodeid: 2
                name: two
            }
        }
        """

    private func start() throws -> VirtualCluster.Box {
        let node = VirtualCluster.Box(
            ClusterEngine(configuration: try VirtualCluster.configuration(Self.text, 0), storedRingSequence: 0))
        try node.engine.start(now: Instant(nanoseconds: 1_000_000_000))
        return node
    }

    @Test("there are as many as Corosync has, each once")
    func keys() {
        #expect(LinkFigures.table.count == 39 && Set(LinkFigures.table.map(\.name)).count == 39)
        #expect(KnetFigures.table.count == 22 && Set(KnetFigures.table.map(\.name)).count == 22)
    }

    @Test("are there from the start: of this node's own link, and of each link to another node")
    func fromTheStart() throws {
        let node = try start()
        #expect(node.engine.statistics["stats.knet.node1.link0.connected"] == .u8(1))
        #expect(node.engine.statistics["stats.knet.node1.link0.mtu"] == .u32(65_535))
        #expect(node.engine.statistics["stats.knet.node1.link1.connected"] == nil)
        for link in 0...1 {
            #expect(node.engine.statistics["stats.knet.node2.link\(link).connected"] == .u8(0))
            #expect(node.engine.statistics["stats.knet.node2.link\(link).latency_min"] == .u32(.max))
            #expect(node.engine.statistics["stats.knet.node2.link\(link).down_count"] == .u32(1))
        }
        #expect(node.engine.statistics["stats.knet.handle.tx_crypt_time_min"] == .u64(.max))
        #expect(node.engine.statistics["stats.rondo.links_lost"] == .u64(0))
    }

    @Test("what goes to everybody counts as sent on this node's own link, as with Corosync")
    func ownLink() throws {
        let node = try start()
        // A lone node calls for others with joins, which nobody can get.
        for second in 1...5 as ClosedRange<UInt64> {
            let now = Instant(nanoseconds: second * 1_000_000_000)
            node.engine.advance(to: now)
            while let step = node.engine.nextStep(now: now) {
                switch step {
                case .store: break
                case .send:
                    _ = node.engine.loadLinks(now: now)
                    node.engine.withLinks { links in while links.nextOutgoing() != nil {} }
                case .carryOut: while node.engine.nextDirective() != nil {}
                }
            }
            node.engine.refreshStatistics(now: now)
        }
        func figure(_ name: String) -> UInt64? {
            guard case .u64(let number) = node.engine.statistics["stats.knet.node1.link0.\(name)"] else { return nil }
            return number
        }
        let packets = try #require(figure("tx_data_packets"))
        let bytes = try #require(figure("tx_data_bytes"))
        #expect(packets > 0 && bytes >= packets * 22)
        #expect(figure("tx_total_packets") == packets && figure("tx_total_bytes") == bytes)
        #expect(figure("rx_data_packets") == 0 && figure("rx_total_packets") == 0)
        #expect(figure("tx_ping_packets") == 0)
        #expect(node.engine.statistics["stats.knet.node2.link0.tx_data_packets"] == .u64(0))
    }

    @Test("what the tools are told of nodes and links is what the links' machine knows")
    func status() throws {
        let status = try start().engine.clusterStatus
        let other = try #require(status.nodes.last)
        #expect(!other.isReachable)
        #expect(other.links.map(\.isEnabled) == [true, true])
        #expect(other.links.map(\.isConnected) == [false, false])
        #expect(other.links.map(\.mtu) == [522, 522])
        let own = try #require(status.nodes.first)
        #expect(own.isReachable && own.links.first?.isConnected == true && own.links.first?.mtu == 65_535)
    }

    @Test("the shell's times are shown, and counts begin anew when a client asks for it")
    func clearing() throws {
        let node = try start()
        let now = Instant(nanoseconds: 2_000_000_000)
        var times = WorkTimes()
        times.sealing.add(3000)
        times.sealing.add(5000)
        node.engine.update(times)
        node.engine.refreshStatistics(now: now)
        #expect(node.engine.statistics["stats.knet.handle.tx_crypt_time_min"] == .u64(3000))
        #expect(node.engine.statistics["stats.knet.handle.tx_crypt_time_max"] == .u64(5000))
        #expect(node.engine.statistics["stats.knet.handle.tx_crypt_time_ave"] == .u64(4000))
        node.engine.clearLinkStatistics(now: now)
        #expect(node.engine.statistics["stats.knet.node2.link0.down_count"] == .u32(0))
    }
}
