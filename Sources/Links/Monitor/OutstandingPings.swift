import Basics

/// A link's pings that may still be answered, each once: the last eight.
struct OutstandingPings: Sendable {
    private struct Ping: Sendable {
        var number: UInt64 = 0
        var sent = Instant(nanoseconds: 0)
    }

    private static let capacity: UInt64 = 8
    /// Ping n lies at n modulo 8; number 0 marks a place without one.
    private var pings = InlineArray<8, Ping>(repeating: Ping())
    /// The last one sent, the last one answered; 0 for none.
    private(set) var last: UInt64 = 0
    private var answered: UInt64 = 0

    /// When the oldest ping left that has no answer, later ones included; nil when the last one is answered.
    private(set) var waitingSince: Instant?

    /// A planted defect: each may be answered any number of times.
    var repeats = false

    /// Numbers a ping that leaves now.
    mutating func add(now: Instant) -> UInt64 {
        last &+= 1
        pings[Int(last % Self.capacity)] = Ping(number: last, sent: now)
        if waitingSince == nil { waitingSince = now }
        return last
    }

    /// When ping `number` left; nil if it is not outstanding, because it never was, is answered, or is long ago.
    mutating func answer(_ number: UInt64) -> Instant? {
        let place = Int(number % Self.capacity)
        guard number != 0, pings[place].number == number else { return nil }
        if !repeats { pings[place].number = 0 }
        answered = max(answered, number)
        waitingSince = oldestUnanswered()
        return pings[place].sent
    }

    /// Lets the time begin now for which pings are without an answer.
    mutating func waitAnew(now: Instant) {
        if waitingSince != nil { waitingSince = now }
    }

    private func oldestUnanswered() -> Instant? {
        var number = answered
        while number < last {
            number += 1
            let ping = pings[Int(number % Self.capacity)]
            if ping.number == number { return ping.sent }
        }
        return nil
    }
}
