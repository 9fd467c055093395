import Basics
import TotemWire

/// What the shell is to send, in order, and packets to this node itself (spec: totem.md 5.3).
@usableFromInline
struct Outbox: Sendable {
    @usableFromInline private(set) var datagrams: [OutgoingDatagram] = []
    /// The bytes of datagrams that are no messages.
    @usableFromInline private(set) var control = ByteWriter(capacity: 4096)
    /// Packets to myself: handled after the call that caused them, never within it.
    private var loopback = FIFO<[UInt8]>()

    var isEmpty: Bool { datagrams.isEmpty }

    /// Sends the packet that `encode` writes to everybody, and to myself when I act on my own as on others'.
    mutating func broadcast(toMyself: Bool, _ encode: (inout ByteWriter) -> Void) {
        let range = write(encode)
        datagrams.append(OutgoingDatagram(destination: .everyone, payload: .control(range)))
        if toMyself { loopback.append(Array(control.bytes[range])) }
    }

    mutating func broadcast(message handle: MessageHandle) {
        datagrams.append(OutgoingDatagram(destination: .everyone, payload: .message(handle)))
    }

    /// Sends the packet that `encode` writes to one other node.
    mutating func send(to node: NodeID, _ encode: (inout ByteWriter) -> Void) {
        let range = write(encode)
        datagrams.append(OutgoingDatagram(destination: .node(node), payload: .control(range)))
    }

    mutating func send(_ bytes: [UInt8], to node: NodeID) { send(to: node) { $0.bytes(bytes) } }

    /// Sends a packet to myself only.
    mutating func sendToMyself(_ bytes: [UInt8]) { loopback.append(bytes) }

    private mutating func write(_ encode: (inout ByteWriter) -> Void) -> Range<Int> {
        let start = control.count
        encode(&control)
        return start..<control.count
    }

    /// Takes the last datagram back if it is a join of `me`.
    mutating func takeBackJoin(of me: NodeID) -> Bool {
        guard let last = datagrams.last, case .control(let range) = last.payload,
            let header = try? PacketHeader(decoding: control.bytes.span.extracting(range)),
            header.type == .join, header.nodeID == me
        else { return false }
        datagrams.removeLast()
        return true
    }

    /// The shell has sent everything.
    @usableFromInline
    mutating func clear() {
        datagrams.removeAll(keepingCapacity: true)
        control.removeAll()
    }

    // MARK: To myself

    var hasLoopback: Bool { !loopback.isEmpty }

    mutating func popLoopback() -> [UInt8]? { loopback.popFirst() }

    mutating func dropLoopback() { loopback.removeAll() }

    // MARK: Invariants

    func brokenInvariant() -> RingInvariant? {
        if case .control(let range)? = datagrams.last?.payload, range.upperBound > control.count {
            return .outboxHasBytes
        }
        return nil
    }
}
