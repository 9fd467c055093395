import Basics
import Links
import Testing

struct DeliveryTests {
    @Test(
        "links come up after the configured pongs, and packets are delivered whole and in pieces",
        arguments: [13, 500, 1446, 1447, 9000, 65_536])
    func delivery(_ length: Int) throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        #expect(network.run(milliseconds: 1000) { network.isWhole })
        network.run(milliseconds: 200)
        let packet = TestNetwork.packet(length)
        #expect(network.send(packet, from: 1) == .queued)
        network.run(milliseconds: 10)
        #expect(network[2].received.map(\.bytes) == [packet])
        #expect(network[3].received.map(\.bytes) == [packet])
        #expect(network[1].received.isEmpty)
    }

    @Test("with nothing to probe links come up as soon")
    func withoutProbes() throws {
        let network = try TestNetwork(nodes: [1, 2], settings: KnetSettings(mtu: 1500))
        #expect(network.run(milliseconds: 420) { network.isWhole })
    }

    @Test("what is said when a link comes up, in libknet's words and order")
    func notices() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 1000)
        let infos = network[1].events.compactMap { event in
            if case .notice(let notice) = event, notice.severity <= .info { notice.text } else { nil }
        }
        #expect(
            infos == [
                "pmtud: MTU manually set to: 0", "pmtud: PMTUD link change for host: 2 link: 0 from 522 to 1446",
                "rx: host: 2 link: 0 is up", "host: host: 2 (passive) best link: 0 (pri: 1)",
                "pmtud: Global data MTU changed to: 1446",
            ])
    }

    @Test("captured pings and probes of libknet are answered as libknet answers them")
    func vectors() throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        for (asked, answered) in [("02-ping-answered", "03-pong"), ("07-pmtud-1500", "08-pmtud-reply")] {
            let question = Vectors.one(asked)
            let answer = Vectors.one(answered)
            let node = network[UInt16(answer[3])]
            node.recordsSent = true
            network.inject(question, as: UInt16(question[3]), to: node.id)
            #expect(node.sent.map(\.datagram).contains(answer), "\(asked)")
        }
    }

    @Test("a packet for one node names it, and goes to nobody else")
    func unicast() throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.run(milliseconds: 2000)
        let packet = TestNetwork.packet(60)
        #expect(network.send(packet, from: 1, to: .node(NodeID(3))) == .queued)
        network.run(milliseconds: 10)
        #expect(network[2].received.isEmpty)
        var expected = packet
        expected.replaceSubrange(9..<13, with: [3, 0, 0, 0])
        #expect(network[3].received.map(\.bytes) == [expected])
    }

    @Test("to a node that no link leads to nothing is sent, and the counter stays")
    func nobody() throws {
        let network = try TestNetwork(nodes: [1, 2])
        #expect(network.send(TestNetwork.packet(60), from: 1) == .nobody)
        #expect(network[1].links.sequence == 0)
        network.run(milliseconds: 2000)
        #expect(network.send(TestNetwork.packet(60), from: 1, to: .node(NodeID(9))) == .nobody)
        #expect(network.send(TestNetwork.packet(60), from: 1) == .queued)
        #expect(network[1].links.sequence == 1)
    }
}
