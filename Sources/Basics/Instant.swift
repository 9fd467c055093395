/// A point in time: nanoseconds since an origin that only the shell knows (its monotonic clock, or the start of a
/// simulation). Machines without I/O receive instants and return instants; they never ask for the time.
public struct Instant: Hashable, Comparable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    @inlinable
    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The instant `milliseconds` later; far beyond any run of a daemon it saturates instead of wrapping.
    @inlinable
    public func adding(milliseconds: UInt64) -> Instant {
        let (span, tooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return adding(nanoseconds: tooLong ? .max : span)
    }

    @inlinable
    public func adding(nanoseconds span: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// Nanoseconds from `earlier` to here; zero when `earlier` is not earlier.
    @inlinable
    public func nanoseconds(since earlier: Instant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// Whole milliseconds from `earlier` to here; zero when `earlier` is not earlier.
    @inlinable
    public func milliseconds(since earlier: Instant) -> UInt64 { nanoseconds(since: earlier) / 1_000_000 }
}

/// The earlier of two deadlines; nil means never.
@inlinable
public func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a else { return b }
    guard let b else { return a }
    return min(a, b)
}
