/// Durations in order, in nanoseconds.
package struct Quantiles: Sendable, Equatable {
    private let sorted: [UInt64]

    init(_ values: [UInt64]) { sorted = values.sorted() }

    package var count: Int { sorted.count }
    package var shortest: UInt64 { sorted.first ?? 0 }
    package var longest: UInt64 { sorted.last ?? 0 }
    package var median: UInt64 { self[percent: 50] }
    package var p99: UInt64 { self[percent: 99] }

    package subscript(percent percent: Int) -> UInt64 {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min((sorted.count * percent + 99) / 100, sorted.count) - 1]
    }
}

/// How often something happens, as far as so many events in a stretch of time tell.
package struct Rate: Sendable, Equatable {
    package var events: Int
    /// Nanoseconds.
    package var span: UInt64

    private static let year = 365.25 * 86_400e9

    private var spansAYear: Double { span > 0 ? Self.year / Double(span) : 0 }

    package var perYear: Double { Double(events) * spansAYear }

    /// The rates a year that are still likely (95 %) to give so many events: of none, those up to three in the time
    /// (the rule of three), else the exact Poisson interval in Wilson and Hilferty's approximation.
    package var likely: ClosedRange<Double> {
        let count = Double(events)
        guard events > 0 else { return 0...3 * spansAYear }
        func cube(_ x: Double) -> Double { x * x * x }
        let low = count * cube(1 - 1 / (9 * count) - 1.96 / (3 * count.squareRoot()))
        let next = count + 1
        let high = next * cube(1 - 1 / (9 * next) + 1.96 / (3 * next.squareRoot()))
        return max(low, 0) * spansAYear...high * spansAYear
    }
}
