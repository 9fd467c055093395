import TotemWire

/// Counts the messages that tokens ask for, each once however often it is asked for.
///
/// All that can be asked for at one time lies in one window; so a bit for each place of the window is enough, and nothing
/// is allocated while losses go on.
struct AskedMessages: Sendable {
    private static let window = UInt32(TotemLimits.sortQueueSlots)

    /// Messages since the last `beginCount`.
    private(set) var count = 0
    /// The highest that was asked for; nil before the first.
    private var highest: SequenceNumber?
    private var bits = [UInt64](repeating: 0, count: TotemLimits.sortQueueSlots / 64)

    mutating func note(_ sequence: SequenceNumber) {
        move(to: sequence)
        guard let highest, highest.distance(from: sequence) < Self.window else { return }
        let (word, bit) = Self.place(sequence)
        if bits[word] & bit == 0 { count += 1 }
        bits[word] |= bit
    }

    /// Moves the window on, if the number lies behind it.
    private mutating func move(to sequence: SequenceNumber) {
        guard let last = highest else {
            highest = sequence
            return
        }
        guard last.isLess(than: sequence) else { return }
        highest = sequence
        if sequence.distance(from: last) >= Self.window { return clear() }
        var freed = last
        while freed != sequence {
            freed = freed.next
            let (word, bit) = Self.place(freed)
            bits[word] &= ~bit
        }
    }

    /// Another ring begins to number its messages anew.
    mutating func forgetNumbers() {
        highest = nil
        clear()
    }

    /// Counts from here on; what was asked for before and is asked for again counts again.
    mutating func beginCount() {
        count = 0
        forgetNumbers()
    }

    private mutating func clear() { for word in bits.indices { bits[word] = 0 } }

    private static func place(_ sequence: SequenceNumber) -> (word: Int, bit: UInt64) {
        let slot = Int(sequence.rawValue & (window - 1))
        return (slot / 64, 1 << UInt64(slot % 64))
    }
}
