import Basics
import Links
import Testing

struct ConfigurationTests {
    private let now = Instant(nanoseconds: 1)

    private func machine() -> KnetLinks {
        KnetLinks(me: HostID(1), settings: KnetSettings(), secret: LinkSecret(1, 2), now: now)
    }

    private func link(_ number: UInt8, own: UInt32 = 1, remote: UInt32 = 2, port: UInt16 = 5405) throws -> LinkSettings
    {
        LinkSettings(
            number: try #require(LinkNumber(number)), own: SocketAddress(.v4(own), port: port),
            remote: SocketAddress(.v4(remote), port: port), timing: LinkTiming(pingInterval: 750, timeout: 1500))
    }

    private func sockets(_ machine: inout KnetLinks) -> [LinksEvent] {
        var events: [LinksEvent] = []
        while let event = machine.nextEvent() {
            switch event {
            case .openSocket, .closeSocket: events.append(event)
            default: break
            }
        }
        return events
    }

    @Test("links with one own address share a socket, which is closed with the last of them")
    func shared() throws {
        var machine = machine()
        let own = SocketAddress(.v4(1), port: 5405)
        try machine.add(try link(0), to: HostID(2), now: now)
        try machine.add(try link(0, remote: 3), to: HostID(3), now: now)
        try machine.add(try link(1, own: 11, remote: 12), to: HostID(2), now: now)
        #expect(
            sockets(&machine) == [
                .openSocket(SocketNumber(0), own), .openSocket(SocketNumber(1), SocketAddress(.v4(11), port: 5405)),
            ])
        machine.remove(link: try #require(LinkNumber(0)), of: HostID(2), now: now)
        #expect(sockets(&machine).isEmpty)
        #expect(machine.nodes == [NodeID(2), NodeID(3)])
        machine.remove(link: try #require(LinkNumber(0)), of: HostID(3), now: now)
        #expect(sockets(&machine) == [.closeSocket(SocketNumber(0))])
        #expect(machine.nodes == [NodeID(2)])
        #expect(!machine.isKnown(own) && machine.isKnown(SocketAddress(.v4(12), port: 1)))
    }

    @Test("the other ends of links are known, however many there are, until they are removed")
    func sources() throws {
        var machine = machine()
        for host in 2...40 { try machine.add(try link(0, remote: UInt32(host)), to: HostID(UInt16(host)), now: now) }
        func known() -> [UInt32] { (1...41).filter { machine.isKnown(SocketAddress(.v4($0), port: 1)) } }
        #expect(known() == Array(2...40))
        for host: UInt16 in 10...40 {
            machine.remove(link: try #require(LinkNumber(0)), of: HostID(host), now: now)
        }
        #expect(known() == Array(2...9))
    }

    @Test("a link to oneself, one that is there, and one of two families are refused")
    func refused() throws {
        var machine = machine()
        try machine.add(try link(0), to: HostID(2), now: now)
        func refusal(_ link: LinkSettings, _ host: UInt16) -> LinkRefusal? {
            do throws(LinkRefusal) {
                try machine.add(link, to: HostID(host), now: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(try link(0), 1) == .ownHost)
        #expect(refusal(try link(0), 2) == .exists)
        var mixed = try link(1)
        mixed.remote.address = .v6(high: 1, low: 1)
        #expect(refusal(mixed, 2) == .family)
        #expect(machine.nodes == [NodeID(2)])
    }

    @Test("a link added to a running ring comes up and is preferred by its priority; removed it is gone")
    func running() throws {
        let network = try TestNetwork(nodes: [1, 2])
        network.run(milliseconds: 3000)
        for (node, other) in [(1, 2), (2, 1)] as [(UInt16, UInt16)] {
            var settings = network.linkSettings(1, node, other)
            settings.priority = 10
            try network[node].links.add(settings, to: HostID(other), now: network.now)
        }
        network.run(milliseconds: 3000)
        #expect(network[1].notices.contains("host: host: 2 (passive) best link: 1 (pri: 10)"))
        network[1].forgetEvents()
        for (node, other) in [(1, 2), (2, 1)] as [(UInt16, UInt16)] {
            network[node].links.remove(link: network.number(1), of: HostID(other), now: network.now)
            network.send(network[node])
        }
        #expect(network[1].notices.contains("host: host: 2 (passive) best link: 0 (pri: 1)"))
        network.run(milliseconds: 3000)
        #expect(network.isWhole && !network[1].events.contains(.linksLost(NodeID(2))))
        #expect(network[1].links.links(to: NodeID(2)).map(\.number.rawValue) == [0])
    }

    @Test("a reload changes how a link is watched and preferred")
    func retimed() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 3000)
        let timing = LinkTiming(pingInterval: 100, timeout: 200)
        network[1].links.configure(network.number(1), of: HostID(2), timing, priority: 9, now: network.now)
        network.send(network[1])
        #expect(network[1].notices.contains("host: host: 2 (passive) best link: 1 (pri: 9)"))
        network.run(milliseconds: 2000)
        network.change(link: 1) { $0.isCut = true }
        network.run(milliseconds: 350)
        #expect(network[1].links.links(to: NodeID(2)).map(\.isConnected) == [true, false])
    }

    @Test("a reload changes the policy")
    func policy() throws {
        let network = try TestNetwork(nodes: [1, 2], links: 2)
        network.run(milliseconds: 3000)
        network[1].links.configure(KnetSettings(policy: .active), now: network.now)
        network[1].recordsSent = true
        _ = network.send(TestNetwork.packet(20), from: 1)
        let all = network[1].sent.filter { $0.datagram[1] == 0 }
        #expect(all.map(\.target.link.rawValue) == [0, 1])
        network[1].forgetSent()
        network[1].links.configure(KnetSettings(), now: network.now)
        _ = network.send(TestNetwork.packet(20), from: 1)
        let one = network[1].sent.filter { $0.datagram[1] == 0 }
        #expect(one.map(\.target.link.rawValue) == [0])
    }

    @Test("the last link of a host removed is a host lost")
    func lost() throws {
        let network = try TestNetwork(nodes: [1, 2, 3])
        network.run(milliseconds: 3000)
        network[1].links.remove(link: network.number(0), of: HostID(2), now: network.now)
        network.send(network[1])
        #expect(network[1].events.contains(.linksLost(NodeID(2))))
        #expect(network[1].links.nodes == [NodeID(3)])
        #expect(network.send(TestNetwork.packet(20), from: 1) == .queued)
        network[1].links.remove(link: network.number(0), of: HostID(3), now: network.now)
        #expect(network.send(TestNetwork.packet(20), from: 1) == .nobody)
        #expect(network[1].links.nextDeadline == nil)
    }

    @Test("the node itself is shown with a link that is always up")
    func loopback() throws {
        let links = machine().links(to: NodeID(1))
        #expect(links.map(\.mtu) == [65_535] && links.map(\.isConnected) == [true])
        #expect(links.map(\.statistics.upCount) == [1])
        #expect(machine().isReachable(NodeID(1)) == true)
    }
}
