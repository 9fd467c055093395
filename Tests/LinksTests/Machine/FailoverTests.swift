import Basics
import Links
import Testing

struct FailoverTests {
    private static let milliseconds: UInt64 = 1_000_000

    /// Sends a packet each 10 ms from 1 to all for `time` milliseconds; the numbers that did not arrive at 2.
    private func lost(_ network: TestNetwork, for time: Int, first: Int = 0) -> [Int] {
        network[2].forgetReceived()
        let numbers = first..<(first + time / 10)
        for number in numbers {
            var packet = TestNetwork.packet(64)
            packet[20] = UInt8(truncatingIfNeeded: number)
            packet[21] = UInt8(truncatingIfNeeded: number >> 8)
            _ = network.send(packet, from: 1)
            network.run(milliseconds: 10)
        }
        let arrived = network[2].received.map { Int($0.bytes[20]) | Int($0.bytes[21]) << 8 }
        #expect(Set(arrived).count == arrived.count, "delivered twice")
        return numbers.filter { !arrived.contains($0) }
    }

    @Test("passive sends on one link, active on all, round robin on each in turn", arguments: LinkPolicy.allCases)
    func policies(_ policy: LinkPolicy) throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2, settings: KnetSettings(policy: policy))
        network.run(milliseconds: 3000)
        network[1].recordsSent = true
        for _ in 0..<4 { _ = network.send(TestNetwork.packet(50), from: 1) }
        let links = network[1].sent.filter { $0.datagram[1] == 0 }.map(\.target.link.rawValue)
        switch policy {
        case .passive: #expect(links == [0, 0, 0, 0])
        case .active: #expect(links == [0, 1, 0, 1, 0, 1, 0, 1])
        case .roundRobin: #expect(links == [0, 1, 0, 1])
        }
        network.run(milliseconds: 10)
        #expect(network[2].received.count == 4)
    }

    @Test("a link whose address is gone is given up within a fifth of its timeout, and the host stays reachable")
    func closed() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 12_000)
        let link = try #require(network[1].links.links(to: NodeID(2)).first)
        network.change(link: 0) { $0.isCut = true }
        // The first own address has the first socket.
        network[1].links.closed(SocketNumber(0), now: network.now)
        network.run(milliseconds: 300)
        #expect(network[1].links.links(to: NodeID(2)).map(\.isConnected) == [false, true])
        #expect(link.isConnected && !network[1].events.contains(.linksLost(NodeID(2))))
    }

    @Test(
        "a cut link costs packets only until its next ping is missed, whenever it happens, and the host stays reachable",
        arguments: LinkPolicy.allCases, [1000, 2500, 12_340])
    func cut(_ policy: LinkPolicy, _ start: UInt64) throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2, settings: KnetSettings(policy: policy))
        network.run(milliseconds: start)
        #expect(lost(network, for: 500).isEmpty)
        network.change(link: 0) { $0.isCut = true }
        let lost = lost(network, for: 8000)
        // At most an interval and the time of doubt.
        #expect(lost.count <= 86)
        #expect(policy != .active || lost.isEmpty)
        #expect(lost.allSatisfy { $0 < 86 })
        #expect(network[1].reaches(2) && network[2].reaches(1))
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
        #expect(network[1].notices.contains("link: host: 2 link: 0 is down"))
        network.change(link: 0) { $0.isCut = false }
        network.run(milliseconds: 3000)
        #expect(network[1].links.links(to: NodeID(2)).map(\.isConnected) == [true, true])
        #expect(self.lost(network, for: 1000).isEmpty)
    }

    @Test("a link that fails again and again beside a healthy one never takes more than an interval of packets")
    func flapping() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 2000)
        for round in 0..<6 {
            network.change(link: 0) { $0.isCut = true }
            #expect(lost(network, for: 2500, first: round * 1000).count <= 86)
            network.change(link: 0) { $0.isCut = false }
            #expect(lost(network, for: 2500, first: round * 1000 + 500).count <= 86)
        }
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
    }

    @Test("one direction that is cut takes a link down at both ends")
    func oneWay() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 12_000)
        network.change(from: 1, to: 2, link: 0) { $0.isCut = true }
        #expect(lost(network, for: 6000).count <= 86)
        for (node, other) in [(1, 2), (2, 1)] as [(UInt16, UInt32)] {
            #expect(network[node].links.links(to: NodeID(other)).map(\.isConnected) == [false, true])
        }
    }

    @Test("all links lost is told once by the timeout, and so is a link that is back")
    func allLost() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 12_100)
        #expect(network[1].events.filter { $0 == .linksBack(NodeID(2)) }.count == 1)
        network[1].forgetEvents()
        for link in [0, 1] as [UInt8] { network.change(link: link) { $0.isCut = true } }
        #expect(network.run(milliseconds: 2500) { !network[1].reaches(2) })
        #expect(network.now.milliseconds(since: Instant(nanoseconds: 1_000_000_000)) <= 12_000 + 1600)
        #expect(network.send(TestNetwork.packet(50), from: 1) == .nobody)
        network.run(milliseconds: 5000)
        for link in [0, 1] as [UInt8] { network.change(link: link) { $0.isCut = false } }
        network.run(milliseconds: 4000)
        let changes = network[1].events.filter { $0 == .linksLost(NodeID(2)) || $0 == .linksBack(NodeID(2)) }
        #expect(changes == [.linksLost(NodeID(2)), .linksBack(NodeID(2))])
        #expect(network[1].notices.contains("host: host: 2 has no active links"))
        #expect(lost(network, for: 100).isEmpty)
    }

    @Test("a process that is gone is noticed by the reports of its kernel in less than a third of a second")
    func process() throws {
        let network = try TestNetwork(nodes: [1, 2, 3], links: 2)
        network.run(milliseconds: 2000)
        network.remove(2)
        let address = network.address(2, 0)
        network[1].links.reported(unreachable: network.address(2, 0), on: SocketNumber(0), now: network.now)
        network[1].links.reported(unreachable: network.address(2, 1), on: SocketNumber(1), now: network.now)
        network.send(network[1])
        #expect(network.run(milliseconds: 330) { network[1].events.contains(.linksLost(NodeID(2))) })
        #expect(network[1].reaches(3))
        #expect(address.port == 5405)
    }

    @Test("with losses on a single link the host stays reachable", arguments: [1, 2, 3] as [UInt64])
    func losses(_ seed: UInt64) throws {
        let network = try TestNetwork(nodes: [1, 2], seed: seed)
        network.run(milliseconds: 3000)
        network.change(link: 0) { $0.loss = 20 }
        network.run(milliseconds: 120_000)
        #expect(!network[1].events.contains(.linksLost(NodeID(2))))
    }

    @Test("a node at rest wakes up twice an interval for all its links together")
    func rest() throws {
        let network = try TestNetwork(nodes: [1, 2, 3, 4], links: 2)
        network.run(milliseconds: 10_000)
        var instants: Set<UInt64> = []
        network.run(milliseconds: 7500) {
            if let next = network[1].links.nextDeadline { instants.insert(next.nanoseconds / Self.milliseconds) }
            return false
        }
        // Ten pings at common instants, and the doubt behind each that no answer has put off yet.
        #expect(instants.count <= 21)
    }
}
