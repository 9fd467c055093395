/// The running mean of a link's round trips, and the least and greatest of that mean (spec: knet.md 8, 12).
public struct Latency: Sendable, Equatable {
    /// Microseconds; 0 before the first round trip.
    public private(set) var mean: UInt32 = 0
    /// Of the mean; the greatest number there is before the first round trip, as libknet's.
    public private(set) var least: UInt32 = .max
    public private(set) var greatest: UInt32 = 0
    /// Round trips in the mean, at most the configured precision.
    public private(set) var samples: UInt32 = 0

    public init() {}

    mutating func add(microseconds: UInt64, precision: UInt32) {
        samples = min(samples &+ 1, max(precision, 1))
        let sample = min(microseconds, UInt64(UInt32.max))
        let sum = UInt64(mean) * UInt64(samples - 1) + sample
        mean = UInt32(clamping: sum / UInt64(samples))
        least = min(least, mean)
        greatest = max(greatest, mean)
    }

    var nanoseconds: UInt64 { UInt64(mean) * 1000 }
}
