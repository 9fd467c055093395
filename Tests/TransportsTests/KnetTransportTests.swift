import Basics
import Glibc
import Links
import Testing
import TotemWire

@testable import Transports

/// What goes wrong on the way to one host is felt by no other, and nothing waits for it (spec: knet.md 10).
@Suite(.serialized, .enabled(if: NetworkNamespace.isAvailable, "needs root for a network namespace"))
struct KnetTransportTests {
    @Test func `A host that no route leads to any more costs the others none of their datagrams`() throws {
        try NetworkNamespace.run {
            let ring = try LinkRing()
            try NetworkNamespace.ip("address", "delete", "10.8.0.3/32", "dev", "lo")
            try NetworkNamespace.ip("route", "add", "unreachable", "10.8.0.3")
            try ring.sendToAll()
            #expect(ring.nodes[0].transport.statistics.sendErrors > 0)
            #expect(ring.nodes[1].received == LinkRing.lastBytes)
        }
    }

    @Test func `Where a device has no room datagrams are lost, nothing waits, and the others get theirs`() throws {
        try NetworkNamespace.run {
            let ring = try LinkRing()
            try NetworkNamespace.ip("address", "delete", "10.8.0.3/32", "dev", "lo")
            try NetworkNamespace.ip("link", "add", "net", "type", "veth", "peer", "name", "end")
            try NetworkNamespace.ip("link", "set", "end", "up")
            try NetworkNamespace.ip("link", "set", "net", "up", "txqueuelen", "1")
            try NetworkNamespace.ip("route", "add", "10.8.0.3", "dev", "net", "src", "10.8.0.1")
            // So that nobody has to answer before a datagram is sent.
            try NetworkNamespace.ip("neighbor", "add", "10.8.0.3", "lladdr", "02:00:00:00:00:01", "dev", "net")
            try NetworkNamespace.run(
                ["tc", "qdisc", "add", "dev", "net", "root", "tbf", "rate", "8kbit", "burst", "1600", "limit", "3200"])
            try ring.sendToAll()
            #expect(ring.nodes[0].transport.statistics.sendErrors > 0)
            #expect(ring.nodes[1].received == LinkRing.lastBytes)
        }
    }
}

/// Three nodes with one link, on addresses of the loopback interface, that have found each other.
private final class LinkRing {
    static let packets = (0..<40).map { [UInt8](repeating: UInt8($0), count: 3000) }
    /// Which of them came, and in which order, is told by these; their headers are changed on the way.
    static let lastBytes = packets.map(\.last)
    private static let timing = LinkTiming(pingInterval: 10, timeout: 5000)

    let nodes: [LinkNode]
    private var now = Instant(nanoseconds: 1_000_000_000)

    init() throws {
        let addresses = (1...3).map { SocketAddress(.v4(0x0a08_0000 | UInt32($0)), port: 5405) }
        for address in addresses { try NetworkNamespace.ip("address", "add", "\(address.address)/32", "dev", "lo") }
        let start = now
        nodes = try (0..<3).map { try LinkNode($0, addresses, Self.timing, now: start) }
        for _ in 0..<200 where !nodes[0].reachesAll { try turn() }
        try #require(nodes[0].reachesAll)
    }

    private func turn() throws {
        now = now.adding(milliseconds: 5)
        for node in nodes { try node.turn(now) }
    }

    /// The first node sends everything in one turn.
    func sendToAll() throws {
        for packet in Self.packets {
            try #require(nodes[0].links.send(packet.span, to: .everyone, now: now) == .queued)
        }
        for _ in 0..<3 { try turn() }
    }
}

/// One node's links and sockets, and the packets they brought.
private final class LinkNode {
    var links: KnetLinks
    let transport = KnetTransport()
    /// The last byte of each packet.
    private(set) var received: [UInt8?] = []
    private let others: [NodeID]

    init(_ index: Int, _ addresses: [SocketAddress], _ timing: LinkTiming, now: Instant) throws {
        links = KnetLinks(
            me: HostID(UInt16(index + 1)), settings: KnetSettings(), secret: LinkSecret(UInt64(index), 1), now: now)
        let rest = addresses.indices.filter { $0 != index }
        others = rest.map { NodeID(UInt32($0 + 1)) }
        for other in rest {
            let path = LinkSettings(
                number: try #require(LinkNumber(0)), own: addresses[index], remote: addresses[other], timing: timing)
            try links.add(path, to: HostID(UInt16(other + 1)), now: now)
        }
    }

    var reachesAll: Bool {
        for other in others where !links.isReachable(other) { return false }
        return true
    }

    /// One turn of a loop: what is due, what is to be sent, what has come.
    func turn(_ now: Instant) throws {
        links.advance(to: now)
        while let event = links.nextEvent() {
            if case .openSocket(let number, let own) = event { _ = try transport.open(number, at: own) }
        }
        transport.flush(&links, now: now)
        transport.readErrors(on: SocketNumber(0), &links, now: now)
        var count = transport.receive(on: SocketNumber(0))
        while count > 0 {
            for index in 0..<count { take(index, now) }
            count = transport.receive(on: SocketNumber(0))
        }
        transport.flush(&links, now: now)
    }

    private func take(_ index: Int, _ now: Instant) {
        let transport = transport
        guard let source = transport.source(index), case .plain(let slot) = transport.open(index, links.keys) else {
            return
        }
        if let packet = links.packet(transport.plain(index), from: source, openedWith: slot, now: now) {
            received.append(packet.last)
        }
    }
}

extension KnetLinks {
    /// A copy of what a datagram has completed; nil for nothing.
    fileprivate mutating func packet(
        _ datagram: Span<UInt8>, from source: SocketAddress, openedWith slot: KeySlot, now: Instant
    ) -> [UInt8]? {
        guard
            case .packet(let packet) = receive(datagram, from: source, on: SocketNumber(0), openedWith: slot, now: now)
        else { return nil }
        let bytes = bytes(of: packet, in: datagram)
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}
