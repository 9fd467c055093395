import Basics

/// Events that the shell has not taken, in memory that is used again. What packets from outside can cause is told once a
/// second for each reason, so that the queue cannot be filled from there.
struct EventQueue: Sendable {
    private static let second: UInt64 = 1_000_000_000
    private var events: [LinksEvent] = []
    private var taken = 0
    private var lastTold = [Instant?](repeating: nil, count: DropReason.allCases.count)

    mutating func add(_ event: LinksEvent) { events.append(event) }

    mutating func tell(_ notice: LinksNotice) { events.append(.notice(notice)) }

    /// Tells of something dropped, unless the last time is less than a second ago.
    mutating func tell(_ notice: LinksNotice, of reason: DropReason, now: Instant) {
        if let last = lastTold[reason.rawValue], now.nanoseconds(since: last) < Self.second { return }
        lastTold[reason.rawValue] = now
        tell(notice)
    }

    mutating func next() -> LinksEvent? {
        guard taken < events.count else {
            events.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        taken += 1
        return events[taken - 1]
    }
}
