import Basics
import TotemWire

/// From a packet that a machine has refused to the verdict that its node is gone (docs/decisions/refused-datagrams.md).
extension TotemRing {
    /// Nanoseconds without a sign of life that a member of which nothing but refusals is known has at least.
    private static let leastQuiet: UInt64 = 50_000_000
    /// The same of a member that does not beat, so that it cannot be heard between two tokens.
    private static let quietOfSilent: UInt64 = 300_000_000
    /// Not more: a kernel sends six ICMP errors to a machine at once, and then one a second (Linux, `icmp_ratelimit`).
    private static let spreadOfSilent: UInt64 = 100_000_000
    /// How often suspicions are looked at, in milliseconds.
    private static let look: UInt64 = 10

    /// The machine of a member has refused a packet of this node.
    mutating func refused(by node: NodeID, now: Instant) {
        guard parameters.beat > 0, node != me, members.contains(node), parties.contains(node) else { return }
        statistics.refusals &+= 1
        let isNews = suspicions.refused(node, now: now)
        if isNews {
            // Did the token only rest, it comes now.
            wakeToken()
            // Members that do not beat are accused by two; the others are told at once.
            if !beats.beats(node) { for other in hearers where other != node { sendBeat(to: other) } }
        }
        if !timers.isRunning(.suspicion) { timers.start(.suspicion, milliseconds: Self.look, now: now) }
        judge(now: now)
    }

    /// A packet of this node has come: it lives, if nobody lies.
    mutating func noteLife(_ header: PacketHeader) {
        // A message may be one that another member sends again.
        guard header.type != .mcast, !suspicions.isEmpty else { return }
        suspicions.heard(header.nodeID)
    }

    /// Suspicions are looked at again.
    mutating func lookAtSuspicions(now: Instant) {
        suspicions.expire(beat: parameters.beat, now: now)
        guard !suspicions.isEmpty else { return }
        timers.start(.suspicion, milliseconds: Self.look, now: now)
        while let node = suspicions.takeQuestion(now: now) {
            guard parties.contains(node) else { continue }
            wakeToken()
            sendBeat(to: node)
        }
        judge(now: now)
    }

    /// Parts with all members of whom enough is known, in one ring change.
    mutating func judge(now: Instant) {
        let gone = suspicions.nodes.filter {
            has(.believesOneRefusal) || suspicions.isGone($0, patience(with: $0), now: now)
        }
        guard !gone.isEmpty, accuse(gone, .refused, now: now) else { return }
        suspicions.forget(gone)
    }

    private func patience(with node: NodeID) -> Suspicions.Patience {
        // A working ring's token may just be slow; where a ring is being formed each member says something each join interval.
        let usual = isOperational ? 3 * rotations.longest : 2_000_000 * UInt64(parameters.join)
        guard !beats.beats(node) else { return .init(quiet: max(Self.leastQuiet, usual)) }
        return .init(
            quiet: max(Self.quietOfSilent, usual), spread: Self.spreadOfSilent,
            wantsWitness: beats.beating.contains { $0 != node && parties.contains($0) && !suspicions.contains($0) })
    }
}
