import Basics
import Links
import Testing

/// Compression is the shell's; here it leaves out the second half of a packet.
struct CompressionTests {
    private func network() throws -> TestNetwork {
        let network = try TestNetwork(nodes: [1, 2, 3], settings: KnetSettings(compressionThreshold: 100))
        network.run(milliseconds: 3000)
        return network
    }

    @Test(
        "a packet above the threshold is handed out with its target, and leaves as what comes back if that is shorter")
    func shorter() throws {
        let network = try network()
        let packet = TestNetwork.packet(200)
        let node = network[1]
        #expect(node.links.send(packet.span, to: .node(NodeID(2)), now: network.now) == .compress)
        let staged = node.links.copyOfUncompressed()
        #expect(staged.count == 200 && staged[9] == 2)
        let compressed = Array(packet.prefix(50))
        #expect(node.links.sendStaged(compressed.span, .lz4, now: network.now) == .queued)
        node.recordsSent = true
        network.send(node)
        #expect(node.sent.map { $0.datagram[8] } == [2])
        #expect(node.sent.map { Array($0.datagram.dropFirst(14)) } == [compressed])
        #expect(node.links.statistics.sentCompression.packets == 1)
    }

    @Test("what is not shorter leaves as it was, and what is short is not tried")
    func longer() throws {
        let network = try network()
        let packet = TestNetwork.packet(200)
        let node = network[1]
        node.recordsSent = true
        #expect(node.links.send(packet.span, to: .everyone, now: network.now) == .compress)
        #expect(node.links.sendStaged(packet.span, .lz4, now: network.now) == .queued)
        #expect(node.links.sendStaged(packet.span, .lz4, now: network.now) == .nobody)
        #expect(node.links.send(TestNetwork.packet(100).span, to: .everyone, now: network.now) == .queued)
        network.send(node)
        #expect(node.sent.map { $0.datagram[8] } == [0, 0, 0, 0])
        #expect(node.sent.first.map { Array($0.datagram.dropFirst(14)) } == packet)
        #expect(node.links.statistics.sentUncompressed == 2)
        network.run(milliseconds: 10)
        #expect(network[2].received.count == 2)
    }

    @Test("a compressed packet is the ring's only when it has been decompressed and is for this node, and only once")
    func received() throws {
        let network = try network()
        var header: [UInt8] = [1, 0, 0, 2, 0, 0, 0, 9, 2, 0, 1, 1, 0, 0]
        let arrival = network.inject(header + [1, 2, 3], as: 2, to: 1)
        guard case .compressed(let packet, .lz4) = arrival else {
            Issue.record("\(arrival)")
            return
        }
        #expect(network[1].links.copy(of: packet, in: header + [1, 2, 3]) == [1, 2, 3])
        var plain = TestNetwork.packet(60)
        plain[9] = 3
        #expect(network[1].links.decompressed(plain.span, of: packet, bytes: 3) == false)
        plain[9] = 1
        #expect(network[1].links.decompressed(plain.span, of: packet, bytes: 3) == true)
        #expect(network.inject(header + [1, 2, 3], as: 2, to: 1) == .nothing)
        network[1].links.decompressionFailed(packet, .lz4, now: network.now)
        #expect(network[1].links.statistics[dropped: .decompression] == 1)
        header[7] = 10
        header[8] = 99
        #expect(network.inject(header + [1, 2, 3], as: 2, to: 1) == .nothing)
        #expect(network[1].links.statistics[dropped: .compressionModel] == 1)
        network[1].drainEvents()
        #expect(network[1].notices.contains("compress: Received packet with unknown compress model 99"))
    }
}
