/// A number with its unit, as scenario texts have it.
enum Measure: UInt64, CaseIterable {
    /// Their raw values are in nanoseconds.
    case nanoseconds = 1
    case microseconds = 1000
    case milliseconds = 1_000_000
    case seconds = 1_000_000_000

    var suffix: String {
        switch self {
        case .nanoseconds: "ns"
        case .microseconds: "us"
        case .milliseconds: "ms"
        case .seconds: "s"
        }
    }

    /// A duration counted in this unit, written in the largest unit up to milliseconds in which it is whole.
    func text(_ count: UInt64) -> String {
        var (count, unit) = (count, self)
        while unit.rawValue < Measure.milliseconds.rawValue, count > 0, count % 1000 == 0 {
            count /= 1000
            unit = Measure(rawValue: unit.rawValue * 1000) ?? .milliseconds
        }
        return "\(count)\(unit.suffix)"
    }

    /// The count of this unit that a word like `20ms` stands for; nil when it is none, or not whole.
    func count(_ word: Substring) -> UInt64? {
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits),
            let unit = Measure.allCases.first(where: { $0.suffix == word.dropFirst(digits.count) })
        else { return nil }
        let (nanoseconds, overflow) = number.multipliedReportingOverflow(by: unit.rawValue)
        guard !overflow, nanoseconds % rawValue == 0 else { return nil }
        return nanoseconds / rawValue
    }
}

/// Bounds of what texts may ask for.
package enum TextLimits {
    /// Milliseconds that a scenario lasts.
    static let longest: UInt64 = 10_000_000
    /// Of delays, in microseconds: with the greatest number of nodes, all bounds computed from them stay numbers of 64
    /// bits.
    static let longestDelay: UInt64 = 10_000_000
}
