/// Distributions of durations, as people write them: `2ms`, `2ms±1ms`, `2ms..5ms`, `exp 2ms`, `p99 400ms`.
package enum DistributionText {
    package static let forms =
        "2ms, 2ms±1ms (or 2ms+-1ms), 2ms..5ms, 'exp 2ms', 'p99 400ms', 'exp p99 400ms', 'median 20ms p99 400ms', "
        + "'pareto 1ms'"

    /// The spread of a log-normal distribution of which only the 99th percentile is given: its median is a tenth of
    /// that, one of a thousand is twice, one of a hundred thousand seven times as long.
    package static let usualSigma = 1.0

    package static func distribution(_ text: String) throws(QuantityError) -> DurationDistribution {
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = words.first else { throw QuantityError("there is nothing in it") }
        let rest = words.dropFirst().joined(separator: " ")
        switch first {
        case "exp", "exponential":
            if rest == "p99" || rest.hasPrefix("p99 ") {
                return .exponential(p99: try positive(String(rest.dropFirst(3))))
            }
            return .exponential(mean: try positive(rest))
        case "pareto":
            return .pareto(shortest: try positive(rest))
        case "p99":
            return .logNormal(p99: try positive(rest), sigma: usualSigma)
        case "median":
            let parts = try cut(rest, at: "p99", "'median' needs a 99th percentile as well: 'median 20ms p99 400ms'")
            let (median, p99) = (try positive(parts.0), try positive(parts.1))
            guard p99 > median else { throw QuantityError("the 99th percentile must be above the median") }
            return .logNormal(median: median, p99: p99)
        default:
            return try range(text)
        }
    }

    private static func range(_ text: String) throws(QuantityError) -> DurationDistribution {
        for sign in ["±", "+/-", "+-"] {
            guard let (middle, half) = split(text, at: sign) else { continue }
            let radius = try QuantityText.duration(half)
            let center = try QuantityText.duration(middle, unit: QuantityText.unit(of: half))
            guard radius <= center else {
                throw QuantityError("'\(text)' goes below zero: what follows ± can be at most what precedes it")
            }
            return radius == 0 ? .constant(center) : .uniform(center - radius, center + radius)
        }
        if let (low, high) = split(text, at: "..") {
            let upper = try QuantityText.duration(high)
            let lower = try QuantityText.duration(low, unit: QuantityText.unit(of: high))
            guard lower <= upper else { throw QuantityError("'\(text)' ends before it begins") }
            return lower == upper ? .constant(lower) : .uniform(lower, upper)
        }
        return .constant(try QuantityText.duration(text))
    }

    private static func positive(_ text: String) throws(QuantityError) -> UInt64 {
        let value = try QuantityText.duration(text)
        guard value > 0 else { throw QuantityError("'\(QuantityText.trim(text))' is no time at all") }
        return value
    }

    private static func cut(
        _ text: String, at word: String, _ complaint: String
    ) throws(QuantityError) -> (String, String) {
        guard let parts = split(text, at: word) else { throw QuantityError(complaint) }
        return parts
    }

    /// What comes before and after the first `separator`; nil when there is none.
    static func split(_ text: String, at separator: String) -> (String, String)? {
        let whole = Array(text)
        let mark = Array(separator)
        guard !mark.isEmpty, whole.count >= mark.count else { return nil }
        for start in 0...(whole.count - mark.count) where Array(whole[start..<(start + mark.count)]) == mark {
            return (String(whole[..<start]), String(whole[(start + mark.count)...]))
        }
        return nil
    }
}

/// Pauses of nodes, as people write them: a distribution of lengths and how often they come.
package enum PauseText {
    package static let forms =
        "a length and how often: 'p99 400ms every 10s', '200ms every 1h', 'exp 50ms every 1min', '1s..3s every 1d'; "
        + "without 'every' it is 10s"

    /// From one pause of a node to the next when nothing is said of it.
    package static let usualInterval: UInt64 = 10_000_000_000

    package static func pauses(_ text: String) throws(QuantityError) -> ForecastPlan.Pauses {
        guard let (length, interval) = DistributionText.split(text, at: "every") else {
            return .init(length: try DistributionText.distribution(text), every: usualInterval)
        }
        let every = try QuantityText.duration(interval)
        guard every >= 1_000_000 else { throw QuantityError("'every' needs a time of at least 1ms") }
        let distribution = try DistributionText.distribution(QuantityText.trim(length))
        guard distribution.mean < every else {
            throw QuantityError("pauses as long as the time between them leave nothing to run in")
        }
        return .init(length: distribution, every: every)
    }
}
