import Basics

/// Whether a host can have begun anew when a ping says so (spec: knet.md 5, 13.2).
///
/// A host's first pings bear the number 0, and so does a recorded one that somebody sends again. But a host that has not
/// begun anew goes on pinging with the number it has reached: only when those pings have stayed away is it believed.
struct RestartWatch: Sendable {
    /// Nanoseconds of libknet's clock, in whose multiples it pings.
    private static let tick: UInt64 = 200_000_000
    /// Nanoseconds by which a ping may be late.
    private static let slack: UInt64 = 150_000_000

    /// The last timed ping with the number that the host has reached.
    private var lastCounting: Instant?
    /// A ping said since that the host begins anew.
    private(set) var isPending = false

    /// Takes note of a ping.
    ///
    /// - Parameter isBehind: its number lies before the newest one that came from the host.
    mutating func heard(_ ping: Ping, isBehind: Bool, now: Instant) {
        guard !ping.isForced else { return }
        if ping.sequence == 0 {
            isPending = true
        } else if !isBehind {
            lastCounting = now
            isPending = false
        }
    }

    /// The host has begun anew.
    mutating func begin() {
        lastCounting = nil
        isPending = false
    }

    /// Whether the pings of an earlier life have stayed away for longer than `interval` nanoseconds, in which there would
    /// have been one.
    func honoursRestart(interval: UInt64, now: Instant) -> Bool {
        guard let lastCounting else { return true }
        let ticks = (interval + Self.tick - 1) / Self.tick
        return now.nanoseconds(since: lastCounting) > ticks * Self.tick + Self.slack
    }
}
