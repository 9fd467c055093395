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
        let isNews = suspicions.refused(node, spread: patience(with: node, now: now).spread, now: now)
        guard !suspicions.isEmpty else { return }
        if isNews {
            // Did the token only rest, it comes now.
            wakeToken(toSuspects: true)
            if !isBeating(node, now: now) { complain(now: now) }
        }
        if !timers.isRunning(.suspicion) { timers.start(.suspicion, milliseconds: Self.look, now: now) }
        judge(now: now)
    }

    /// The node has answered on a link after its machine had refused packets.
    public mutating func answered(_ node: NodeID) { suspicions.heard(node) }

    /// A packet of this node has come: it lives, if nobody lies.
    mutating func noteLife(_ header: PacketHeader) {
        // A message may be one that another member sends again.
        guard header.type != .mcast, !suspicions.isEmpty else { return }
        suspicions.heard(header.nodeID)
    }

    /// A token of the ring has come.
    mutating func noteTokenAgainstSuspicions(now: Instant) {
        guard !suspicions.isEmpty, !has(.believesRefusalsAlone) else { return }
        if let node = suspicions.tokenCame(now: now) { notice(.refusesInVain(node)) }
    }

    /// Suspicions are looked at again.
    mutating func lookAtSuspicions(now: Instant) {
        suspicions.noteTime(now)
        suspicions.expire(beat: parameters.beat, now: now)
        guard !suspicions.isEmpty else { return }
        timers.start(.suspicion, milliseconds: Self.look, now: now)
        while let node = suspicions.takeQuestion(now: now) {
            guard parties.contains(node) else { continue }
            wakeToken(toSuspects: false)
            sendBeat(to: node, now: now)
        }
        judge(now: now)
    }

    /// Parts with all members of whom enough is known, in one ring change.
    mutating func judge(now: Instant) {
        suspicions.expire(beat: parameters.beat, now: now)
        let gone = suspicions.nodes.filter {
            has(.believesOneRefusal) || suspicions.isGone($0, patience(with: $0, now: now), now: now)
        }
        guard !gone.isEmpty, accuse(gone, .refused, now: now) else { return }
        suspicions.forget(gone)
    }

    private func patience(with node: NodeID, now: Instant) -> Suspicions.Patience {
        // A working ring's token may just be slow; while a ring is being formed members speak each join interval, if they wait.
        let usual = max(3 * rotations.longest(now: now), isOperational ? 0 : 2_000_000 * UInt64(parameters.join))
        guard !isBeating(node, now: now) else {
            return .init(quiet: max(Self.leastQuiet, usual), spread: Self.leastQuiet)
        }
        return .init(
            quiet: max(Self.quietOfSilent, usual), spread: Self.spreadOfSilent,
            witnesses: beatingParties(now: now).filter { $0 != node && !suspicions.contains($0) && observes($0, node) })
    }

    private func isBeating(_ node: NodeID, now: Instant) -> Bool {
        beats.beating(every: parameters.beat, now: now).contains(node)
    }

    func beatingParties(now: Instant) -> [NodeID] {
        let parties = parties
        return beats.beating(every: parameters.beat, now: now).filter(parties.contains)
    }

    /// Tells the other Rondo members whom this one suspects: of members that do not beat it takes two that say so.
    func complaintHearers(now: Instant) -> [NodeID] {
        suspicions.isEmpty ? [] : beatingParties(now: now).filter { !suspicions.contains($0) }
    }

    private mutating func complain(now: Instant) {
        for node in complaintHearers(now: now) { sendBeat(to: node, now: now) }
    }
}
