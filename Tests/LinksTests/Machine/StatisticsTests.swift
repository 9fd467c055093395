import Basics
import Links
import Testing

struct StatisticsTests {
    @Test("data counts by the piece, sent as it was sealed and received as it was opened")
    func traffic() throws {
        let overhead = SealOverhead(hasCipher: true, hashSize: 32)
        let network = try TestNetwork(nodes: [1, 2], overhead: overhead, keys: KeySlots(isSealed: true))
        network.run(milliseconds: 3000)
        _ = network.send(TestNetwork.packet(3000), from: 1)
        network.run(milliseconds: 10)
        let sent = try #require(network[1].links.links(to: NodeID(2)).first).statistics.sent
        let received = try #require(network[2].links.links(to: NodeID(1)).first).statistics.received
        let pieces = [1397, 1397, 206].map { $0 + DataHeader.size }
        #expect(sent.data.packets == 3 && received.data.packets == 3)
        #expect(sent.data.bytes == UInt64(pieces.map(overhead.sealedSize).reduce(0, +)))
        #expect(received.data.bytes == UInt64(pieces.reduce(0, +)))
        #expect(sent.ping.bytes == sent.ping.packets * UInt64(overhead.sealedSize(26)))
        #expect(received.ping.bytes == received.ping.packets * 26)
        let node = network[1].links.statistics
        // Replies to probes are sealed, too, though nothing else counts them.
        #expect(node.sealedPackets > sent.total.packets)
        #expect(node.sealingBytes == sent.data.bytes - received.data.bytes)
        #expect(network[2].links.statistics.openedPackets == 3)
        #expect(sent.total.packets == sent.data.packets + sent.ping.packets + sent.pong.packets + sent.mtu.packets)
    }

    @Test("probes sent count, replies do not; received both do; refused ones are errors")
    func probes() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        let statistics = try #require(network[1].links.links(to: NodeID(2)).first).statistics
        #expect(statistics.sent.mtu.packets == 2)
        #expect(statistics.received.mtu.packets == 2)
        #expect(statistics.errors.mtu == 1)
        #expect(statistics.upCount == 1 && statistics.downCount == 1, "a link begins as one that is down")
    }

    @Test("clear packets count as neither sealed nor opened")
    func clear() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        _ = network.send(TestNetwork.packet(3000), from: 1)
        network.run(milliseconds: 10)
        let statistics = network[1].links.statistics
        #expect(statistics.sealedPackets == 0 && statistics.sealingBytes == 0)
        #expect(network[2].links.statistics.openedPackets == 0)
    }

    @Test("a link that is down shows the MTU that it had")
    func shownMTU() throws {
        let network = try TestNetwork(nodes: [1, 2])
        #expect(network[1].links.links(to: NodeID(2)).first?.mtu == 522)
        network.run(milliseconds: 3000)
        network.change(link: 0) { $0.isCut = true }
        network.run(milliseconds: 20_000)
        let link = try #require(network[1].links.links(to: NodeID(2)).first)
        #expect(!link.isConnected && link.mtu == 1446)
    }

    @Test("two machines that get the same give the same")
    func deterministic() throws {
        func course() throws -> ([LinksEvent], [LinkStatus], UInt64) {
            let network = try TestNetwork(nodes: [1, 2, 3], links: 2, seed: 5)
            network.change(link: 0) { $0.loss = 10 }
            network.change(link: 1) { $0.mtu = 1400 }
            for round in 0..<200 {
                _ = network.send(TestNetwork.packet(100 + round * 37), from: UInt16(1 + round % 3))
                network.run(milliseconds: 50)
            }
            return (network[1].events, network[1].links.links(to: NodeID(2)), network.now.nanoseconds)
        }
        let (first, second) = (try course(), try course())
        #expect(first.0 == second.0)
        #expect(first.1 == second.1)
        #expect(first.2 == second.2)
    }
}
