import TotemWire

/// What programs multicast: a number that tells which message it is, and bytes that follow from it.
enum MulticastBody {
    static let smallest = 8

    static func write(number: Int, size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(size, smallest) + 8)
        var word = UInt64(number)
        var factor = (word &+ 1) &* 0x9E37_79B9_7F4A_7C15
        while bytes.count < max(size, smallest) {
            bytes.appendU64(word)
            factor &+= 0xD134_2543_DE82_EF95
            word = factor ^ (factor >> 29)
        }
        bytes.removeLast(bytes.count - max(size, smallest))
        return bytes
    }

    /// The message's number; nil when there is none.
    static func number(of body: Span<UInt8>) -> Int? {
        guard body.count >= smallest else { return nil }
        return Int(exactly: body.word(at: 0))
    }
}
