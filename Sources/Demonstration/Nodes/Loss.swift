/// A network that loses a share of what it carries; SplitMix64, so that a seed loses the same datagrams of a sequence.
struct Loss: Sendable {
    private var state: UInt64
    private let threshold: UInt64

    /// - Parameter percent: 0 to 100.
    init(percent: Double, seed: UInt64) {
        state = seed
        threshold = UInt64(percent * 1_000_000)
    }

    mutating func takesNext() -> Bool {
        guard threshold > 0 else { return false }
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return z.multipliedFullWidth(by: 100_000_000).high < threshold
    }
}
