import TotemWire

/// A probe of path MTU discovery, or its reply: the probe's first nine bytes with another type and sender (spec: knet.md
/// 2, 9).
public struct MTUProbe: Sendable, Hashable {
    /// Who sent this packet: the asking or the answering host.
    public var host: HostID
    /// Bytes 4 and 5: 0 when sent, ignored when received, and echoed.
    public var reserved: UInt16
    /// The link that is asked about.
    public var link: LinkNumber
    /// Bytes of the probe's whole IP packet. On the wire in the order of the asker's processor, which alone reads it in
    /// the reply; here as if that were this machine's order.
    public var packetSize: UInt16

    /// Bytes of a reply, and of a probe without what fills it.
    public static let size = 9

    /// A probe to be sent.
    public init(host: HostID, link: LinkNumber, packetSize: UInt16) {
        self.host = host
        reserved = 0
        self.link = link
        self.packetSize = packetSize
    }

    /// Reads a datagram of which kind and length have been checked.
    init(checked datagram: Span<UInt8>) throws(KnetPacketError) {
        guard let link = LinkNumber(datagram[6]) else { throw .link }
        host = HostID(datagram.network16(at: 2))
        reserved = datagram.network16(at: 4)
        self.link = link
        packetSize = MTUProbe.swapped(datagram.network16(at: 7))
    }

    /// What `host` answers: everything else is the asker's.
    public func answer(from host: HostID) -> MTUProbe {
        var reply = self
        reply.host = host
        return reply
    }

    /// Appends a probe of `length` bytes, at least nine, all behind the fields zero.
    public func encode(length: Int, into writer: inout ByteWriter) {
        encode(as: .probe, into: &writer)
        writer.zeros(length - MTUProbe.size)
    }

    /// Appends the nine bytes as a probe or as a reply.
    func encode(as type: KnetPacketType, into writer: inout ByteWriter) {
        writer.network32(
            UInt32(KnetPacket.version) << 24 | UInt32(type.rawValue) << 16 | UInt32(host.rawValue))
        writer.network16(reserved)
        writer.u8(link.rawValue)
        writer.network16(MTUProbe.swapped(packetSize))
    }

    /// Between this machine's order and that of the network, in either direction.
    private static func swapped(_ value: UInt16) -> UInt16 {
        ByteOrder.native == .big ? value : value.byteSwapped
    }
}
