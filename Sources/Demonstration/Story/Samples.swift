import ClusterConfiguration

/// Measured lengths of time, in nanoseconds.
struct Samples: Sendable, Equatable {
    private var values: [UInt64] = []

    var count: Int { values.count }
    var isEmpty: Bool { values.isEmpty }

    mutating func add(_ nanoseconds: UInt64) { values.append(nanoseconds) }

    /// Nil without samples.
    var spread: Spread? {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        return Spread(
            count: sorted.count, minimum: Microseconds(first / 1000),
            median: Microseconds(sorted[sorted.count / 2] / 1000),
            maximum: Microseconds(last / 1000))
    }
}

/// What samples amount to.
public struct Spread: Sendable, Equatable {
    public var count: Int
    public var minimum: Microseconds
    public var median: Microseconds
    public var maximum: Microseconds
}
