import CPosix

/// Measures how long something takes, of what happens often only one time in sixteen.
struct Stopwatch {
    private static let period: UInt32 = 16
    private var count: UInt32 = 0

    /// Nil where this time is not measured.
    mutating func startSometimes() -> UInt64? {
        count &+= 1
        return count % Self.period == 1 ? Self.now() : nil
    }

    /// Nanoseconds of a clock that is never set.
    static func now() -> UInt64 { rondo_monotonic_nanoseconds() }

    static func nanoseconds(since start: UInt64) -> UInt64 { now() &- start }
}
