import Basics

/// The last hundred token visits, for the averages in the statistics map (spec: totem.md 18).
struct TokenHistory: Sendable {
    private struct Visit {
        var received: UInt64 = 0
        var sent: UInt64 = 0
        var backlog: UInt32 = 0
    }

    private var visits = [Visit](repeating: Visit(), count: 100)
    private var latest = 0
    private var count = 0
    private(set) var lastReceived: Instant?

    mutating func received(at now: Instant, backlog: UInt32) {
        latest = latest + 1 < visits.count ? latest + 1 : 0
        visits[latest] = Visit(received: now.nanoseconds, sent: now.nanoseconds, backlog: backlog)
        count = min(count + 1, visits.count)
        lastReceived = now
    }

    mutating func sent(at now: Instant) {
        guard count > 0 else { return }
        visits[latest].sent = now.nanoseconds
    }

    /// Writes the averages into `statistics`; those for which nothing was recorded stay as they are.
    func summarize(into statistics: inout RingStatistics, now: Instant) {
        if let lastReceived { statistics.sinceLastToken = now.milliseconds(since: lastReceived) }
        guard count > 1 else { return }
        var interval: UInt64 = 0
        var workload: UInt64 = 0
        var backlog: UInt64 = 0
        var index = latest
        for step in 0..<count {
            let visit = visits[index]
            workload &+= visit.sent &- visit.received
            backlog &+= UInt64(visit.backlog)
            let previous = index > 0 ? index - 1 : visits.count - 1
            if step + 1 < count { interval &+= visit.received &- visits[previous].received }
            index = previous
        }
        statistics.meanTokenInterval = UInt32(clamping: interval / UInt64(count - 1) / 1_000_000)
        statistics.meanTokenWorkload = UInt32(clamping: workload / UInt64(count) / 1_000_000)
        statistics.meanBacklog = UInt32(clamping: backlog / UInt64(count))
    }
}
