import TotemWire

/// What this node has received of one ring: its messages and how far they reach.
struct Reception: Sendable {
    private(set) var queue: SortQueue
    /// Everything up to here has been received.
    private(set) var aru: SequenceNumber
    private(set) var highest: SequenceNumber
    /// Everything up to here has been delivered (or, in a ring's recovery, needs no delivery).
    private(set) var delivered: SequenceNumber
    /// Everything up to here has been freed, because every member has it.
    private(set) var released: SequenceNumber

    /// - Parameter start: the sequence number before the ring's first message; 0 on every real ring.
    init(start: SequenceNumber = .zero) {
        queue = SortQueue(head: start)
        aru = start
        highest = start
        delivered = start
        released = start
    }

    // MARK: Receiving

    /// Stores a message that lies in the window and is new.
    mutating func store(_ handle: MessageHandle, at sequence: SequenceNumber) {
        queue.insert(handle, at: sequence)
        if highest.isLess(than: sequence) { highest = sequence }
    }

    /// Moves `aru` over every message that follows it without a gap.
    mutating func advanceARU() {
        while aru != highest, queue.message(at: aru.next) != nil { aru = aru.next }
    }

    var isComplete: Bool { aru == highest }

    /// Notes one more token visit without the message and returns how many there have been.
    mutating func countMiss(at sequence: SequenceNumber) -> UInt32 { queue.countMiss(at: sequence) }

    /// Throws away the messages behind `last`, which is not beyond the highest, as if they had never come.
    mutating func discard(beyond last: SequenceNumber, into pool: inout MessagePool) {
        var sequence = last.next
        while sequence.isLessOrEqual(to: highest) {
            if let handle = queue.remove(at: sequence) { pool.release(handle) }
            sequence = sequence.next
        }
        highest = last
        if last.isLess(than: aru) { aru = last }
    }

    // MARK: Delivering

    /// The next message that follows the delivered ones without a gap, which counts as delivered from here on; nil when
    /// there is none.
    mutating func deliverNext() -> MessageHandle? {
        guard delivered != aru, let handle = queue.message(at: delivered.next) else { return nil }
        delivered = delivered.next
        return handle
    }

    /// Whether something has been received behind the delivered messages, with or without a gap between.
    var hasUndelivered: Bool { delivered.isLess(than: highest) }

    /// The message behind the delivered ones, which counts as delivered from here on, also where it is missing: then nil.
    mutating func passNext() -> MessageHandle? {
        delivered = delivered.next
        return queue.message(at: delivered)
    }

    // MARK: Freeing

    /// Frees everything up to and including `last`, which has been received and lies behind what has been freed.
    mutating func release(through last: SequenceNumber, into pool: inout MessagePool) {
        queue.release(through: last, into: &pool)
        released = last
    }

    /// Frees everything received without a gap, which needs no delivery.
    mutating func releaseUndelivered(into pool: inout MessagePool) {
        delivered = aru
        release(through: aru, into: &pool)
    }

    /// Frees every message, for the end of the ring.
    mutating func releaseAll(into pool: inout MessagePool) { queue.releaseAll(into: &pool) }

    // MARK: Invariants

    /// - Parameter isDelivered: false for the messages of a recovery, which are never delivered as they are.
    func brokenInvariant(isDelivered: Bool) -> RingInvariant? {
        guard released.isLessOrEqual(to: aru), aru.isLessOrEqual(to: highest),
            highest.distance(from: released) < SortQueue.windowSize
        else { return .receivedInOrder }
        guard !isDelivered || released.isLessOrEqual(to: delivered) && delivered.isLessOrEqual(to: aru) else {
            return .deliveredInOrder
        }
        guard isComplete || queue.message(at: aru.next) == nil else { return .aruReachesGap }
        guard queue.head == released || queue.head == released.next else { return .windowBeginsBehindFreed }
        return nil
    }
}
