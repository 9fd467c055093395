import TotemWire

/// Sixteen bytes that come back unchanged. What they mean is their sender's affair: libknet puts its clock in, in the
/// order of its processor; nobody else may look inside (spec: knet.md 2).
public struct PingStamp: Sendable, Hashable {
    public var first: UInt64
    public var second: UInt64

    @inlinable
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }
}

/// A ping or a pong: 26 bytes; the pong is the ping with another type and sender (spec: knet.md 2).
public struct Ping: Sendable, Hashable {
    /// Who sent this packet: the asking or the answering host.
    public var host: HostID
    /// Bytes 4 and 5: 0 when sent, ignored when received, and echoed.
    public var reserved: UInt16
    /// The link that is asked about.
    public var link: LinkNumber
    public var stamp: PingStamp
    /// The asking host's counter of data packets: the number it used last, 0 before its first.
    public var sequence: UInt16
    /// 1 in periodic pings, 0 in those that go along with every 8191st data packet (spec: knet.md 5); echoed.
    public var timed: UInt8

    public static let size = 26

    /// A ping to be sent.
    public init(host: HostID, link: LinkNumber, stamp: PingStamp, sequence: UInt16, isForced: Bool) {
        self.host = host
        reserved = 0
        self.link = link
        self.stamp = stamp
        self.sequence = sequence
        timed = isForced ? 0 : 1
    }

    /// Reads a datagram of which kind and length have been checked.
    init(checked datagram: Span<UInt8>) throws(KnetPacketError) {
        guard let link = LinkNumber(datagram[6]) else { throw .link }
        host = HostID(datagram.network16(at: 2))
        reserved = datagram.network16(at: 4)
        self.link = link
        stamp = PingStamp(datagram.network64(at: 7), datagram.network64(at: 15))
        sequence = datagram.network16(at: 23)
        timed = datagram[25]
    }

    @inlinable
    public var isForced: Bool { timed == 0 }

    /// What `host` answers: everything else is the asker's.
    public func answer(from host: HostID) -> Ping {
        var pong = self
        pong.host = host
        return pong
    }

    /// Appends the 26 bytes as a ping or as a pong.
    func encode(as type: KnetPacketType, into writer: inout ByteWriter) {
        writer.network32(
            UInt32(KnetPacket.version) << 24 | UInt32(type.rawValue) << 16 | UInt32(host.rawValue))
        writer.network16(reserved)
        writer.u8(link.rawValue)
        writer.network64(stamp.first)
        writer.network64(stamp.second)
        writer.network16(sequence)
        writer.u8(timed)
    }
}
