import Basics

/// The ring's timers. When several are due at one instant they fire in this order.
enum RingTimer: Int, Sendable, CaseIterable {
    case hold
    case backPressure
    case tokenRetransmit
    case tokenWarning
    case tokenLoss
    case heartbeat
    case join
    case consensus
    case mergeDetect
    case reunion
    case pause
    case statistics
    case beat
    case suspicion
    case silence
}

/// One deadline per timer: no callbacks, no allocation, and the next one is a glance over fifteen numbers.
struct TimerTable: Sendable {
    private static let off = UInt64.max
    private var deadlines = InlineArray<15, UInt64>(repeating: TimerTable.off)

    mutating func start(_ timer: RingTimer, milliseconds: UInt64, now: Instant) {
        deadlines[timer.rawValue] = now.adding(milliseconds: milliseconds).nanoseconds
    }

    mutating func start(_ timer: RingTimer, milliseconds: UInt32, now: Instant) {
        start(timer, milliseconds: UInt64(milliseconds), now: now)
    }

    mutating func start(_ timer: RingTimer, nanoseconds: UInt64, now: Instant) {
        deadlines[timer.rawValue] = now.adding(nanoseconds: nanoseconds).nanoseconds
    }

    mutating func cancel(_ timer: RingTimer) { deadlines[timer.rawValue] = Self.off }

    mutating func cancelAll() { deadlines = InlineArray(repeating: Self.off) }

    func isRunning(_ timer: RingTimer) -> Bool { deadlines[timer.rawValue] != Self.off }

    var next: Instant? {
        var earliest = Self.off
        for index in deadlines.indices { earliest = min(earliest, deadlines[index]) }
        return earliest == Self.off ? nil : Instant(nanoseconds: earliest)
    }

    /// Takes out the earliest timer that is due, if any.
    mutating func popExpired(now: Instant) -> RingTimer? {
        var found = -1
        for index in deadlines.indices where deadlines[index] <= now.nanoseconds && deadlines[index] != Self.off {
            if found < 0 || deadlines[index] < deadlines[found] { found = index }
        }
        guard found >= 0 else { return nil }
        deadlines[found] = Self.off
        return RingTimer(rawValue: found)
    }
}
