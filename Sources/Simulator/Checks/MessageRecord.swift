import Basics
import TotemWire

/// What a message is sent for.
enum MessageKind: UInt8, Sendable {
    /// By an application; waits while the services synchronise.
    case ordinary = 0
    /// To synchronise: part of a node's state, in the group of the services.
    case state = 1
    /// To synchronise: "I have come this far", in the group of the synchronisation.
    case barrier = 2
}

/// A message that a node has handed to its ring.
struct MessageRecord: Sendable {
    var sender: Int32
    /// Which of the sender's lives.
    var life: Int32
    var kind: MessageKind
    /// The number among the sender's ordinary messages, or among its others.
    var number: Int32
    var size: Int
    var fingerprint: UInt64
    /// The ring for which it synchronises.
    var ring: RingID?
    /// What its sender had delivered last when it sent this: the ring, and the place in it.
    var heardIn: Int32
    var heardPlace: Int32
    /// The rings (by their place in the ledgers) in which its first and its last frame were sent; -1 for not yet.
    var begunIn: Int32 = -1
    var endedIn: Int32 = -1
    /// Its place among the messages of the ring in which it ended.
    var place: Int32 = -1

    var isOrdinary: Bool { kind == .ordinary }
}

/// The bytes of a simulated message: its number in the register, its kind, for synchronisation the ring, then filling.
enum MessageBody {
    static let smallest = 24

    static func write(
        into bytes: inout [UInt8], number: Int, kind: MessageKind, ring: RingID?, round: Int, size: Int,
        chance: inout SeededGenerator
    ) {
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(size + 8)
        bytes.appendU64(UInt64(number))
        bytes.appendU64(
            UInt64(kind.rawValue) | UInt64(round & 0xFF) << 8 | UInt64(ring?.representative.rawValue ?? 0) << 32)
        bytes.appendU64(ring?.sequence ?? 0)
        while bytes.count < size { bytes.appendU64(chance.next()) }
        if bytes.count > max(size, smallest) { bytes.removeLast(bytes.count - max(size, smallest)) }
    }

    /// The number in the register, if there can be one.
    static func number(of bytes: Span<UInt8>) -> Int? {
        bytes.count >= 8 ? Int(exactly: bytes.word(at: 0)) : nil
    }

    static func round(of bytes: Span<UInt8>) -> Int { bytes.count >= 16 ? Int(bytes[9]) : 0 }

    static func ring(of bytes: Span<UInt8>) -> RingID? {
        guard bytes.count >= smallest else { return nil }
        return RingID(
            representative: NodeID(UInt32(truncatingIfNeeded: bytes.word(at: 8) >> 32)), sequence: bytes.word(at: 16))
    }
}
