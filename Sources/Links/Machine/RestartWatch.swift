import Basics

/// Whether a host can have begun anew when a ping says so (spec: knet.md 5, 13.2).
///
/// A host's first pings bear the number 0, and so does a recorded one that somebody sends again. But a host that has not
/// begun anew goes on pinging with the number it has reached, and goes on counting: only when that has stayed away is it
/// believed.
struct RestartWatch: Sendable {
    /// Nanoseconds of libknet's clock, in whose multiples it pings.
    private static let tick: UInt64 = 200_000_000
    /// Nanoseconds by which a ping may be late.
    private static let slack: UInt64 = 150_000_000

    /// Nanoseconds that a process takes at least from its end to its first ping.
    private static let leastStart: UInt64 = 50_000_000

    /// The last timed ping with the number that the host has reached, or the last data with a newer one.
    private var lastCounting: Instant?
    /// A ping said since that the host begins anew.
    private(set) var isPending = false
    /// Said with 0, and not since a ping with the number that the host has reached.
    private var isWarned = false

    /// Takes note of a ping.
    ///
    /// - Parameter isBehind: its number lies before the newest one that came from the host.
    mutating func heard(_ ping: Ping, isBehind: Bool, now: Instant) {
        guard !ping.isForced else { return }
        // Its pings with 0 may all have been lost: a lower number than before tells as much.
        if ping.sequence == 0 || isBehind {
            isPending = true
        } else {
            isWarned = false
            counts(now: now)
        }
    }

    /// Whether a doubted ping is the first to say that the host begins anew. Should that be true, pieces of what it sends
    /// now must not be put together with those of its earlier life; should it not, they are lost once an interval at most,
    /// however often somebody says so. A ping that the host's first data has overtaken says nothing.
    mutating func warns(_ ping: Ping, now: Instant) -> Bool {
        let isOvertaken = lastCounting.map { now.nanoseconds(since: $0) < Self.leastStart } ?? false
        guard ping.sequence == 0, !isWarned, !isOvertaken else { return false }
        isWarned = true
        return true
    }

    /// The host goes on where it was.
    mutating func counts(now: Instant) {
        lastCounting = now
        isPending = false
    }

    /// The host has begun anew.
    mutating func begin() {
        lastCounting = nil
        isPending = false
        isWarned = false
    }

    /// Whether the pings of an earlier life have stayed away for longer than `interval` nanoseconds, in which there would
    /// have been one.
    func honoursRestart(interval: UInt64, now: Instant) -> Bool {
        guard let lastCounting else { return true }
        let ticks = (interval + Self.tick - 1) / Self.tick
        return now.nanoseconds(since: lastCounting) > ticks * Self.tick + Self.slack
    }
}
