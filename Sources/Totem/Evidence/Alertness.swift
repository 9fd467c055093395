import Basics

/// Whether this node itself runs as it should. Who has stood still misses packets that wait for it unread, and does not accuse
/// (Dadgar et al., "Lifeguard", 2018: nearly all false suspicions come from those who are slow themselves).
struct Alertness: Sendable {
    /// Nanoseconds by which a look may come late.
    private static let grace: UInt64 = 20_000_000
    private static let minute: UInt64 = 60_000_000_000
    /// What is remembered of the longest standstill is this half day and the one before.
    private static let span: UInt64 = 43_200_000_000_000
    /// How far patience with others is stretched at most.
    private static let mostStrain = 8

    private var lookedAt: Instant?
    /// Ends of the standstills of the last minute.
    private var standstills: [Instant] = []
    private(set) var resumedAt: Instant?
    private var spanBegan = Instant(nanoseconds: 0)
    private var present: UInt64 = 0
    private var former: UInt64 = 0

    /// This node runs. To be told often.
    ///
    /// - Parameter interval: milliseconds within which that is due again.
    /// - Returns: whether the node has stood still since it was told last.
    mutating func note(_ now: Instant, every interval: UInt32) -> Bool {
        defer { lookedAt = now }
        guard let lookedAt else { return false }
        let gap = now.nanoseconds(since: lookedAt)
        guard gap > 2_000_000 * UInt64(interval) + Self.grace else { return false }
        standstills.removeAll { now.nanoseconds(since: $0) > Self.minute }
        if standstills.count < Self.mostStrain { standstills.append(now) }
        resumedAt = now
        let age = now.nanoseconds(since: spanBegan)
        if age > Self.span {
            former = age > 2 * Self.span ? 0 : present
            present = 0
            spanBegan = now
        }
        present = max(present, gap)
        return true
    }

    /// No look is due for now.
    mutating func rest() { lookedAt = nil }

    /// Milliseconds of the longest standstill of the last day.
    func longestStandstill(now: Instant) -> UInt32 {
        let age = now.nanoseconds(since: spanBegan)
        let longest = age > 2 * Self.span ? 0 : age > Self.span ? present : max(present, former)
        return UInt32(clamping: longest / 1_000_000)
    }

    /// By what patience with others is multiplied: this node stands still again and again.
    func strain(now: Instant) -> UInt64 {
        let count = standstills.count { now.nanoseconds(since: $0) <= Self.minute }
        return UInt64(max(count, 1))
    }

    /// Whether the node has stood still within so many nanoseconds.
    func stoodStill(within span: UInt64, now: Instant) -> Bool {
        guard let resumedAt else { return false }
        return now.nanoseconds(since: resumedAt) < span
    }
}
