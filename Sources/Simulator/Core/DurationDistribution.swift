/// How durations left to chance are spread: delays of datagrams, pauses of nodes, the times between them. All in
/// nanoseconds.
package enum DurationDistribution: Sendable, Equatable {
    case constant(UInt64)
    /// Every duration between the two is as likely as any other.
    case uniform(UInt64, UInt64)
    /// Many short ones, few long ones: the time to the next of events that know nothing of each other.
    case exponential(mean: UInt64)
    /// Its logarithm is normal: mostly about the median, now and then a multiple of it.
    case logNormal(median: UInt64, sigma: Double)
    /// A long tail: of four one is longer than twice the shortest, of a hundred one than ten times (Pareto's with α = 2).
    case pareto(shortest: UInt64)

    /// The standard normal distribution's 99th percentile.
    private static let normal99 = 2.326_347_874_040_841

    /// No duration is longer than this: 30 days.
    private static let longest = 30.0 * 86_400e9

    /// The log-normal distribution of which a hundredth lies above `p99`.
    package static func logNormal(p99: UInt64, sigma: Double) -> DurationDistribution {
        .logNormal(median: whole(Double(p99) * Elementary.exp(-normal99 * sigma)), sigma: sigma)
    }

    /// The log-normal distribution with these two percentiles; constant when they are not in this order.
    package static func logNormal(median: UInt64, p99: UInt64) -> DurationDistribution {
        guard median > 0, p99 > median else { return .constant(median) }
        return .logNormal(median: median, sigma: Elementary.log(Double(p99) / Double(median)) / normal99)
    }

    /// The exponential distribution of which a hundredth lies above `p99`.
    package static func exponential(p99: UInt64) -> DurationDistribution {
        .exponential(mean: whole(Double(p99) / Elementary.log(100)))
    }

    package var mean: UInt64 {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): low / 2 + high / 2 + (low & high & 1)
        case .exponential(let mean): mean
        case .logNormal(let median, let sigma): Self.whole(Double(median) * Elementary.exp(sigma * sigma / 2))
        case .pareto(let shortest): Self.whole(Double(shortest) * 2)
        }
    }

    /// Only one in a hundred is longer.
    package var p99: UInt64 {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): low + (max(high, low) - low) / 100 * 99
        case .exponential(let mean): Self.whole(Double(mean) * Elementary.log(100))
        case .logNormal(let median, let sigma):
            Self.whole(Double(median) * Elementary.exp(Self.normal99 * sigma))
        case .pareto(let shortest): Self.whole(Double(shortest) * 10)
        }
    }

    package func sample(_ chance: inout SeededGenerator) -> UInt64 {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): chance.between(low, max(low, high))
        case .exponential(let mean): Self.whole(-Elementary.log(chance.fraction()) * Double(mean))
        case .logNormal(let median, let sigma):
            Self.whole(Double(median) * Elementary.exp(sigma * chance.normal()))
        case .pareto(let shortest): Self.whole(Double(shortest) / chance.fraction().squareRoot())
        }
    }

    private static func whole(_ nanoseconds: Double) -> UInt64 {
        nanoseconds.isFinite ? UInt64(min(max(nanoseconds, 0), longest)) : 0
    }
}

extension SeededGenerator {
    /// A number above 0 and up to 1.
    package mutating func fraction() -> Double { Double((next() >> 11) + 1) / 9_007_199_254_740_992 }

    /// A number from the standard normal distribution (Marsaglia's polar method).
    package mutating func normal() -> Double {
        while true {
            let x = 2 * fraction() - 1
            let y = 2 * fraction() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            return x * (-2 * Elementary.log(square) / square).squareRoot()
        }
    }
}
