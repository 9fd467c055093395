import Basics
import Links
import Testing

struct NetworkMTUTests {
    private static let message = TestNetwork.packet(65_000)

    @Test(
        "a path that carries 1400 bytes and drops the rest in silence is known before the link is up",
        arguments: [
            SealOverhead.clear, SealOverhead(hasCipher: true, hashSize: 32),
        ])
    func silentPath(_ overhead: SealOverhead) throws {
        let network = try TestNetwork(
            nodes: [1, 2], overhead: overhead,
            keys: KeySlots(isSealed: overhead != .clear))
        network.change(link: 0) { $0.mtu = 1400 }
        #expect(network.run(milliseconds: 1000) { network.isWhole })
        #expect(network[1].links.dataMTU == LinkSizes(.v4, overhead).linkMTU(path: 1400))
        _ = network.send(Self.message, from: 1)
        network.run(milliseconds: 20)
        #expect(network[2].received.map(\.bytes) == [Self.message])
        #expect(network[1].notices.contains { $0.hasPrefix("pmtud: Global data MTU changed to: ") })
    }

    @Test("a search is told of once, with what it has ended with")
    func notices() throws {
        let network = try TestNetwork(nodes: [1, 2, 3], settings: KnetSettings(probeInterval: 1000))
        network.change(link: 0) { $0.mtu = 1400 }
        network.run(milliseconds: 10_000)
        let told = network[1].notices.filter { $0.contains("PMTUD link change") || $0.contains("Global data MTU") }
        #expect(
            told.sorted() == [
                "pmtud: Global data MTU changed to: 1346",
                "pmtud: PMTUD link change for host: 2 link: 0 from 522 to 1346",
                "pmtud: PMTUD link change for host: 3 link: 0 from 522 to 1346",
            ])
        network[1].forgetEvents()
        network.change(link: 0) { $0.mtu = 1300 }
        for _ in 0..<20 {
            _ = network.send(Self.message, from: 1)
            network.run(milliseconds: 100)
        }
        #expect(network[1].notices.count { $0.contains("PMTUD link change") } == 2)
        #expect(network[1].notices.count { $0.contains("Global data MTU") } == 1)
    }

    @Test(
        "a path that becomes smaller in silence is noticed though each packet takes one datagram only",
        arguments: [600, 1200])
    func shortPackets(_ length: Int) throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        network.change(link: 0) { $0.mtu = length }
        for _ in 0..<25 {
            _ = network.send(TestNetwork.packet(length), from: 1)
            network.run(milliseconds: 100)
        }
        let before = network[2].received.count
        _ = network.send(TestNetwork.packet(length), from: 1)
        network.run(milliseconds: 100)
        #expect(network[2].received.count == before + 1)
    }

    @Test("a path that carries less than the interface is warned of once")
    func warning() throws {
        let network = try TestNetwork(nodes: [1, 2], settings: KnetSettings(probeInterval: 1000))
        network.change(link: 0) { $0.mtu = 1400 }
        network.run(milliseconds: 10_000)
        let warnings = network[1].notices.filter { $0.contains("possible MTU misconfiguration") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("reporting MTU: 1500 bytes for host 2 link 0 but") == true)
    }

    @Test("links of a host with unlike paths carry pieces that fit through each of them")
    func unlike() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2, settings: KnetSettings(policy: .roundRobin))
        network.change(link: 1) { $0.mtu = 1400 }
        network.run(milliseconds: 3000)
        #expect(network[1].links.dataMTU == 1346)
        for _ in 0..<4 { _ = network.send(Self.message, from: 1) }
        network.run(milliseconds: 20)
        #expect(network[2].received.count == 4)
        // When the narrow one is gone, so is its limit.
        network.change(link: 1) { $0.isCut = true }
        network.run(milliseconds: 4000)
        #expect(network[1].links.dataMTU == 1446)
    }

    @Test("what a router is said to carry, and what an interface is said to carry")
    func hints() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 5000)
        network[1].links.reported(mtu: 600, to: network.address(2, 0), on: SocketNumber(0), now: network.now)
        network.send(network[1])
        network.run(milliseconds: 500)
        #expect(network[1].links.dataMTU == 1446)
        network[1].links.interface(of: SocketNumber(0), mtu: 1300, now: network.now)
        network.send(network[1])
        #expect(network[1].links.dataMTU == 1246)
    }

    @Test("an interface that becomes smaller costs one packet", arguments: [1300, 1000])
    func smallerInterface(_ size: Int) throws {
        let network = try TestNetwork(nodes: [1, 2, 3], links: 2)
        network.run(milliseconds: 5000)
        for from in [1, 2] as [UInt16] {
            for to in [1, 2] as [UInt16] where to != from {
                network.change(from: from, to: to, link: 0) { $0.interfaceMTU = size }
            }
        }
        _ = network.send(Self.message, from: 1)
        _ = network.send(Self.message, from: 1)
        network.run(milliseconds: 20)
        #expect(network[1].links.dataMTU == size - 54)
        #expect(network[2].received.map(\.bytes) == [Self.message])
        // Who is reached another way has got both.
        #expect(network[3].received.count == 2)
    }

    @Test("a device that refuses large datagrams without a word is found out by the probes")
    func noRoom() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.change(link: 0) {
            $0.interfaceMTU = 1400
            $0.refusesSilently = true
        }
        #expect(network.run(milliseconds: 1000) { network.isWhole })
        #expect(network[1].links.dataMTU == 1346)
    }

    @Test("a path that becomes smaller in silence under load is noticed within a second and a half")
    func smallerPath() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 5000)
        network.change(link: 0) { $0.mtu = 1350 }
        for _ in 0..<75 {
            _ = network.send(Self.message, from: 1)
            network.run(milliseconds: 20)
        }
        #expect(network[1].links.dataMTU == 1296)
        network[2].forgetReceived()
        _ = network.send(Self.message, from: 1)
        network.run(milliseconds: 20)
        #expect(network[2].received.count == 1)
    }

    @Test("a host that joins makes datagrams small only until its own path is known")
    func joining() throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.change(from: 1, to: 3, link: 0) { $0.isCut = true }
        network.run(milliseconds: 5000)
        #expect(network[1].links.dataMTU == 1446)
        network[1].forgetEvents()
        network.change(from: 1, to: 3, link: 0) { $0.isCut = false }
        #expect(network.run(milliseconds: 5000) { network.isWhole })
        #expect(network[1].links.dataMTU == 1446)
        #expect(!network[1].events.contains { if case .dataMTU = $0 { true } else { false } })
    }

    @Test("knet_mtu is used at once, and a reload changes it")
    func manual() throws {
        let network = try TestNetwork(nodes: [1, 2], settings: KnetSettings(mtu: 1300))
        network[1].recordsSent = true
        network.run(milliseconds: 3000)
        #expect(network[1].links.dataMTU == 1246)
        #expect(network[1].sent(.probe).isEmpty)
        #expect(network[1].notices.first == "pmtud: MTU manually set to: 1300")
        network[1].links.configure(KnetSettings(), now: network.now)
        network.send(network[1])
        network.run(milliseconds: 300)
        #expect(network[1].links.dataMTU == 1446)
    }
}
