import Basics
import TotemWire

/// Since when nothing is heard of each member, whether its machine still answers, and what other members say of it
/// (docs/decisions/silent-machines.md).
struct Silences: Sendable {
    private struct Entry: Sendable {
        /// The last packet of the member itself.
        var heardAt: Instant
        /// The last answer of its machine.
        var answeredAt: Instant?
        var askedAt: Instant?
        /// Questions to its machine since it was last heard or answered.
        var unanswered = 0
        /// From when on its silence counts: nobody is blamed for what came while this node stood still.
        var countsFrom: Instant

        var signAt: Instant { max(heardAt, answeredAt ?? heardAt) }
    }

    /// What a member says of another's silence.
    private struct Complaint: Sendable {
        let by: NodeID
        let about: NodeID
        /// Since when it has heard nothing, by this node's clock.
        var since: Instant
        var at: Instant
    }

    /// A machine that has answered within so many nanoseconds before it fell silent would answer if it were there.
    private static let memory: UInt64 = 35_000_000_000
    /// It is asked so often meanwhile, whether anything is wrong or not.
    private static let usualQuestion: UInt64 = 10_000_000_000
    /// So many questions in a row show that a machine does not answer.
    private static let enoughQuestions = 3
    /// Nanoseconds that the last of them had to be answered.
    private static let answerTime: UInt64 = 20_000_000

    /// Ascending, with `entries` beside.
    private var nodes: [NodeID] = []
    private var entries: [Entry] = []
    private var complaints: [Complaint] = []

    // MARK: Signs of life

    mutating func heard(_ node: NodeID, now: Instant) {
        guard let place = nodes.place(of: node) else { return }
        entries[place].heardAt = now
        entries[place].unanswered = 0
    }

    /// The machine of a member has answered.
    mutating func answered(_ node: NodeID, now: Instant) {
        guard let place = nodes.place(of: node) else { return }
        entries[place].answeredAt = now
        entries[place].unanswered = 0
    }

    /// This node has stood still: what the others sent meanwhile may wait unread.
    mutating func excuse(now: Instant) {
        for place in entries.indices {
            entries[place].countsFrom = now
            entries[place].unanswered = 0
        }
        complaints.removeAll()
    }

    /// A ring of these members has been installed.
    mutating func install(_ members: [NodeID], now: Instant) {
        let former = self
        nodes = members
        entries = members.map { node in
            // Whether its machine answers is known already, where it came along.
            var entry = Entry(heardAt: now, countsFrom: now)
            if let place = former.nodes.place(of: node) { entry.answeredAt = former.entries[place].answeredAt }
            return entry
        }
        complaints.removeAll { !members.contains($0.by) || !members.contains($0.about) }
    }

    // MARK: Questions

    /// Whether the machine of a member is to be asked now, which then counts as done.
    ///
    /// - Parameters:
    ///   - suspicion: nanoseconds of silence from which on it is asked again and again.
    ///   - spacing: nanoseconds between two questions then.
    mutating func takeQuestion(_ node: NodeID, suspicion: UInt64, spacing: UInt64, now: Instant) -> Bool {
        guard let place = nodes.place(of: node) else { return false }
        // Also after a standstill of this node: its own promise waits for the answers.
        let isSuspicious = now.nanoseconds(since: entries[place].signAt) >= suspicion
        if let askedAt = entries[place].askedAt {
            let age = now.nanoseconds(since: askedAt)
            guard age >= (isSuspicious ? spacing : Self.usualQuestion) else { return false }
        }
        entries[place].askedAt = now
        entries[place].unanswered += 1
        return true
    }

    /// Whether the machine has answered lately, so that its silence would say something.
    func answers(_ node: NodeID) -> Bool {
        guard let place = nodes.place(of: node), let answeredAt = entries[place].answeredAt else { return false }
        return entries[place].heardAt.nanoseconds(since: answeredAt) <= Self.memory
    }

    /// Whether the machine answers no more.
    func isMachineSilent(_ node: NodeID, now: Instant) -> Bool {
        guard answers(node), let place = nodes.place(of: node), let askedAt = entries[place].askedAt else {
            return false
        }
        let asked = entries[place].unanswered - (now.nanoseconds(since: askedAt) < Self.answerTime ? 1 : 0)
        return asked >= Self.enoughQuestions
    }

    // MARK: Silence

    /// Nanoseconds since the last sign of the member or its machine, as far as they count.
    func silence(of node: NodeID, now: Instant) -> UInt64 {
        guard let place = nodes.place(of: node) else { return 0 }
        return now.nanoseconds(since: max(entries[place].signAt, entries[place].countsFrom))
    }

    /// The last sign of a member or its machine, whatever this node itself did meanwhile.
    func lastSign(of node: NodeID) -> Instant? { nodes.place(of: node).map { entries[$0].signAt } }

    // MARK: Witnesses

    /// A member has said whose silence it complains of, and by that, whom it hears.
    mutating func hear(_ silences: [Beat.Complaint], of witness: NodeID, now: Instant) {
        complaints.removeAll { $0.by == witness }
        for complaint in silences where complaint.evidence == Beat.Complaint.silence {
            guard nodes.place(of: complaint.node) != nil else { continue }
            let span = UInt64(complaint.silence) * 1_000_000
            // Longer than can be told is as long as is needed.
            let isKnown = complaint.silence < .max && now.nanoseconds > span
            let since = Instant(nanoseconds: isKnown ? now.nanoseconds - span : 0)
            complaints.append(Complaint(by: witness, about: complaint.node, since: since, at: now))
        }
    }

    /// Whether a witness says that a member has been silent for so many nanoseconds by now.
    func confirms(_ witness: NodeID, silenceOf node: NodeID, for span: UInt64, now: Instant) -> Bool {
        complaints.contains { $0.by == witness && $0.about == node && now.nanoseconds(since: $0.since) >= span }
    }
}
