import Basics
import Links
import Testing
import TotemWire

/// What somebody sends who knows addresses and layouts, and what follows: nothing.
struct HostileTests {
    private func settled(links: UInt8 = 1) throws -> TestNetwork {
        let network = try TestNetwork(nodes: [1, 2, 3], links: links)
        network.run(milliseconds: 3000)
        return network
    }

    private func bytes(_ packet: KnetPacket) -> [UInt8] {
        var writer = ByteWriter()
        packet.encode(into: &writer)
        return writer.bytes
    }

    private func data(_ sequence: UInt16, from host: UInt16 = 2, target: UInt8 = 0, channel: Int8 = 0) -> [UInt8] {
        var packet = TestNetwork.packet(40)
        packet[9] = target
        return bytes(.data(DataHeader(host: HostID(host), sequence: sequence, isMulticast: true, channel: channel)))
            + packet
    }

    @Test("pongs that are invented or recorded keep no dead link up")
    func pongs() throws {
        let network = try settled()
        network[2].recordsSent = true
        network.run(milliseconds: 9000)
        let recorded = network[2].sent(.pong)
        network.remove(2)
        let link = network.number(0)
        for round in 0..<100 {
            // Whoever counts along knows the number of the next ping, but not its digest.
            for number in 0..<60 as Range<UInt64> {
                let pong = Ping(
                    host: HostID(2), link: link, stamp: PingStamp(number, number &* 0x1234_5678_9ABC), sequence: 1,
                    isForced: false)
                network.inject(bytes(.pong(pong)), as: 2, to: 1)
            }
            network.inject(recorded[round % recorded.count], as: 2, to: 1)
            network.run(milliseconds: 20)
        }
        #expect(!network[1].reaches(2))
        #expect(network[1].links.statistics[dropped: .pong] >= 6000)
    }

    @Test("invented replies to probes raise no MTU")
    func probeReplies() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.change(link: 0) {
            $0.interfaceMTU = 9000
            $0.mtu = 1400
        }
        network.run(milliseconds: 3000)
        for size in stride(from: 600, to: 9000, by: 100) {
            let reply = MTUProbe(host: HostID(2), link: network.number(0), packetSize: UInt16(size))
            network.inject(bytes(.probeReply(reply)), as: 2, to: 1)
        }
        network.run(milliseconds: 5000)
        #expect(network[1].links.dataMTU == 1346)
        #expect(network[1].links.statistics[dropped: .probeReply] == 84)
    }

    @Test("reports of unreachable hosts, however many, take no link down that answers")
    func reports() throws {
        let network = try settled()
        for _ in 0..<2000 {
            network[1].links.reported(unreachable: network.address(2, 0), on: SocketNumber(0), now: network.now)
            network.send(network[1])
            network.run(milliseconds: 5)
        }
        #expect(network[1].reaches(2))
        #expect(network[1].links.links(to: NodeID(2)).first?.statistics.downCount == 1)
    }

    @Test("what comes from another address than the link's is dropped, and so is what comes by another socket")
    func sources() throws {
        let network = try settled(links: 2)
        let stranger = SocketAddress(.v4(0x0A00_0063), port: 5405)
        #expect(!network[1].knows(stranger))
        #expect(network[1].knows(network.address(2, 0)))
        let ping = Ping(host: HostID(2), link: network.number(0), stamp: PingStamp(1, 2), sequence: 0, isForced: false)
        network[1].recordsSent = true
        for packet in [data(1), bytes(.ping(ping))] {
            network.inject(packet, from: stranger, to: 1)
            network.inject(packet, as: 3, to: 1)
            network.inject(packet, from: network.address(2, 0), to: 1, link: 1)
        }
        #expect(network[1].received.isEmpty && network[1].sent.isEmpty)
        #expect(network[1].links.statistics[dropped: .source] == 6)
        // Another port of the right address is a link's peer behind a translation of ports.
        var moved = network.address(2, 0)
        moved.port = 40_000
        network.inject(data(1), from: moved, to: 1)
        #expect(network[1].received.count == 1)
    }

    @Test("answers go to the configured address, and pings of a link that there is not get none")
    func answers() throws {
        let network = try settled()
        network[1].recordsSent = true
        var moved = network.address(2, 0)
        moved.port = 40_000
        let ping = Ping(host: HostID(2), link: network.number(0), stamp: PingStamp(1, 2), sequence: 0, isForced: false)
        network.inject(bytes(.ping(ping)), from: moved, to: 1)
        #expect(network[1].sent.map(\.target.address) == [network.address(2, 0)])
        network[1].forgetSent()
        var other = bytes(.ping(ping))
        for link in [1, 7, 8, 255] as [UInt8] {
            other[6] = link
            network.inject(other, as: 2, to: 1)
        }
        #expect(network[1].sent.isEmpty)
    }

    @Test("a host that is not reachable is answered, and its data dropped")
    func unreachable() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network[1].recordsSent = true
        let ping = Ping(host: HostID(2), link: network.number(0), stamp: PingStamp(1, 2), sequence: 0, isForced: false)
        network.inject(bytes(.ping(ping)), as: 2, to: 1)
        let probe = MTUProbe(host: HostID(2), link: network.number(0), packetSize: 1500)
        network.inject(bytes(.probe(probe)), as: 2, to: 1)
        #expect(network[1].sent.map { $0.datagram[1] } == [0x82, 0x84])
        network.inject(data(1), as: 2, to: 1)
        #expect(network[1].received.isEmpty)
        #expect(network[1].links.statistics[dropped: .unreachable] == 1)
    }

    @Test(
        "data for another node, another channel, from this node or nobody is dropped; for another node any number of times"
    )
    func data() throws {
        let network = try settled()
        network.inject(data(1, target: 3), as: 2, to: 1)
        network.inject(data(1, target: 3), as: 2, to: 1)
        #expect(network[1].links.statistics[dropped: .target] == 2)
        network.inject(data(1, channel: 1), as: 2, to: 1)
        #expect(network[1].links.statistics[dropped: .channel] == 1)
        network.inject(data(1, from: 1), as: 2, to: 1)
        network.inject(data(1, from: 99), as: 2, to: 1)
        #expect(network[1].links.statistics[dropped: .host] == 2)
        network.inject(Array(data(1).prefix(20)), as: 2, to: 1)
        #expect(network[1].links.statistics[dropped: .short] == 1)
        #expect(network[1].received.isEmpty)
        network.inject(data(1), as: 2, to: 1)
        #expect(network[1].received.count == 1)
    }

    @Test("a sealed ring takes nothing clear and nothing of an empty slot")
    func protection() throws {
        let network = try TestNetwork(
            nodes: [1, 2], overhead: SealOverhead(hasCipher: true, hashSize: 32), keys: KeySlots(isSealed: true))
        #expect(network.run(milliseconds: 2000) { network.isWhole })
        network.inject(data(1), as: 2, to: 1, slot: .clear)
        network.inject(data(1), as: 2, to: 1, slot: .second)
        #expect(network[1].links.statistics[dropped: .protection] == 2)
        #expect(network[1].received.isEmpty)
        network.inject(data(1), as: 2, to: 1, slot: .first)
        #expect(network[1].received.count == 1)
    }

    @Test("pieces of packets that never become whole take no more memory than there is for them")
    func pieces() throws {
        let network = try settled()
        for sequence in 1...5000 as ClosedRange<UInt16> {
            for host in [2, 3] as [UInt16] {
                let header = DataHeader(
                    host: HostID(host), sequence: sequence, isMulticast: true, pieceCount: 200, pieceIndex: 1)
                network.inject(bytes(.data(header)) + TestNetwork.packet(300), as: host, to: 1)
            }
        }
        #expect(network[1].received.isEmpty)
        #expect(network[1].links.unfinishedPackets <= 64)
        network.inject(data(5001), as: 2, to: 1)
        #expect(network[1].received.count == 1)
    }

    @Test("a shell that does not send does not fill the memory")
    func outbox() throws {
        let network = try settled()
        let packet = TestNetwork.packet(60_000)
        var outcomes: Set<SendOutcome> = []
        for _ in 0..<400 { outcomes.insert(network[1].links.send(packet.span, to: .everyone, now: network.now)) }
        #expect(outcomes == [.queued, .refused])
        network.send(network[1])
        #expect(network.send(packet, from: 1) == .queued)
    }

    @Test("any bytes at all: nothing traps, and little is said")
    func noise() throws {
        let network = try settled(links: 2)
        network[1].forgetEvents()
        var dice: UInt64 = 7
        func roll() -> UInt64 {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return dice >> 33
        }
        for _ in 0..<20_000 {
            var datagram = (0..<(roll() % 60)).map { _ in UInt8(truncatingIfNeeded: roll()) }
            if datagram.count > 6, roll() % 4 > 0 {
                datagram[0] = 1
                datagram[1] = [0, 0x81, 0x82, 0x83, 0x84][Int(roll() % 5)]
                datagram[2] = 0
                datagram[3] = UInt8(2 + roll() % 2)
                datagram[6] = UInt8(roll() % 3)
            }
            network.inject(datagram, as: UInt16(2 + roll() % 2), to: 1, link: UInt8(roll() % 2))
        }
        network[1].drainEvents()
        #expect(network[1].events.count < 40)
        network.run(milliseconds: 5000)
        #expect(network.isWhole)
    }
}
