import Basics
import Links

/// One machine in the test network, and what came out of it.
final class TestNode {
    let id: UInt16
    var links: KnetLinks
    /// What its links do to datagrams.
    var overhead = SealOverhead.clear
    private(set) var received: [(from: UInt16, bytes: [UInt8])] = []
    private(set) var events: [LinksEvent] = []
    /// Copies of all it has sent, plain, with their targets.
    private(set) var sent: [(datagram: [UInt8], target: LinkTarget)] = []
    var recordsSent = false

    init(_ id: UInt16, _ links: consuming KnetLinks) {
        self.id = id
        self.links = links
    }

    func took(_ bytes: [UInt8], from host: HostID) { received.append((host.rawValue, bytes)) }

    func recorded(_ datagram: [UInt8], _ target: LinkTarget) {
        if recordsSent { sent.append((datagram, target)) }
    }

    func reaches(_ node: UInt32) -> Bool { links.isReachable(NodeID(node)) }
    func knows(_ address: SocketAddress) -> Bool { links.isKnown(address) }

    func drainEvents() {
        while let event = links.nextEvent() { events.append(event) }
    }

    func forgetReceived() { received.removeAll() }
    func forgetEvents() { events.removeAll() }
    func forgetSent() { sent.removeAll() }

    var notices: [String] {
        events.compactMap { event in
            if case .notice(let notice) = event { notice.text } else { nil }
        }
    }

    /// The plain datagrams of one kind that it has sent.
    func sent(_ type: KnetPacketType) -> [[UInt8]] {
        sent.map(\.datagram).filter { $0[1] == type.rawValue }
    }
}

extension KnetLinks {
    /// A copy of one plain datagram.
    func copy(_ index: Int, of packet: Outgoing) -> [UInt8] {
        let bytes = datagram(index, of: packet)
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }

    /// A copy of what is to be compressed.
    func copyOfUncompressed() -> [UInt8] {
        let bytes = uncompressed
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }

    /// A copy of a received packet.
    func copy(of packet: ReceivedPacket, in datagram: [UInt8]) -> [UInt8] {
        let datagram = datagram.span
        let bytes = bytes(of: packet, in: datagram)
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}
