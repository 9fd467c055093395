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
        var questions = 0
        var nextQuestion: Instant
    }

    /// A member's complaint about another that came by a beat.
    private struct Complaint: Sendable {
        let by: NodeID
        let about: NodeID
        var at: Instant
    }

    /// What is asked of the refusals of one member.
    struct Patience {
        /// Nanoseconds without a sign of life.
        var quiet: UInt64
        /// Nanoseconds of these that refusals must cover.
        var spread: UInt64 = 0
        /// Somebody else must say the same.
        var wantsWitness = false
    }

    /// Two refusals less than so many nanoseconds apart are one.
    static let apart: UInt64 = 20_000_000
    /// Nanoseconds without a further refusal after which nothing is left of a suspicion.
    private static let memory: UInt64 = 1_000_000_000
    /// The machine of a member answers only so many packets at once (Linux: six, then one a second); beats and other packets
    /// are refused, too.
    private static let mostQuestions = 3
    /// A member that has passed on so many tokens since is there.
    private static let mostTokens = 3

    private var entries: [Entry] = []
    private var complaints: [Complaint] = []
    var isEmpty: Bool { entries.isEmpty }

    /// The members that refuse packets.
    var nodes: [NodeID] { entries.map(\.node) }

    func contains(_ node: NodeID) -> Bool { entries.contains { $0.node == node } }

    // MARK: For and against

    /// A packet to the node was refused.
    ///
    /// - Returns: whether that is news.
    mutating func refused(_ node: NodeID, now: Instant) -> Bool {
        guard let index = entries.firstIndex(where: { $0.node == node }) else {
            entries.append(
                Entry(
                    node: node, since: now, counted: now, latest: now,
                    nextQuestion: now.adding(nanoseconds: Self.apart)))
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
    }

    /// A token of the ring has come, and so by everybody.
    mutating func tokenCame(now: Instant) {
        for index in entries.indices {
            entries[index].since = now
            entries[index].isRefusedSince = false
            entries[index].questions = 0
            entries[index].nextQuestion = now.adding(nanoseconds: Self.apart)
            entries[index].tokens += 1
        }
        entries.removeAll { $0.tokens > Self.mostTokens }
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
    }

    // MARK: Time

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
        // The second one is what the verdict waits for; later ones are for members of which more is asked.
        entries[index].nextQuestion = now.adding(
            nanoseconds: entries[index].questions == 1 ? 5 * Self.apart : 8 * Self.apart)
        return entries[index].node
    }

    /// Whether enough speaks against a node.
    func isGone(_ node: NodeID, _ patience: Patience, now: Instant) -> Bool {
        guard let entry = entries.first(where: { $0.node == node }) else { return false }
        guard entry.refusals >= 2, entry.isRefusedSince, now.nanoseconds(since: entry.since) >= patience.quiet,
            entry.counted.nanoseconds(since: entry.since) >= patience.spread
        else { return false }
        return !patience.wantsWitness
            || complaints.contains { $0.about == node && !contains($0.by) && $0.by != node }
    }
}
