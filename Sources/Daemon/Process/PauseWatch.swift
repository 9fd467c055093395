import Basics

/// Notices when the process was not scheduled for so long that the ring may have lost its token
/// (spec: daemon-and-tools.md 1.7).
struct PauseWatch {
    /// Milliseconds.
    let token: UInt64
    private let period: UInt64
    /// Nanoseconds.
    private let threshold: UInt64
    private var last: Instant

    /// - Parameter token: the token timeout in milliseconds.
    init(token: UInt64, now: Instant) {
        self.token = token
        period = max(token / 3, 1)
        threshold = token.multipliedReportingOverflow(by: 800_000).partialValue
        last = now
    }

    /// When the watch wants to look again.
    var deadline: Instant { last.adding(milliseconds: period) }

    /// Looks at the clock; returns the nanoseconds since the last look when they are too many.
    mutating func check(_ now: Instant) -> UInt64? {
        guard now >= deadline else { return nil }
        let gap = now.nanoseconds(since: last)
        last = now
        return gap > threshold ? gap : nil
    }

    /// The line administrators and log readers know.
    func warning(gap: UInt64, at time: WallTime) -> LogLine {
        LogLine(
            .warning, .main,
            "Corosync main process was not scheduled (@\(time.seconds * 1000 + time.milliseconds)) for "
                + "\(Decimal.milliseconds(gap)) ms (threshold is \(Decimal.milliseconds(threshold)) ms). "
                + "Consider token timeout increase.")
    }
}
