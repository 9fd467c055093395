import TotemWire

/// Messages of one ring by sequence number, in a window that moves on as they are released (spec: totem.md 5.6).
///
/// The window has 16384 slots; a sequence number maps to the slot of its lowest 14 bits, so that nothing moves when the
/// window does. Each slot counts the token visits during which its message was missing.
struct SortQueue: Sendable {
    static let windowSize: UInt32 = 16384
    private static let empty: Int32 = -1

    /// The lowest sequence number in the window; everything below has been released.
    private(set) var head: SequenceNumber
    /// Messages in the window.
    private(set) var count = 0
    private var slots: [Int32]
    private var misses: [UInt8]

    init(head: SequenceNumber = .zero) {
        self.head = head
        slots = Array(repeating: Self.empty, count: Int(Self.windowSize))
        misses = Array(repeating: 0, count: Int(Self.windowSize))
    }

    private func index(_ sequence: SequenceNumber) -> Int { Int(sequence.rawValue & (Self.windowSize - 1)) }

    func contains(inWindow sequence: SequenceNumber) -> Bool {
        sequence.distance(from: head) < Self.windowSize
    }

    func message(at sequence: SequenceNumber) -> MessageHandle? {
        guard contains(inWindow: sequence) else { return nil }
        let slot = slots[index(sequence)]
        return slot == Self.empty ? nil : MessageHandle(index: slot)
    }

    /// Stores a message; the caller has checked that its slot is in the window and free.
    mutating func insert(_ handle: MessageHandle, at sequence: SequenceNumber) {
        if slots[index(sequence)] == Self.empty { count += 1 }
        slots[index(sequence)] = handle.index
        misses[index(sequence)] = 0
    }

    /// Notes one more token visit without the message and returns how many there have been.
    mutating func countMiss(at sequence: SequenceNumber) -> UInt32 {
        let i = index(sequence)
        if misses[i] < .max { misses[i] += 1 }
        return UInt32(misses[i])
    }

    /// Token visits so far without the message, as `countMiss` counted them.
    func misses(at sequence: SequenceNumber) -> UInt32 { UInt32(misses[index(sequence)]) }

    /// Takes one message out of the window, leaving a hole.
    mutating func remove(at sequence: SequenceNumber) -> MessageHandle? {
        guard let handle = message(at: sequence) else { return nil }
        slots[index(sequence)] = Self.empty
        count -= 1
        return handle
    }

    /// Frees everything up to and including `last` into `pool` and moves the window behind it.
    mutating func release(through last: SequenceNumber, into pool: inout MessagePool) {
        let count = min(last.distance(from: head) &+ 1, Self.windowSize)
        guard contains(inWindow: last) else { return }
        var sequence = head
        for _ in 0..<count {
            let i = index(sequence)
            if slots[i] != Self.empty {
                pool.release(MessageHandle(index: slots[i]))
                slots[i] = Self.empty
                self.count -= 1
            }
            misses[i] = 0
            sequence = sequence.next
        }
        head = last.next
    }

    /// Frees everything.
    mutating func releaseAll(into pool: inout MessagePool) {
        for i in slots.indices where slots[i] != Self.empty {
            pool.release(MessageHandle(index: slots[i]))
            slots[i] = Self.empty
        }
        count = 0
    }
}
