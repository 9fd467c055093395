import Basics

/// How long the token of a busy ring takes to come back, at the worst of the last minute.
struct Rotations: Sendable {
    /// Nanoseconds; what is looked back on is this half minute and the one before.
    private static let span: UInt64 = 30_000_000_000

    private var departure: Instant?
    private var spanBegan = Instant(nanoseconds: 0)
    private var present: UInt64 = 0
    private var former: UInt64 = 0

    /// The longest, in nanoseconds; 0 when none has been measured.
    func longest(now: Instant) -> UInt64 {
        let age = now.nanoseconds(since: spanBegan)
        return age > 2 * Self.span ? 0 : age > Self.span ? present : max(present, former)
    }

    /// - Parameter rests: the token will be kept on its way.
    mutating func left(at now: Instant, rests: Bool) { departure = rests ? nil : now }

    mutating func came(at now: Instant) {
        guard let departure else { return }
        self.departure = nil
        let age = now.nanoseconds(since: spanBegan)
        if age > Self.span {
            former = age > 2 * Self.span ? 0 : present
            present = 0
            spanBegan = now
        }
        present = max(present, now.nanoseconds(since: departure))
    }

    /// The token may have been lost: what it takes now says nothing of how long a rotation takes.
    mutating func interrupt() { departure = nil }

    /// Another ring is being formed.
    mutating func begin() { self = Rotations() }
}
