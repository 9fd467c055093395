import Basics
import Testing
import TotemWire

@testable import Transports

/// What needs addresses and interfaces of one's own.
@Suite(.serialized, .enabled(if: NetworkNamespace.isAvailable, "needs root for a network namespace"))
struct NamespaceTests {
    @Test func `IPv6 carries batches as IPv4 does`() throws {
        try NetworkNamespace.run {
            try NetworkNamespace.ip("address", "add", "fd00::1/64", "dev", "lo", "nodad")
            try NetworkNamespace.ip("address", "add", "fd00::2/64", "dev", "lo", "nodad")
            let ring = try open(["fd00::1", "fd00::2"])
            try exchange(ring)
        }
    }

    @Test func `Link-local addresses use the zone of the own interface`() throws {
        try NetworkNamespace.run {
            // Interface numbers beyond 2, so that a constant zone would not do.
            try addInterface("one")
            try addInterface("two")
            try NetworkNamespace.ip("address", "add", "fe80::a1/64", "dev", "two", "nodad")
            try NetworkNamespace.ip("address", "add", "fe80::a2/64", "dev", "two", "nodad")
            let ring = try open(["fe80::a1", "fe80::a2"])
            #expect(ring[0].own.zone > 2)
            try exchange(ring)
        }
    }

    @Test func `An address that is deleted silences the node, and its socket works again when it returns`() throws {
        try NetworkNamespace.run {
            try addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            try NetworkNamespace.ip("address", "add", "10.9.1.2/24", "dev", "net")
            let ring = try open(["10.9.0.1", "10.9.1.2"])
            try NetworkNamespace.ip("address", "delete", "10.9.0.1/24", "dev", "net")
            #expect(ring[0].checkInterface() == .wentDown)
            #expect(ring[0].checkInterface() == .none)
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            #expect(ring[0].checkInterface() == .cameUp(ring[0].address))
            try exchange(ring)
        }
    }

    @Test func `An address used in another's place is given up when that one appears`() throws {
        try NetworkNamespace.run {
            try addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            try NetworkNamespace.ip("address", "add", "10.9.1.2/24", "dev", "net")
            let ring = try open(["10.9.0.8", "10.9.1.2"])
            #expect(ring[0].address == .v4(0x0a09_0001))
            #expect(ring[0].checkInterface() == .none)
            try NetworkNamespace.ip("address", "add", "10.9.0.8/24", "dev", "net")
            #expect(ring[0].checkInterface() == .replaced(.v4(0x0a09_0008)))
            #expect(ring[0].checkInterface() == .none)
            try exchange(ring)
        }
    }

    @Test func `An interface that is set down silences the node until it is up again`() throws {
        try NetworkNamespace.run {
            try addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            let ring = try open(["10.9.0.1"])
            try NetworkNamespace.ip("link", "set", "net", "down")
            #expect(ring[0].checkInterface() == .wentDown)
            try NetworkNamespace.ip("link", "set", "net", "up")
            #expect(ring[0].checkInterface() == .cameUp(ring[0].address))
        }
    }

    @Test func `Opening on an interface that is down says so`() throws {
        try NetworkNamespace.run {
            try addInterface("net")
            try NetworkNamespace.ip("link", "set", "net", "down")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            let address = IPAddress.v4(0x0a09_0001)
            #expect(throws: TransportError.interfaceDown(address, interface: "net")) { _ = try open(["10.9.0.1"]) }
        }
    }

    @Test func `A path too narrow for segments falls back to plain datagrams and remembers it`() throws {
        try NetworkNamespace.run {
            try addInterface("net")
            try NetworkNamespace.ip("address", "add", "10.9.0.1/24", "dev", "net")
            try NetworkNamespace.ip("route", "add", "10.8.0.0/24", "dev", "net", "mtu", "1000")
            let node = try UDPTransport(
                address: .v4(0x0a09_0001), port: 5405, node: NodeID(1),
                members: [.init(node: NodeID(2), address: .v4(0x0a08_0001))])
            for _ in 0..<3 { send([UInt8](repeating: 1, count: 1400), node, to: .everyone) }
            node.flush()
            #expect(node.statistics.sentDatagrams == 3)
            #expect(node.statistics.segmentedSends == 0)
            let calls = node.statistics.sendCalls
            for _ in 0..<3 { send([UInt8](repeating: 1, count: 1400), node, to: .everyone) }
            node.flush()
            #expect(node.statistics.sentDatagrams == 6)
            #expect(node.statistics.sendCalls == calls + 1)
        }
    }
}

/// An interface that is up; what leaves by it is dropped at its other end.
private func addInterface(_ name: String) throws {
    try NetworkNamespace.ip("link", "add", name, "type", "veth", "peer", "name", name + "-end")
    try NetworkNamespace.ip("link", "set", name + "-end", "up")
    try NetworkNamespace.ip("link", "set", name, "up")
}

private func open(_ addresses: [String]) throws -> [UDPTransport] {
    let all = try addresses.enumerated().map { index, text in
        UDPTransport.Member(
            node: NodeID(UInt32(index) + 1), address: try #require(IPAddress(text)))
    }
    return try all.map { try UDPTransport(address: $0.address, port: 5405, node: $0.node, members: all) }
}

/// A token visit from the first node to the second arrives whole.
private func exchange(_ ring: [UDPTransport]) throws {
    #expect(isReachable(ring))
    var expected: [[UInt8]] = []
    for number in 0..<17 {
        expected.append([UInt8](repeating: UInt8(number), count: 1455))
        send(expected[number], ring[0], to: .everyone)
    }
    expected.append([UInt8](repeating: 0xee, count: 57))
    send(expected[17], ring[0], to: .node(NodeID(2)))
    ring[0].flush()
    #expect(collect(18, from: ring[1]) == expected)
    #expect(ring[1].source(0) == ring[0].address)
}

/// Waits until the second node hears the first: the kernel makes a new IPv6 address usable a little after adding it.
private func isReachable(_ ring: [UDPTransport]) -> Bool {
    for _ in 0..<100 {
        send([0], ring[0], to: .node(NodeID(2)))
        ring[0].flush()
        if waitReadable(ring[1], limit: 50) {
            _ = collect(1, from: ring[1])
            return true
        }
    }
    return false
}
