/// Logarithm and exponential with nothing but the four operations, so that they give the same bits on every machine.
package enum Elementary {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive finite number; 0 of anything else.
    package static func log(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return 0 }
        var significand = x.significand
        var exponent = Double(x.exponent)
        if significand > 1.5 {
            significand /= 2
            exponent += 1
        }
        // ln m = 2 artanh((m − 1) / (m + 1)), whose argument is at most a fifth here.
        let s = (significand - 1) / (significand + 1)
        let square = s * s
        var sum = 0.0
        for odd in stride(from: 25.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
        return exponent * ln2 + 2 * s * sum
    }

    /// e to the power of `x`, for |x| up to 700; beyond that the value at the limit.
    package static func exp(_ x: Double) -> Double {
        let bounded = min(max(x, -700), 700)
        let power = (bounded / ln2).rounded()
        let rest = bounded - power * ln2
        var sum = 1.0
        for term in stride(from: 18.0, through: 1, by: -1) { sum = 1 + sum * rest / term }
        return sum * Double(sign: .plus, exponent: Int(power), significand: 1)
    }
}
