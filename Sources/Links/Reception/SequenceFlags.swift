/// A flag for each of the last 4096 of a host's numbers.
struct SequenceFlags: Sendable {
    /// Numbers that have a flag.
    static let count = 4096

    private var words = [UInt64](repeating: 0, count: SequenceFlags.count / 64)

    subscript(position: Int) -> Bool {
        get { words[Self.word(position)] & Self.bit(position) != 0 }
        set {
            if newValue {
                words[Self.word(position)] |= Self.bit(position)
            } else {
                words[Self.word(position)] &= ~Self.bit(position)
            }
        }
    }

    mutating func clearAll() {
        for index in words.indices { words[index] = 0 }
    }

    /// Clears the flags of the `count` positions from `start` on, which had those of positions 4096 before.
    mutating func clear(from start: Int, count: Int) {
        guard count < SequenceFlags.count else {
            clearAll()
            return
        }
        var position = start
        var left = count
        while left > 0 {
            if position & 63 == 0, left >= 64 {
                words[Self.word(position)] = 0
                position &+= 64
                left -= 64
            } else {
                self[position] = false
                position &+= 1
                left -= 1
            }
        }
    }

    private static func word(_ position: Int) -> Int { (position & (SequenceFlags.count - 1)) >> 6 }

    private static func bit(_ position: Int) -> UInt64 { 1 << UInt64(position & 63) }
}
