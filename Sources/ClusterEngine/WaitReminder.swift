import Basics
import Totem

/// Says again now and then why a node waits for others: after a minute, and then in twice the time, up to an hour. Who
/// looks into the log for the reason finds it, and it does not fill the log.
struct WaitReminder: Sendable {
    private static let (shortest, longest): (UInt64, UInt64) = (60_000, 3_600_000)

    /// Why the node waits, and what is to be done; the start has said so too.
    let reason: String
    /// Milliseconds to the next line.
    private var interval = WaitReminder.shortest
    private var due: Instant?

    init(reason: String) { self.reason = reason }

    /// The line that is due, if one is.
    mutating func take(_ notice: RingNotice, now: Instant) -> LogLine? {
        if let due {
            guard due <= now else { return nil }
            interval = min(interval * 2, Self.longest)
        }
        defer { due = now.adding(milliseconds: interval) }
        return due == nil ? nil : LogLine(notice.severity, notice.subsystem, "\(notice.text) \(reason)")
    }
}
