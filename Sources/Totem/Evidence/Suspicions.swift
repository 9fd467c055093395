import Basics

/// Members whose machines refuse this node's packets, and what speaks for their having ended (docs/decisions/refused-datagrams.md).
///
/// A refusal is no proof: a firewall that is being loaded refuses, too, and an ICMP error can be forged. So it takes two,
/// apart from each other, and then nothing may show that the member lives: no packet of its own, and no token of the ring,
/// which would have come by it.
struct Suspicions: Sendable {
    private struct Entry: Sendable {
        let node: NodeID
        /// The first refusal, or the last token since: nothing has shown that the node lives from then on.
        var since: Instant
        /// Refusals, each `apart` from the one counted before.
        var refusals = 1
        /// The last one counted.
        var counted: Instant
        /// The last refusal of all.
        var latest: Instant
        /// Tokens that came nevertheless, and whether a refusal has been counted since the last one.
        var tokens = 0
        var isRefusedSince = true
        /// Nanoseconds since then over which refusals must go on.
        var spread: UInt64
        var questions = 0
        var nextQuestion: Instant
    }

    /// A member's complaint about another that came by a beat.
    private struct Complaint: Sendable {
        let by: NodeID
        let about: NodeID
        var at: Instant
    }

    /// A member that has passed tokens on while its machine refused packets: it is there, and some packets do not get to it.
    private struct Excuse: Sendable {
        let node: NodeID
        var until: Instant
        var toldAt: Instant
    }

    /// What is asked of the refusals of one member.
    struct Patience {
        /// Nanoseconds without a sign of life.
        var quiet: UInt64
        /// Nanoseconds of these over which refusals must go on: the last one counts only behind them.
        var spread: UInt64
        /// Members of whom one must say the same; empty where nobody else could.
        var witnesses: [NodeID] = []
    }

    /// Two refusals less than so many nanoseconds apart are one.
    static let apart: UInt64 = 20_000_000
    /// Nanoseconds without a further refusal after which nothing is left of a suspicion. Longer than the second in which a
    /// kernel that has answered often answers once more.
    private static let memory: UInt64 = 2_500_000_000
    /// The machine of a member answers only so many packets at once (Linux: six, then one a second); beats and other packets
    /// are refused, too.
    private static let mostQuestions = 3
    /// Nanoseconds by which a question comes later than its answer has to, and between it and the next.
    private static let late: UInt64 = 3_000_000
    private static let again: UInt64 = 60_000_000
    /// The first token may have been on its way already; the next has passed the member.
    private static let mostTokens = 1
    /// Nanoseconds for which refusals of a member that passes tokens on are not heeded, and after which that is said again.
    private static let excuse: UInt64 = 60_000_000_000
    private static let silence: UInt64 = 3_600_000_000_000
    /// Nanoseconds between two looks after which this node itself was standing still: what has come meanwhile is unread.
    private static let standstill: UInt64 = 50_000_000

    private var entries: [Entry] = []
    private var complaints: [Complaint] = []
    private var excuses: [Excuse] = []
    private var lookedAt = Instant(nanoseconds: 0)

    var isEmpty: Bool { entries.isEmpty }

    /// The members that refuse packets.
    var nodes: [NodeID] { entries.map(\.node) }

    func contains(_ node: NodeID) -> Bool { entries.contains { $0.node == node } }

    // MARK: For and against

    /// A packet to the node was refused.
    ///
    /// - Parameter spread: nanoseconds over which refusals must go on.
    /// - Returns: whether that is news.
    mutating func refused(_ node: NodeID, spread: UInt64, now: Instant) -> Bool {
        guard !excuses.contains(where: { $0.node == node && now < $0.until }) else { return false }
        noteTime(now)
        guard let index = entries.firstIndex(where: { $0.node == node }) else {
            entries.append(
                Entry(
                    node: node, since: now, counted: now, latest: now, spread: spread,
                    nextQuestion: now.adding(nanoseconds: spread + Self.late)))
            return true
        }
        entries[index].latest = now
        guard now.nanoseconds(since: entries[index].counted) >= Self.apart else { return false }
        entries[index].counted = now
        entries[index].refusals += 1
        entries[index].isRefusedSince = true
        return false
    }

    /// A packet of the node itself has come.
    mutating func heard(_ node: NodeID) {
        entries.removeAll { $0.node == node }
        complaints.removeAll { $0.about == node }
    }

    /// A token of the ring has come, and so by everybody.
    ///
    /// - Returns: a member that is there although its machine refuses packets, if that is to be said.
    mutating func tokenCame(now: Instant) -> NodeID? {
        complaints.removeAll()
        for index in entries.indices {
            entries[index].since = now
            entries[index].isRefusedSince = false
            entries[index].questions = 0
            entries[index].nextQuestion = now.adding(nanoseconds: entries[index].spread + Self.late)
            entries[index].tokens += 1
        }
        guard let index = entries.firstIndex(where: { $0.tokens > Self.mostTokens }) else { return nil }
        return excuse(entries.remove(at: index).node, now: now)
    }

    private mutating func excuse(_ node: NodeID, now: Instant) -> NodeID? {
        let until = now.adding(nanoseconds: Self.excuse)
        guard let index = excuses.firstIndex(where: { $0.node == node }) else {
            // Once may be chance: a firewall that was just loaded.
            excuses.append(Excuse(node: node, until: now, toldAt: Instant(nanoseconds: 0)))
            return nil
        }
        excuses[index].until = until
        guard now.nanoseconds(since: excuses[index].toldAt) >= Self.silence || excuses[index].toldAt.nanoseconds == 0
        else {
            return nil
        }
        excuses[index].toldAt = now
        return node
    }

    /// Another member says that the machine of a node refuses its packets.
    mutating func witness(_ by: NodeID, _ about: NodeID, now: Instant) {
        if let index = complaints.firstIndex(where: { $0.by == by && $0.about == about }) {
            complaints[index].at = now
        } else {
            complaints.append(Complaint(by: by, about: about, at: now))
        }
    }

    mutating func forget(_ nodes: [NodeID]) {
        entries.removeAll { nodes.contains($0.node) }
        complaints.removeAll { nodes.contains($0.about) || nodes.contains($0.by) }
    }

    /// A ring of these members has been installed.
    mutating func restrict(to members: [NodeID]) {
        entries.removeAll { !members.contains($0.node) }
        complaints.removeAll { !members.contains($0.about) || !members.contains($0.by) }
        excuses.removeAll { !members.contains($0.node) }
    }

    // MARK: Time

    /// Suspicions are looked at. Where that comes late this node has stood still, and signs of life may wait unread.
    mutating func noteTime(_ now: Instant) {
        if !entries.isEmpty, now.nanoseconds(since: lookedAt) > Self.standstill {
            for index in entries.indices {
                entries[index].since = now
                entries[index].questions = 0
                entries[index].nextQuestion = now.adding(nanoseconds: entries[index].spread + Self.late)
            }
        }
        lookedAt = now
    }

    /// Forgets what nothing has been added to for long.
    ///
    /// - Parameter beat: milliseconds between beats; what a member has said in one holds for two.
    mutating func expire(beat: UInt32, now: Instant) {
        entries.removeAll { now.nanoseconds(since: $0.latest) > max(Self.memory, 3_000_000 * UInt64(beat)) }
        complaints.removeAll { now.nanoseconds(since: $0.at) > 2_500_000 * UInt64(beat) }
    }

    /// The next node that is to be asked again now, if any.
    mutating func takeQuestion(now: Instant) -> NodeID? {
        guard
            let index = entries.firstIndex(where: {
                $0.questions < Self.mostQuestions && $0.nextQuestion <= now
            })
        else { return nil }
        entries[index].questions += 1
        entries[index].nextQuestion = now.adding(nanoseconds: Self.again)
        return entries[index].node
    }

    /// Whether enough speaks against a node.
    func isGone(_ node: NodeID, _ patience: Patience, now: Instant) -> Bool {
        guard let entry = entries.first(where: { $0.node == node }) else { return false }
        guard entry.refusals >= 2, entry.isRefusedSince, now.nanoseconds(since: entry.since) >= patience.quiet,
            entry.latest.nanoseconds(since: entry.since) >= patience.spread
        else { return false }
        return patience.witnesses.isEmpty
            || complaints.contains { $0.about == node && patience.witnesses.contains($0.by) }
    }
}
