import Glibc

/// A moment of the calendar, for log lines.
struct WallTime: Equatable {
    var seconds: Int
    var milliseconds: Int

    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }
}

/// Writes `Mon DD HH:MM:SS` in local time; asks the C library only once a second.
struct CalendarText {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private var second: Int?
    private var text = ""

    mutating func text(of time: WallTime) -> String {
        if second == time.seconds { return text }
        var seconds = time_t(time.seconds)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let month = Self.months.indices.contains(Int(parts.tm_mon)) ? Self.months[Int(parts.tm_mon)] : "???"
        text = month
        text += " " + Decimal.padded(Int(parts.tm_mday), 2)
        text += " " + Decimal.padded(Int(parts.tm_hour), 2)
        text += ":" + Decimal.padded(Int(parts.tm_min), 2)
        text += ":" + Decimal.padded(Int(parts.tm_sec), 2)
        second = time.seconds
        return text
    }
}

/// Numbers in text without Foundation.
enum Decimal {
    /// `value` with leading zeros to `width` digits.
    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Nanoseconds as milliseconds with four decimals.
    static func milliseconds(_ nanoseconds: UInt64) -> String {
        let tenthsOfMicroseconds = nanoseconds / 100
        return "\(tenthsOfMicroseconds / 10000)." + padded(Int(tenthsOfMicroseconds % 10000), 4)
    }
}
