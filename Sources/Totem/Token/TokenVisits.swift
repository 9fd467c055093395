import Basics
import TotemWire

/// What this node knows of the token of the ring it works in or forms, from one visit to the next (spec: totem.md 14).
///
/// All of it is of one ring: `begin` puts everything back when another is formed.
struct TokenVisits: Sendable {
    /// The next member: where tokens go.
    private(set) var target: NodeID = .none
    /// The last token sent, ORF or commit, for retransmission.
    private(set) var copy = ByteWriter(capacity: 600)
    /// The number of the last token accepted.
    private var number = SequenceNumber(.max)
    /// Sequence number and aru as the last token brought them.
    private(set) var sequence: SequenceNumber = .zero
    private(set) var aru: SequenceNumber = .zero
    /// Visits in a row of a token that brought no new sequence number.
    private(set) var visitsWithoutNews: UInt32 = 0
    /// Visits in a row of a token whose aru somebody keeps where it is.
    private(set) var visitsWithoutProgress: UInt32 = 0
    /// When the first of these was.
    private(set) var withoutProgressSince = Instant(nanoseconds: 0)
    /// Visits in a row of a token that still asks for the oldest message I lack: no member had it.
    private(set) var visitsUnanswered: UInt32 = 0
    /// The ring counts as idle: its representative holds the token, or is about to.
    private(set) var isHeld = false
    private(set) var flow = FlowControl()

    /// Another ring is being formed: nothing of the last one's token counts any more.
    mutating func begin(target: NodeID, start: SequenceNumber) {
        self.target = target
        copy.removeAll()
        number = start.advanced(by: .max)
        sequence = start
        aru = start
        visitsWithoutNews = 0
        visitsWithoutProgress = 0
        visitsUnanswered = 0
        isHeld = false
        flow = FlowControl()
    }

    // MARK: Arrival

    /// Whether a token of the ring is not one that I have had.
    func isNew(_ token: borrowing ORFToken) -> Bool { number.isLess(than: token.tokenSequence) }

    /// Up to where every member has received for two visits, as far as the token tells.
    func receivedByAll(_ token: borrowing ORFToken) -> SequenceNumber {
        aru.isLess(than: token.aru) ? aru : token.aru
    }

    /// - Returns: whether the token brings a new sequence number.
    mutating func noteSequence(of token: borrowing ORFToken) -> Bool {
        let isNew = token.sequence != sequence
        visitsWithoutNews = isNew ? 0 : visitsWithoutNews &+ 1
        sequence = token.sequence
        return isNew
    }

    mutating func noteUnanswered(_ isAsked: Bool) { visitsUnanswered = isAsked ? visitsUnanswered &+ 1 : 0 }

    // MARK: Departure

    /// How many messages I may send with the token.
    func allowance(_ token: borrowing ORFToken, waiting: UInt32, _ parameters: borrowing RingParameters) -> UInt32 {
        flow.allowance(
            fcc: token.fcc, backlog: token.backlog, waiting: waiting, window: parameters.windowSize,
            maximum: parameters.maxMessages)
    }

    /// Writes into the token what I have sent and what waits.
    mutating func count(_ token: inout ORFToken, sent: UInt32, waiting: UInt32) {
        flow.update(fcc: &token.fcc, backlog: &token.backlog, sent: sent, waiting: waiting)
    }

    /// - Parameters:
    ///   - arrived: the token's aru as it came.
    ///   - token: the token with its aru as it leaves.
    mutating func noteARU(arrived: SequenceNumber, leaving token: borrowing ORFToken, now: Instant) {
        let isKept = token.aru == aru && token.aruAddress != .none
        if !isKept || visitsWithoutProgress == 0 { withoutProgressSince = now }
        visitsWithoutProgress = isKept ? visitsWithoutProgress &+ 1 : 0
        aru = arrived
    }

    /// Makes the token that arrived the one that I send on, and keeps a copy of it.
    mutating func forward(_ token: inout ORFToken, from me: NodeID, held: Bool) {
        number = token.tokenSequence
        token.tokenSequence = token.tokenSequence.next
        token.header.nodeID = me
        token.header.targetNodeID = target
        token.header.encapsulated = Encapsulation.none
        token.header.order = .native
        keep(token)
        isHeld = held
    }

    mutating func keep(_ token: borrowing ORFToken) {
        copy.removeAll()
        token.encode(into: &copy)
    }

    mutating func keep(_ token: borrowing CommitToken) {
        copy.removeAll()
        token.encode(into: &copy)
    }

    // MARK: Rest

    /// The ring is not to rest now. Whether it did.
    mutating func endRest() -> Bool {
        defer { isHeld = false }
        return isHeld
    }

    /// Somebody has something to send: the ring is not to rest for a while.
    mutating func wake() {
        visitsWithoutNews = 0
        isHeld = false
    }

    /// The ring has been installed: what was received by all before it does not count.
    mutating func install(start: SequenceNumber) { aru = start }

    // MARK: Invariants

    /// - Parameter start: the number before the ring's first message; the first token has an aru of its own (spec:
    ///   totem.md 12.2).
    func brokenInvariant(start: SequenceNumber) -> RingInvariant? {
        aru.isLessOrEqual(to: sequence) || aru == start.advanced(by: .max) ? nil : .aruBehindSequence
    }
}
