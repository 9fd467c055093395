/// The kinds of packet that knet nodes exchange, with their number on the wire (spec: knet.md 2). Bit 7 tells those that
/// concern one link from data.
public enum KnetPacketType: UInt8, Sendable, Hashable, CaseIterable {
    /// A packet of the ring, or a piece of one.
    case data = 0x00
    /// Asks whether the link is alive.
    case ping = 0x81
    /// Answers a ping.
    case pong = 0x82
    /// Path MTU discovery: asks whether a packet of this length passes.
    case probe = 0x83
    /// Says that one did.
    case probeReply = 0x84

    /// Bytes without which a packet of this kind is refused: all its fields, and of data at least one byte of payload.
    @inlinable
    public var minimumSize: Int {
        switch self {
        case .data: DataHeader.size + 1
        case .ping, .pong: Ping.size
        case .probe, .probeReply: MTUProbe.size
        }
    }
}
