/// An input read as a program: numbers and strings of bytes, all zero behind the input's end.
struct InputReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func u8() -> UInt8 {
        guard position < bytes.count else { return 0 }
        position += 1
        return bytes[position - 1]
    }

    mutating func u16() -> UInt16 { UInt16(u8()) | UInt16(u8()) << 8 }
    mutating func u32() -> UInt32 { UInt32(u16()) | UInt32(u16()) << 16 }
    mutating func u64() -> UInt64 { UInt64(u32()) | UInt64(u32()) << 32 }

    /// A number below `bound`, from one byte; for a bound above 256 from two.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(bound > 256 ? u16() : UInt16(u8())) % bound
    }

    /// One of `choices`, which must not be empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// Up to `count` bytes.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(position + max(count, 0), bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    /// A string of bytes whose length, up to 255, stands before it.
    mutating func string() -> [UInt8] { take(Int(u8())) }

    mutating func rest() -> [UInt8] { take(bytes.count - position) }

    /// A number of 32 bits: small, at an edge, or any, so that one byte of input often suffices.
    mutating func number() -> UInt32 {
        let kind = u8()
        switch kind {
        case 0..<0xC0: return UInt32(kind)
        case 0xC0..<0xE0: return Self.edges[Int(kind - 0xC0) % Self.edges.count]
        case 0xE0..<0xF0: return UInt32(u16())
        default: return u32()
        }
    }

    private static let edges: [UInt32] = [
        .max, .max - 1, 1 << 31, 1 << 31 - 1, 1 << 16, 1 << 16 - 1, 0xFFFF_0000, 0x7FFF_0000, 384, 385, 30, 31, 1024,
        16_384, 1_048_576, 1_048_577,
    ]
}
