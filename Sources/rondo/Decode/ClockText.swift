import CaptureFiles
import Glibc

/// Writes times of day as tcpdump does: local time, or UTC.
struct ClockText {
    var isUTC: Bool

    func text(_ time: CaptureTime) -> String {
        let second = secondOfDay(time)
        let parts = [second / 3600, second / 60 % 60, second % 60].map(Self.twoDigits)
        return parts.joined(separator: ":") + "." + String(1_000_000 + time.nanoseconds / 1000).dropFirst()
    }

    private func secondOfDay(_ time: CaptureTime) -> Int64 {
        guard !time.isTimeOfDay, !isUTC else { return (time.seconds % 86_400 + 86_400) % 86_400 }
        var seconds = time_t(time.seconds)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return Int64(local.tm_hour) * 3600 + Int64(local.tm_min) * 60 + Int64(local.tm_sec)
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
