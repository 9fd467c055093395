import Glibc

/// A moment of the day in milliseconds, as the engines' logs print it, so that a log line and a moment of the test can
/// be compared.
public struct WallTime: Sendable, Equatable, CustomStringConvertible {
    /// Milliseconds since midnight, local time.
    public let millisecondOfDay: Int

    public static var now: WallTime {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        var parts = tm()
        var seconds = clock.tv_sec
        localtime_r(&seconds, &parts)
        let second = (Int(parts.tm_hour) * 60 + Int(parts.tm_min)) * 60 + Int(parts.tm_sec)
        return WallTime(millisecondOfDay: second * 1000 + clock.tv_nsec / 1_000_000)
    }

    public init(millisecondOfDay: Int) { self.millisecondOfDay = millisecondOfDay }

    /// Reads `21:01:50.043` or `21:01:50`.
    init?(_ text: some StringProtocol) {
        let fields = text.split(separator: ":")
        guard fields.count == 3, let hour = Int(fields[0]), let minute = Int(fields[1]), let second = Double(fields[2])
        else { return nil }
        millisecondOfDay = (hour * 60 + minute) * 60_000 + Int((second * 1000).rounded())
    }

    /// Milliseconds from this moment to a later one, across midnight too; slightly negative when `later` is not later.
    public func milliseconds(to later: WallTime) -> Int {
        let day = 86_400_000
        let difference = (later.millisecondOfDay - millisecondOfDay + day) % day
        return difference > day / 2 ? difference - day : difference
    }

    public var description: String {
        let second = millisecondOfDay / 1000
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let fraction = "\(1000 + millisecondOfDay % 1000)".dropFirst()
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)).\(fraction)"
    }
}
