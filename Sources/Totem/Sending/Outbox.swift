import Basics
import TotemWire

/// A packet the ring wants sent. Order matters: a token must not overtake the messages before it.
public struct OutgoingPacket: Sendable {
    @usableFromInline
    enum Payload: Sendable {
        case message(MessageHandle)
        case control(Range<Int>)
    }

    public var destination: PacketDestination
    /// The ring wants to know when the other machine refuses it (`Evidence.refused`).
    public var asksForRefusal = false
    @usableFromInline var payload: Payload
}

/// What the shell is to send, in order, and packets to this node itself (spec: totem.md 5.3).
@usableFromInline
struct Outbox: Sendable {
    @usableFromInline var packets: [OutgoingPacket] = []
    /// How many of them the shell has taken.
    @usableFromInline var taken = 0
    /// The bytes of packets that are no messages.
    @usableFromInline private(set) var control = ByteWriter(capacity: 4096)
    /// Packets to myself: handled after the call that caused them, never within it.
    private var loopback = FIFO<[UInt8]>()

    var isEmpty: Bool { packets.isEmpty }

    @inlinable
    var count: Int { packets.count - taken }

    /// Sends the packet that `encode` writes to everybody, and to myself when I act on my own as on others'.
    mutating func broadcast(toMyself: Bool, _ encode: (inout ByteWriter) -> Void) {
        let range = write(encode)
        packets.append(OutgoingPacket(destination: .everyone, payload: .control(range)))
        if toMyself { loopback.append(Array(control.bytes[range])) }
    }

    mutating func broadcast(message handle: MessageHandle) {
        packets.append(OutgoingPacket(destination: .everyone, payload: .message(handle)))
    }

    /// Sends the packet that `encode` writes to one other node.
    mutating func send(to node: NodeID, asksForRefusal: Bool = false, _ encode: (inout ByteWriter) -> Void) {
        let range = write(encode)
        packets.append(
            OutgoingPacket(destination: .node(node), asksForRefusal: asksForRefusal, payload: .control(range)))
    }

    mutating func send(_ bytes: [UInt8], to node: NodeID) { send(to: node) { $0.bytes(bytes) } }

    /// Sends a packet to myself only.
    mutating func sendToMyself(_ bytes: [UInt8]) { loopback.append(bytes) }

    private mutating func write(_ encode: (inout ByteWriter) -> Void) -> Range<Int> {
        let start = control.count
        encode(&control)
        return start..<control.count
    }

    /// Takes the last packet back if it is a join of `me`.
    mutating func takeBackJoin(of me: NodeID) -> Bool {
        guard let last = packets.last, case .control(let range) = last.payload,
            let header = try? PacketHeader(decoding: control.bytes.span.extracting(range)),
            header.type == .join, header.nodeID == me
        else { return false }
        packets.removeLast()
        return true
    }

    /// The next packet for the shell; nil when it has taken all, whose memory is used again from then on.
    @inlinable
    mutating func next() -> OutgoingPacket? {
        guard taken < packets.count else {
            clear()
            return nil
        }
        taken += 1
        return packets[taken - 1]
    }

    @usableFromInline
    mutating func clear() {
        packets.removeAll(keepingCapacity: true)
        taken = 0
        control.removeAll()
    }

    // MARK: To myself

    var hasLoopback: Bool { !loopback.isEmpty }

    mutating func popLoopback() -> [UInt8]? { loopback.popFirst() }

    mutating func dropLoopback() { loopback.removeAll() }

    // MARK: Invariants

    func brokenInvariant() -> RingInvariant? {
        if case .control(let range)? = packets.last?.payload, range.upperBound > control.count {
            return .outboxHasBytes
        }
        return nil
    }
}
