/// What a shell is to do next for a ring.
public enum RingStep: Sendable, Equatable {
    /// Make the sequence of the ring being formed durable, before anything of it is sent.
    case store(UInt64)
    /// Send all that `TotemRing.nextPacket` returns.
    case send
    /// Hand all that `TotemRing.nextEvent` returns to the services.
    case deliver
}

extension TotemRing {
    /// The turn that every shell of a bare ring takes after each call: store, send, deliver, and again while there is
    /// something. What follows from a step comes with the next ones; nil when there is nothing more to do.
    public mutating func nextStep() -> RingStep? {
        if let sequence = takeSequenceToStore() { return .store(sequence) }
        if outgoingCount > 0 { return .send }
        return hasEvents ? .deliver : nil
    }

    /// The sequence that has to be stored, once; for whoever joins a ring with more and orders the turn of both.
    public mutating func takeSequenceToStore() -> UInt64? {
        numbers.takeToStore()
    }
}
