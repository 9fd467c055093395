import Basics
import Links
import Testing

struct RestartTests {
    @Test("a process that begins anew is heard, however soon", arguments: [0, 100, 700, 1500, 4000] as [UInt64])
    func restart(_ pause: UInt64) throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        for _ in 0..<100 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 2000)
        network.change(link: 0) { $0.isCut = true }
        network.run(milliseconds: pause)
        network.change(link: 0) { $0.isCut = false }
        try network.restart(2)
        // Two intervals are enough for the pings of the new life.
        network.run(milliseconds: 2500)
        network[1].forgetReceived()
        for seed in 0..<50 as Range<UInt8> { _ = network.send(TestNetwork.packet(50, seed: seed), from: 2) }
        network.run(milliseconds: 100)
        #expect(network[1].received.count == 50)
    }

    @Test(
        "a process that begins anew and speaks at once is heard within two seconds, though nothing else told of its end",
        arguments: [3, 300, 3000, 6000, 40_000])
    func busyRestart(_ packets: Int) throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.run(milliseconds: 3000)
        for _ in 0..<packets {
            _ = network.send(TestNetwork.packet(20), from: 2)
            if network[2].links.sequence % 1000 == 0 { network.run(milliseconds: 5) }
        }
        network.run(milliseconds: 1000)
        try network.restart(2)
        #expect(network.run(milliseconds: 1000) { network[2].reaches(1) })
        for _ in 0..<100 {
            _ = network.send(TestNetwork.packet(20), from: 2)
            network.run(milliseconds: 20)
        }
        network[1].forgetReceived()
        for _ in 0..<10 {
            _ = network.send(TestNetwork.packet(20), from: 2)
            network.run(milliseconds: 20)
        }
        #expect(network[1].received.count == 10)
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
    }

    @Test("packets that were recorded are refused for good: of the window, of before it, and of an earlier life")
    func replay() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        network[2].recordsSent = true
        for _ in 0..<6000 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 100)
        let recorded = network[2].sent(.data)
        network[1].forgetReceived()
        for datagram in [recorded[0], recorded[100], recorded[5000], recorded[5999]] {
            network.inject(datagram, as: 2, to: 1)
        }
        #expect(network[1].received.isEmpty)
        #expect(network[1].links.statistics[dropped: .duplicate] == 2)
        #expect(network[1].links.statistics[dropped: .behind] == 2)
        // And none of it has done harm.
        _ = network.send(TestNetwork.packet(50), from: 2)
        network.run(milliseconds: 10)
        #expect(network[1].received.count == 1)
    }

    @Test("a recorded ping of a host's beginning forgets nothing while the host goes on")
    func recordedPing() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network[2].recordsSent = true
        network.run(milliseconds: 3000)
        let first = network[2].sent(.ping)[0]
        network[2].forgetSent()
        for _ in 0..<10 { _ = network.send(TestNetwork.packet(50), from: 2) }
        let data = network[2].sent(.data)[3]
        network.run(milliseconds: 1000)
        network[1].forgetReceived()
        for _ in 0..<40 {
            network.inject(first, as: 2, to: 1)
            network.run(milliseconds: 173)
            network.inject(data, as: 2, to: 1)
        }
        #expect(network[1].received.isEmpty)
        #expect(network[1].links.statistics[dropped: .restart] == 40)
    }

    @Test("a host's first ping that comes late, behind its first packets, forgets nothing")
    func lateFirstPing() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network[2].recordsSent = true
        network.run(milliseconds: 3010)
        let first = network[2].sent(.ping)[0]
        for _ in 0..<10 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 5)
        let data = network[2].sent(.data)[3]
        network[1].forgetReceived()
        network.inject(first, as: 2, to: 1)
        network.inject(data, as: 2, to: 1)
        #expect(network[1].received.isEmpty)
        #expect(network[1].links.statistics[dropped: .restart] == 1)
    }

    @Test("a process that begins anew is heard by a node that missed all its first pings")
    func missedPings() throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.run(milliseconds: 3000)
        for _ in 0..<300 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 1000)
        network.change(from: 2, to: 1, link: 0) { $0.isCut = true }
        try network.restart(2)
        #expect(network.run(milliseconds: 1000) { network[2].reaches(3) })
        _ = network.send(TestNetwork.packet(50), from: 2)
        network.change(from: 2, to: 1, link: 0) { $0.isCut = false }
        #expect(network.run(milliseconds: 4000) { network[2].reaches(1) })
        network.run(milliseconds: 1500)
        network[1].forgetReceived()
        for _ in 0..<20 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 10)
        #expect(network[1].received.count == 20)
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
    }

    @Test(
        "a host that has sent more than half a round of numbers unheard is heard from its next ping on, whether it has begun anew",
        arguments: [33_000, 40_000, 60_000], [false, true])
    func halfRound(_ packets: Int, beginsAnew: Bool) throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.run(milliseconds: 3000)
        for _ in 0..<100 { _ = network.send(TestNetwork.packet(20), from: 2) }
        network.run(milliseconds: 500)
        network.change(from: 2, to: 1, link: 0) { $0.isCut = true }
        if beginsAnew {
            try network.restart(2)
            #expect(network.run(milliseconds: 1000) { network[2].reaches(3) })
        }
        for _ in 0..<packets {
            _ = network.send(TestNetwork.packet(20), from: 2)
            if network[2].links.sequence % 1000 == 0 { network.run(milliseconds: 5) }
        }
        network.run(milliseconds: 1000)
        network.change(from: 2, to: 1, link: 0) { $0.isCut = false }
        // Nothing but pings tells how far it has got.
        #expect(network.run(milliseconds: 4000) { network[2].reaches(1) })
        network.run(milliseconds: 1000)
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
        network[1].forgetReceived()
        for seed in 0..<3 as Range<UInt8> { _ = network.send(TestNetwork.packet(20, seed: seed), from: 2) }
        network.run(milliseconds: 10)
        #expect(network[1].received.count == 3)
    }

    @Test("a process that begins anew is heard after one that ended before its second ping with a number")
    func shortLife() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3010)
        for _ in 0..<5 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 100)
        try network.restart(2)
        #expect(network.run(milliseconds: 2000) { network[2].reaches(1) })
        network.run(milliseconds: 2000)
        network[1].forgetReceived()
        for _ in 0..<5 { _ = network.send(TestNetwork.packet(50), from: 2) }
        network.run(milliseconds: 10)
        #expect(network[1].received.count == 5)
    }

    @Test("pieces of a process that has ended are not put together with those of the one after it")
    func piecesOfTwoLives() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3010)
        network[2].recordsSent = true
        network.change(link: 0) { $0.isCut = true }
        _ = network.send(TestNetwork.packet(4000), from: 2)
        network.change(link: 0) { $0.isCut = false }
        let pieces = network[2].sent(.data)
        for piece in pieces.dropLast() { network.inject(piece, as: 2, to: 1) }
        network.run(milliseconds: 80)
        try network.restart(2)
        #expect(network.run(milliseconds: 900) { network[2].reaches(1) })
        let packet = TestNetwork.packet(4000, seed: 2)
        _ = network.send(packet, from: 2)
        network.run(milliseconds: 10)
        #expect(network[1].received.allSatisfy { $0.bytes == packet })
    }

    @Test("with every 8191st packet a ping goes to every link before it, and numbers go from 65535 to 1")
    func forcedPings() throws {
        let network = try TestNetwork(nodes: [1, 2, 3], links: 2)
        network.run(milliseconds: 3000)
        for _ in 0..<8190 { _ = network.send(TestNetwork.packet(20), from: 1) }
        network[1].recordsSent = true
        _ = network.send(TestNetwork.packet(20), from: 1)
        let sent = network[1].sent
        let pings = sent.prefix { $0.datagram[1] == 0x81 }
        #expect(pings.count == 4)
        #expect(pings.allSatisfy { $0.datagram[23...25] == [0x1F, 0xFF, 0] })
        #expect(sent.dropFirst(4).first.map { Array($0.datagram[6...7]) } == [0x1F, 0xFF])
        network[1].recordsSent = false
        for _ in 8191..<65_535 {
            _ = network.send(TestNetwork.packet(20), from: 1)
            if network[1].links.sequence % 1000 == 0 {
                network.run(milliseconds: 5)
                network[2].forgetReceived()
            }
        }
        #expect(network[1].links.sequence == 65_535)
        network.run(milliseconds: 5)
        network[2].forgetReceived()
        _ = network.send(TestNetwork.packet(20), from: 1)
        network.run(milliseconds: 5)
        #expect(network[1].links.sequence == 1)
        #expect(network[2].received.count == 1)
    }

    @Test("a ping bears the number of the last data packet")
    func pingNumber() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network[1].recordsSent = true
        network.run(milliseconds: 3000)
        #expect(network[1].sent(.ping).allSatisfy { $0[23] == 0 && $0[24] == 0 && $0[25] == 1 })
        for _ in 0..<57 { _ = network.send(TestNetwork.packet(20), from: 1) }
        network[1].forgetSent()
        network.run(milliseconds: 1000)
        #expect(network[1].sent(.ping).allSatisfy { $0[23] == 0 && $0[24] == 57 })
    }
}
