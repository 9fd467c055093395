/// The conversions behind Corosync's derived timings, which every node of a ring must agree on
/// (spec: configuration.md 5.1).
enum CorosyncArithmetic {
    /// A floating-point number as a C `int` read back as unsigned: the fraction is cut off, and what an `int` cannot
    /// hold becomes 2^31.
    static func truncated(_ number: Double) -> UInt32 {
        guard number > -2_147_483_649, number < 2_147_483_648 else { return 0x8000_0000 }
        return UInt32(bitPattern: Int32(number))
    }

    /// base + (nodes - 2) * coefficient modulo 2^32, from the third node on.
    static func scaledToken(_ base: UInt32, coefficient: UInt32, nodes: UInt32) -> UInt32 {
        nodes > 2 ? base &+ (nodes - 2) &* coefficient : base
    }

    /// token / (retransmits + 0.2) in double precision.
    static func tokenRetransmit(token: UInt32, retransmits: UInt32) -> UInt32 {
        truncated(Double(token) / (Double(retransmits) + 0.2))
    }

    /// tokenRetransmit * 0.8 - 10 in double precision.
    static func hold(tokenRetransmit: UInt32) -> UInt32 { truncated(Double(tokenRetransmit) * 0.8 - 10) }

    /// 1.2 * token in double precision, rounded to single precision before the fraction is cut off.
    static func consensus(token: UInt32) -> UInt32 { truncated(Double(Float(1.2 * Double(token)))) }
}
