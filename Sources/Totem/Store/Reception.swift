import TotemWire

/// What this node has received of one ring: its messages and how far they reach.
struct Reception: Sendable {
    var queue: SortQueue
    /// Everything up to here has been received.
    var aru: SequenceNumber
    var highest: SequenceNumber
    /// Everything up to here has been delivered (or, in a ring's recovery, needs no delivery).
    var delivered: SequenceNumber
    /// Everything up to here has been freed, because every member has it.
    var released: SequenceNumber

    /// - Parameter start: the sequence number before the ring's first message; 0 on every real ring.
    init(start: SequenceNumber = .zero) {
        queue = SortQueue(head: start)
        aru = start
        highest = start
        delivered = start
        released = start
    }

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
