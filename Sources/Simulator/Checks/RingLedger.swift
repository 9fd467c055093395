import Basics
import TotemWire

/// The truth about one ring, as an observer sees it who hears every datagram where it is sent.
struct RingLedger: Sendable {
    struct FrameRecord: Sendable {
        var origin: Int32
        var fingerprint: UInt64
    }

    /// How one node came into this ring.
    struct Installation: Sendable {
        var node: Int
        /// The ring it came from, -1 for none.
        var old: Int
        var transitional: [NodeID]
        /// What it delivered in the old ring before and after the transitional configuration.
        var regularMessages: [Int32]
        var transitionalMessages: [Int32]
        /// Since which of its rings each sender had been with it.
        var togetherSince: [Int]
    }

    let id: RingID
    /// The number before the first message.
    let start: SequenceNumber
    /// Fingerprint of the creator's commit token; nil when it was not seen (a node alone sends none).
    var creation: UInt64?
    var members: [NodeID] = []
    var frames: [FrameRecord] = []
    /// Messages whose last frame was sent in this ring, in its order.
    var messages: [Int32] = []
    /// How many of them each node sent.
    var endedBy: [Int32]
    var installations: [Installation] = []
    /// The how-manieth ring of each node this is; -1 for nodes that did not install it.
    var historyIndex: [Int]

    /// The node that has the token and has not sent it on.
    struct Keeping: Sendable {
        var node: Int
        var since: UInt64
        var cancelledAt: UInt64?
    }

    var acceptedToken: SequenceNumber?
    var inHand: Keeping?
    var sentToken: SequenceNumber?
    /// Fingerprint of the last token each node sent.
    var tokenSentBy: [UInt64]
    /// Messages each node has sent since its last token, and sent with its last token.
    var sending: [UInt32]
    var sent: [UInt32]
    var shares: [UInt32]

    init(id: RingID, start: SequenceNumber, nodes: Int) {
        self.id = id
        self.start = start
        endedBy = Array(repeating: 0, count: nodes)
        historyIndex = Array(repeating: -1, count: nodes)
        tokenSentBy = Array(repeating: 0, count: nodes)
        sending = Array(repeating: 0, count: nodes)
        sent = Array(repeating: 0, count: nodes)
        shares = Array(repeating: 0, count: nodes)
    }

    /// The number of the last message that was sent.
    var highest: SequenceNumber { start.advanced(by: UInt32(truncatingIfNeeded: frames.count)) }
}
