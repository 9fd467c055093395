import Basics
import TotemWire

/// The calls of the shell.
extension TotemRing {
    /// The network is usable: begin to form a ring (spec: totem.md 18).
    public mutating func start(now: Instant) {
        guard case .idle = state else { return }
        defer { assertInvariants() }
        if has(.forgetsStoredSequence) {
            ringID.sequence = 1
            highestRingSequence = 1
            installedRingID = ringID
        }
        pauseStamp = now
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
        isFlushingJoins = false
        // A timer may start itself again at once; one round of each is enough for one call.
        for _ in 0..<32 {
            guard let timer = timers.popExpired(now: now) else { break }
            fire(timer, now: now)
        }
        processLoopback(now: now)
    }

    /// When `advance` wants to be called; the past means at once. (Mutating, so that no copy is made to ask.)
    public var nextDeadline: Instant? {
        mutating get { outbox.hasLoopback ? Instant(nanoseconds: 0) : timers.next }
    }

    /// The sequence of the ring being formed, which must be on disk before anything in `outgoing` is sent; nil when
    /// there is nothing to store. Each is returned once.
    public mutating func ringSequenceToStore() -> UInt64? {
        defer { sequenceToStore = nil }
        return sequenceToStore
    }

    // What is called for each datagram is inlined into the shell: called across the rooms' border, a getter of this
    // large struct would be handed a copy of it.

    /// Whether `ringSequenceToStore` has one to return.
    @inlinable
    public var hasRingSequenceToStore: Bool { sequenceToStore != nil }

    /// Datagrams to send, in order.
    @inlinable
    public var outgoingCount: Int { outbox.datagrams.count }

    @inlinable
    public func outgoing(_ index: Int) -> OutgoingDatagram { outbox.datagrams[index] }

    /// The bytes of an outgoing datagram, valid until `clearOutgoing`.
    @inlinable
    public func bytes(of datagram: OutgoingDatagram) -> MessageBytes {
        switch datagram.payload {
        case .message(let handle):
            let bytes = pool[handle]
            return MessageBytes(bytes, 0..<bytes.count)
        case .control(let range):
            return MessageBytes(outbox.control.bytes, range)
        }
    }

    public mutating func clearOutgoing() { outbox.clear() }

    /// Gives buffers of freed messages back once neither the shell nor the services can still refer to them.
    private mutating func recycle() {
        if outbox.isEmpty, delivery.isEmpty { pool.recycle() }
    }
}
