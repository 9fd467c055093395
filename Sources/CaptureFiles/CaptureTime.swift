/// When a packet was captured.
public struct CaptureTime: Sendable, Hashable, Comparable {
    /// Since 1970-01-01 UTC, or since midnight when `isTimeOfDay`.
    public var seconds: Int64
    /// 0 ..< 1,000,000,000.
    public var nanoseconds: UInt32
    /// Whether the capture told the time of day only, without date or time zone.
    public var isTimeOfDay: Bool

    public init(seconds: Int64, nanoseconds: UInt32, isTimeOfDay: Bool = false) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.isTimeOfDay = isTimeOfDay
    }

    public static func < (a: CaptureTime, b: CaptureTime) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }

    /// Nanoseconds since `earlier`; negative when it is later, and clamped to what 64 bits hold.
    public func nanoseconds(since earlier: CaptureTime) -> Int64 {
        let (difference, tooFar) = seconds.subtractingReportingOverflow(earlier.seconds)
        let (product, tooLarge) = difference.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, over) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(earlier.nanoseconds))
        guard !tooFar, !tooLarge, !over else { return self < earlier ? .min : .max }
        return sum
    }
}
