/// The simulator's only source of chance: SplitMix64, so that one seed gives one course of events on every machine.
public struct SeededGenerator: Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// A generator of its own for one purpose, so that drawing more for one thing does not change another.
    public func fork(_ purpose: UInt64) -> SeededGenerator {
        var other = SeededGenerator(seed: state ^ (purpose &* 0xD6E8_FEB8_6659_FD93))
        _ = other.next()
        return other
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `bound`; 0 when that is empty.
    public mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    public mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: below(UInt64(max(bound, 0)))) }

    public mutating func between(_ low: UInt64, _ high: UInt64) -> UInt64 {
        high > low ? low + below(high - low + 1) : low
    }

    public mutating func between(_ low: Int, _ high: Int) -> Int { high > low ? low + below(high - low + 1) : low }

    public mutating func happens(perMillion: UInt32) -> Bool { below(UInt64(1_000_000)) < UInt64(perMillion) }

    public mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    /// One of the choices; there must be at least one.
    public mutating func pick<Choice>(_ first: Choice, _ others: Choice...) -> Choice {
        let index = below(others.count + 1)
        return index == 0 ? first : others[index - 1]
    }
}
