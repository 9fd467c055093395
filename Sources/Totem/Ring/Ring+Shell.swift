import Basics
import TotemWire

/// The calls of the shell.
extension TotemRing {
    /// The network is usable: begin to form a ring (spec: totem.md 18).
    public mutating func start(now: Instant) {
        guard case .idle = state else { return }
        defer { assertInvariants() }
        pauses.note(now)
        timers.start(.pause, milliseconds: parameters.token / 5, now: now)
        timers.start(.statistics, milliseconds: Self.statisticsInterval, now: now)
        enterGather(.interfaceChange, now: now)
        processLoopback(now: now)
    }

    /// Takes in one datagram.
    ///
    /// - Throws: when it is not a packet of this protocol; packets that are, but are malformed or implausible, are
    ///   counted, reported as a notice and dropped.
    public mutating func receive(_ datagram: Span<UInt8>, now: Instant) throws(HeaderError) {
        defer { assertInvariants() }
        recycle()
        let header: PacketHeader
        do {
            header = try PacketHeader(decoding: datagram)
        } catch {
            statistics.receivedDropped &+= 1
            throw error
        }
        guard !isIdle else { return }
        process(datagram, header: header, now: now)
        processLoopback(now: now)
    }

    /// Lets time pass: fires every timer that is due.
    public mutating func advance(to now: Instant) {
        defer { assertInvariants() }
        recycle()
        pauses.socketsAreEmpty()
        // A timer may start itself again at once; one round of each is enough for one call.
        for _ in 0..<32 {
            guard let timer = timers.popExpired(now: now) else { break }
            fire(timer, now: now)
        }
        processLoopback(now: now)
    }

    /// No link leads to a node any more. The ring counts and tells it where the node is a member; what it does about members
    /// it decides by its token alone.
    public mutating func linksLost(_ node: NodeID) {
        guard members.contains(node), node != me else { return }
        statistics.linksLost &+= 1
        notice(.linksLost(node, token: parameters.token))
    }

    /// When `advance` wants to be called; the past means at once. (Mutating, so that no copy is made to ask.)
    public var nextDeadline: Instant? {
        mutating get { outbox.hasLoopback ? Instant(nanoseconds: 0) : timers.next }
    }

    // What is called for each packet is inlined into the shell: called across the rooms' border, a getter of this
    // large struct would be handed a copy of it.

    /// How many packets wait to be sent.
    @inlinable
    public var outgoingCount: Int { outbox.count }

    /// The next packet to send, in order; nil after the last, when all bytes handed out are no longer valid.
    ///
    /// Nothing may be sent while a ring's sequence waits to be stored: a node that has used a ring id and forgets it could
    /// use it again.
    @inlinable
    public mutating func nextPacket() -> OutgoingPacket? {
        assert(!hasRingSequenceToStore, "a packet of a ring whose sequence is not stored")
        return outbox.next()
    }

    /// The bytes of a packet, valid until `nextPacket` returns nil.
    @inlinable
    public func bytes(of packet: OutgoingPacket) -> MessageBytes {
        switch packet.payload {
        case .message(let handle):
            let bytes = pool[handle]
            return MessageBytes(bytes, 0..<bytes.count)
        case .control(let range):
            return MessageBytes(outbox.control.bytes, range)
        }
    }

    /// Gives buffers of freed messages back once neither the shell nor the services can still refer to them.
    private mutating func recycle() {
        if outbox.isEmpty, delivery.isEmpty { pool.recycle() }
    }
}

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
