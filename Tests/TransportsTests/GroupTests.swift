import Basics
import Glibc
import Testing
import TotemWire

@testable import Transports

/// Transport udp: multicasts go to a group (spec: transports.md 4).
@Suite(.serialized)
struct GroupTests {
    /// Ports of groups of this process alone: every process on the machine hears its groups.
    static let port = UInt16(20_000 + getpid() % 20_000)

    private func openGroup(_ count: UInt32, from first: UInt32, listed: UInt32? = nil) throws -> [UDPTransport] {
        let all = members(count, from: first)
        let group = UDPGroup(address: .v4(0xEFC0_0000 | first), ttl: 1)
        return try all.map {
            try UDPTransport(
                address: $0.address, port: Self.port, node: $0.node, members: Array(all.prefix(Int(listed ?? count))),
                group: group)
        }
    }

    @Test func `A multicast leaves once, reaches every other node and comes to its sender as nothing`() throws {
        let ring = try openGroup(4, from: 200)
        send([1, 2, 3], ring[0], to: .everyone)
        ring[0].flush()
        #expect(ring[0].statistics.sentDatagrams == 1)
        for node in ring.dropFirst() { #expect(collectMulticasts(1, from: node) == [[1, 2, 3]]) }
        #expect(isGroupSilent(ring[0]))
        #expect(isSilent(ring[1]))
    }

    @Test func `A token visit is one call whose messages reach all, and whose token only its target`() throws {
        let ring = try openGroup(3, from: 204)
        var expected: [[UInt8]] = []
        for number in 0..<17 {
            let packet = [UInt8](repeating: UInt8(number), count: 1455)
            expected.append(packet)
            send(packet, ring[0], to: .everyone)
        }
        let token = [UInt8](repeating: 0xee, count: 57)
        send(token, ring[0], to: .node(NodeID(2)))
        ring[0].flush()
        #expect(ring[0].statistics.sendCalls == 1)
        #expect(ring[0].statistics.sentDatagrams == 18)
        #expect(collect(1, from: ring[1]) == [token])
        for node in ring.dropFirst() { #expect(collectMulticasts(17, from: node) == expected) }
        #expect(isSilent(ring[2]))
    }

    @Test func `More multicasts than one batch holds are said to wait`() throws {
        let ring = try openGroup(2, from: 208)
        for number in 0..<40 {
            send([UInt8](repeating: 7, count: 100 + number), ring[0], to: .everyone)
            send([1], ring[0], to: .everyone)
        }
        ring[0].flush()
        // Of all that the loopback has delivered.
        var count = 0
        repeat { count += ring[1].receiveMulticasts() } while ring[1].holdsMoreMulticasts
        #expect(count == 80)
        #expect(!ring[1].holdsMoreMulticasts)
    }

    @Test func `Everything leaves from the port before the ring's`() throws {
        let target = TestAddress.loopback(213)
        let plain = try UDPSocket.open(SocketAddress(target, port: Self.port))
        defer { close(plain) }
        let ring = try openGroup(1, from: 212)
        try ring[0].add(.init(node: NodeID(2), address: target))
        send([1], ring[0], to: .node(NodeID(2)))
        ring[0].flush()
        var poll = pollfd(fd: plain, events: Int16(POLLIN), revents: 0)
        #expect(Glibc.poll(&poll, 1, 5000) == 1)
        var batch = ReceiveBatch(capacity: 1)
        #expect(batch.fill(from: plain) == 1)
        #expect(batch.source(of: 0) == SocketAddress(TestAddress.loopback(212), port: Self.port - 1))
    }

    @Test func `Multicasts of addresses that are not listed are dropped until that is switched off`() throws {
        let ring = try openGroup(2, from: 216, listed: 1)
        send([1], ring[1], to: .everyone)
        ring[1].flush()
        #expect(waitGroup(ring[0], limit: 5000))
        #expect(isGroupSilent(ring[0]))
        #expect(ring[0].statistics.rejectedSources == 1)
        ring[0].blocksUnlistedAddresses = false
        send([2], ring[1], to: .everyone)
        send([3], ring[0], to: .everyone)
        ring[0].flush()
        ring[1].flush()
        #expect(collectMulticasts(1, from: ring[0]) == [[2]])
        #expect(isGroupSilent(ring[0]))
    }

    @Test func `The port before the ring's is named when it is busy`() throws {
        let address = TestAddress.loopback(220)
        let other = try UDPSocket.open(SocketAddress(address, port: Self.port - 1))
        defer { close(other) }
        #expect(throws: TransportError.portInUse(address, port: Self.port - 1, attempts: 1)) {
            _ = try openGroup(1, from: 220)
        }
    }

    @Test func `Multicasts that fail in a row are counted, whatever comes of tokens`() throws {
        let ring = try openGroup(2, from: 228)
        for _ in 0..<3 {
            // No network can carry it.
            send([UInt8](repeating: 1, count: 70_000), ring[0], to: .everyone)
            send([2], ring[0], to: .node(NodeID(2)))
            ring[0].flush()
        }
        #expect(ring[0].statistics.consecutiveSendErrors == 3)
        send([3], ring[0], to: .everyone)
        ring[0].flush()
        #expect(ring[0].statistics.consecutiveSendErrors == 0)
    }

    @Test func `No datagram is sent or heard while the interface is down`() throws {
        let ring = try openGroup(2, from: 224)
        #expect(ring[0].update(found: nil) == .wentDown)
        send([1], ring[0], to: .everyone)
        ring[0].flush()
        send([2], ring[1], to: .everyone)
        ring[1].flush()
        #expect(waitGroup(ring[0], limit: 5000))
        #expect(isGroupSilent(ring[0]) && isGroupSilent(ring[1]))
        #expect(ring[0].checkInterface() == .cameUp(ring[0].address))
        send([3], ring[0], to: .everyone)
        ring[0].flush()
        #expect(collectMulticasts(1, from: ring[1]) == [[3]])
    }
}

/// What needs addresses and interfaces of one's own.
@Suite(.serialized, .enabled(if: NetworkNamespace.isAvailable, "needs root for a network namespace"))
struct GroupNamespaceTests {
    private static func open(_ addresses: [String], _ group: String) throws -> [UDPTransport] {
        let all = try addresses.enumerated().map { index, text in
            UDPTransport.Member(node: NodeID(UInt32(index) + 1), address: try #require(IPAddress(text)))
        }
        let group = UDPGroup(address: try #require(IPAddress(group)), ttl: 1)
        return try all.map {
            try UDPTransport(address: $0.address, port: 5405, node: $0.node, members: all, group: group)
        }
    }

    /// A message arrives, and no more than it.
    private static func exchange(_ ring: [UDPTransport]) {
        for _ in 0..<100 {
            // The kernel makes a new IPv6 address usable a little after adding it.
            send([9], ring[0], to: .everyone)
            ring[0].flush()
            if waitGroup(ring[1], limit: 50) { break }
        }
        #expect(collectMulticasts(1, from: ring[1]) == [[9]])
        #expect(isGroupSilent(ring[0]))
    }

    @Test(arguments: ["ff15::12d", "ff12::12d"])
    func `IPv6 has groups of the site and of the link`(group: String) throws {
        try NetworkNamespace.run {
            // From one end of a cable to the other.
            try Self.addInterface("net")
            try NetworkNamespace.ip("address", "add", "fd00::1/64", "dev", "net", "nodad")
            try NetworkNamespace.ip("address", "add", "fd00::2/64", "dev", "net-end", "nodad")
            Self.exchange(try Self.open(["fd00::1", "fd00::2"], group))
        }
    }

    @Test func `A broadcast reaches the others, and its sender's own copy is dropped`() throws {
        try NetworkNamespace.run {
            try Self.addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            try NetworkNamespace.ip("address", "add", "10.9.0.2/24", "dev", "net")
            let ring = try Self.open(["10.9.0.1", "10.9.0.2"], "255.255.255.255")
            ring[0].blocksUnlistedAddresses = false
            Self.exchange(ring)
            #expect(ring[0].statistics.broughtBack == 1)
        }
    }

    @Test func `A node starts without its address and takes part when it comes`() throws {
        try NetworkNamespace.run {
            try NetworkNamespace.ip("address", "add", "10.9.0.2/32", "dev", "lo")
            let ring = try Self.open(["10.9.0.1", "10.9.0.2"], "239.192.1.46")
            #expect(ring[0].interfaceState == .loopback)
            #expect(ring[0].checkInterface() == .none)
            try NetworkNamespace.ip("address", "add", "10.9.0.1/32", "dev", "lo")
            #expect(ring[0].checkInterface() == .cameUp(ring[0].address))
            Self.exchange(ring)
            Self.exchange(ring.reversed())
        }
    }

    @Test func `An interface that is down at the start is waited for`() throws {
        try NetworkNamespace.run {
            try Self.addInterface("net")
            try NetworkNamespace.ip("link", "set", "net", "down")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            let ring = try Self.open(["10.9.0.1"], "239.192.1.46")
            #expect(ring[0].interfaceState == .loopback)
            #expect(try !Self.hasJoined("239.192.1.46"))
            try NetworkNamespace.ip("link", "set", "net", "up")
            #expect(ring[0].checkInterface() == .cameUp(ring[0].address))
            #expect(try Self.hasJoined("239.192.1.46"))
        }
    }

    @Test func `The group is joined again on an interface that was made anew`() throws {
        try NetworkNamespace.run {
            try Self.addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            let ring = try Self.open(["10.9.0.1"], "239.192.1.46")
            for isSeen in [true, false] {
                #expect(try Self.hasJoined("239.192.1.46"))
                try NetworkNamespace.ip("link", "delete", "net")
                if isSeen { #expect(ring[0].checkInterface() == .wentDown) }
                try Self.addInterface("net")
                try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
                #expect(try !Self.hasJoined("239.192.1.46"))
                #expect(ring[0].checkInterface() == (isSeen ? .cameUp(ring[0].address) : .none))
                #expect(try Self.hasJoined("239.192.1.46"))
            }
        }
    }

    @Test func `An address used in another's place is given up with all its sockets`() throws {
        try NetworkNamespace.run {
            try Self.addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            let ring = try Self.open(["10.9.0.8"], "239.192.1.46")
            #expect(ring[0].address == .v4(0x0a09_0001))
            try NetworkNamespace.ip("address", "add", "10.9.0.8/24", "dev", "net")
            let group = ring[0].groupDescriptor
            #expect(ring[0].checkInterface() == .replaced(.v4(0x0a09_0008)))
            #expect(ring[0].groupDescriptor == group)
            #expect(UDPSocket.port(of: ring[0].sendingDescriptor) == 5404)
            #expect(UDPSocket.port(of: ring[0].groupDescriptor ?? -1) == 5405)
            #expect(try Self.hasJoined("239.192.1.46"))
            #expect(ring[0].checkInterface() == .none)
        }
    }

    private static func addInterface(_ name: String) throws {
        try NetworkNamespace.ip("link", "add", name, "type", "veth", "peer", "name", name + "-end")
        try NetworkNamespace.ip("link", "set", name + "-end", "up")
        try NetworkNamespace.ip("link", "set", name, "up")
    }

    /// Whether the kernel has the IPv4 group on any interface.
    private static func hasJoined(_ group: String) throws -> Bool {
        guard case .v4(let number) = try #require(IPAddress(group)) else { return false }
        let file = Glibc.open("/proc/thread-self/net/igmp", O_RDONLY)
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = max(read(file, &buffer, buffer.count), 0)
        let digits = String(number.byteSwapped, radix: 16, uppercase: true)
        let wanted = String(repeating: "0", count: 8 - digits.count) + digits
        return String(decoding: buffer.prefix(count), as: UTF8.self).contains(wanted)
    }
}

private func waitGroup(_ transport: UDPTransport, limit: Int32) -> Bool {
    var poll = pollfd(fd: transport.groupDescriptor ?? -1, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, limit) == 1
}

/// The next `count` datagrams to the group, or those that came within five seconds.
private func collectMulticasts(_ count: Int, from transport: UDPTransport) -> [[UInt8]] {
    var result: [[UInt8]] = []
    while result.count < count, waitGroup(transport, limit: 5000) {
        for index in 0..<transport.receiveMulticasts() {
            let datagram = transport.datagram(index)
            result.append(datagram.indices.map { datagram[$0] })
        }
    }
    return result
}

/// Whether nothing acceptable to the group is waiting.
private func isGroupSilent(_ transport: UDPTransport) -> Bool {
    while waitGroup(transport, limit: 0) {
        if transport.receiveMulticasts() > 0 { return false }
    }
    return true
}
