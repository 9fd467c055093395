import ClusterConfiguration

/// How long the calm parts of a run take; the others take what the timeouts want.
struct Schedule: Sendable, Equatable {
    /// The idle ring, to measure its heartbeat.
    var rest: Microseconds
    /// All nodes send, before a node is killed.
    var talk: Microseconds
    /// Messages flow and the node is still alive, so that it dies in the middle of them.
    static let beforeDeath = Microseconds(500_000)
    /// The survivors send.
    var alone: Microseconds
    /// All send, after the node has come back.
    var together: Microseconds

    private static let leastTalk = Microseconds(500_000)
    private static let usual = Microseconds(30_000_000)
    private static let leastBeats: UInt64 = 4

    /// What all the waiting takes that cannot be shortened.
    private static func waiting(_ plan: RingPlan) -> Microseconds {
        plan.failure.longest + plan.returning * 2 + beforeDeath + links(plan)
    }

    /// A link is cut, carries nothing for a while, and comes back.
    private static func links(_ plan: RingPlan) -> Microseconds {
        plan.links.map { $0.longestFall + beforeDeath + $0.longestRise } ?? .zero
    }

    /// The least number of seconds in which everything can be shown.
    static func least(_ plan: RingPlan) -> UInt64 {
        let least = waiting(plan) + plan.heartbeat.period * leastBeats + leastTalk * 3
        return (least.count + 999_999) / 1_000_000
    }

    init(_ plan: RingPlan, seconds: UInt32?) throws(DemonstrationError) {
        let least = Self.least(plan)
        if let seconds, UInt64(seconds) < least {
            throw DemonstrationError(
                "--seconds \(seconds) is too short: with these timings the death of a node alone takes up to "
                    + "\(plan.failure.longest.shortText); give --seconds \(least) or more, fewer nodes, or a smaller "
                    + "--token", isUsage: true)
        }
        let total =
            seconds.map { Microseconds(UInt64($0) * 1_000_000) } ?? max(Self.usual, Microseconds(least * 1_000_000))
        let calm = total - Self.waiting(plan)
        rest = max(Microseconds(calm.count / 2), plan.heartbeat.period * Self.leastBeats)
        let talks = calm - rest
        talk = Microseconds(talks.count / 3)
        alone = talk
        together = talk
    }
}
