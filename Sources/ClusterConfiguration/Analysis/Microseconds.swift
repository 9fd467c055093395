/// A length of time in microseconds, exact for every timeout a configuration can hold.
public struct Microseconds: Sendable, Hashable, Comparable {
    public var count: UInt64

    public init(_ count: UInt64) { self.count = count }

    public static func milliseconds(_ count: UInt32) -> Microseconds { Microseconds(UInt64(count) * 1000) }

    public static let zero = Microseconds(0)

    public static func < (a: Microseconds, b: Microseconds) -> Bool { a.count < b.count }

    public static func + (a: Microseconds, b: Microseconds) -> Microseconds {
        let (sum, overflow) = a.count.addingReportingOverflow(b.count)
        return Microseconds(overflow ? UInt64.max : sum)
    }

    /// `a` without `b`, not below zero.
    public static func - (a: Microseconds, b: Microseconds) -> Microseconds {
        Microseconds(a.count > b.count ? a.count - b.count : 0)
    }

    public static func * (a: Microseconds, factor: UInt64) -> Microseconds {
        let (product, overflow) = a.count.multipliedReportingOverflow(by: factor)
        return Microseconds(overflow ? UInt64.max : product)
    }

    /// Milliseconds with one decimal where they need it, such as `685.3 ms`.
    public var millisecondsText: String {
        let tenths = count / 100 + (count % 100 >= 50 ? 1 : 0)
        return tenths % 10 == 0 ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
    }

    /// Seconds with two decimals from one second on, milliseconds below, hours where seconds would be too many.
    public var shortText: String {
        guard count >= 1_000_000 else { return millisecondsText }
        if count >= 10_000_000_000 { return "\(count / 3_600_000_000) h" }
        let hundredths = count / 10_000 + (count % 10_000 >= 5_000 ? 1 : 0)
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}
