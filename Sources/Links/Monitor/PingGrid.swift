import Basics

/// The common instants of pings: whole intervals since the start of the machine, so that all links that are watched alike
/// are pinged at once, and a node at rest wakes up once an interval and not once a link.
struct PingGrid: Sendable {
    let origin: Instant

    /// The first instant of a grid of `interval` nanoseconds that lies behind `now`.
    func next(after now: Instant, interval: UInt64) -> Instant {
        let interval = max(interval, 1)
        let passed = now.nanoseconds(since: origin) / interval
        let (span, isTooFar) = (passed &+ 1).multipliedReportingOverflow(by: interval)
        return origin.adding(nanoseconds: isTooFar ? .max : span)
    }
}
