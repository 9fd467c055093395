import Basics
import Totem

/// What a shell is to do next for an engine.
public enum EngineStep: Sendable, Equatable {
    /// Make the sequence of the ring being formed durable, before anything of it is sent.
    case store(UInt64)
    /// Send all that `ClusterEngine.nextDatagram` returns or, where links carry the packets, give them what the ring wants
    /// sent (`loadLinks`) and send what lies in their outbox.
    case send
    /// The services have what came for them: carry out all directives, of which there may be none.
    case carryOut
}

/// The turn that every shell takes after each call: store, send, deliver, carry out, and again while there is something
/// to send.
extension ClusterEngine {
    /// The turn's next step; nil at its end.
    ///
    /// Sends before it delivers: the next node waits for the token, local programs only for what it brought.
    public mutating func nextStep(now: Instant) -> EngineStep? {
        if hasDelivered {
            hasDelivered = false
            guard hasSomethingToSend else { return nil }
        }
        if let sequence = ring.takeSequenceToStore() { return .store(sequence) }
        if hasSomethingToSend { return .send }
        process(now: now)
        hasDelivered = true
        return .carryOut
    }

    private var hasSomethingToSend: Bool {
        mutating get { ring.outgoingCount > 0 || links?.hasOutgoing == true }
    }

    /// Whether a ring's sequence has to be stored before anything is sent.
    @inlinable
    public var hasRingSequenceToStore: Bool { ring.hasRingSequenceToStore }

    /// The next datagram to send, in order; nil after the last, when all bytes handed out are no longer valid. Each is a
    /// packet of the ring as it is.
    public mutating func nextDatagram() -> OutgoingPacket? { ring.nextPacket() }

    @inlinable
    public func bytes(of datagram: OutgoingPacket) -> MessageBytes { ring.bytes(of: datagram) }
}
