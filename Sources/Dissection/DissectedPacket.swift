/// The kinds of packet a line of output names.
public enum PacketKind: String, Sendable, Hashable, CaseIterable {
    case token
    case mcast
    case mergeDetect = "merge detect"
    case join
    case leave
    case commitToken = "commit token"
    case holdCancel = "hold cancel"
    case beat
    case knetPing = "knet ping"
    case knetPong = "knet pong"
    case knetProbe = "knet MTU probe"
    case knetReply = "knet MTU reply"
    case knetFragment = "knet fragment"
    /// Not decodable.
    case unknown
}

/// What a node says while a membership forms, by the nodes' names.
public struct MembershipView: Sendable, Hashable {
    public var sender: String
    public var known: [String]
    /// Those of `known` that the sender counts as failed.
    public var failed: [String]
}

/// A packet taken apart and explained.
public struct DissectedPacket: Sendable, Equatable {
    public var kind: PacketKind
    /// `Corosync 3`, `Corosync 1.x`, …
    public var format: String
    /// The kind with its number, `token 424`.
    public var title: String
    /// What it is in plain words, `heartbeat, idle`.
    public var words: String
    /// Who sent it on this hop, or first sent the message in it; nil where that is not known.
    public var node: String?
    /// The ring it belongs to.
    public var ring: String?
    /// The other main facts, in the order a reader wants them: `seq 23`.
    public var facts: [String]
    /// Why it could not be decoded entirely.
    public var problem: String?
    public var fields: [Field]
    /// What a join says.
    public var view: MembershipView?
    /// Whether it makes up for a loss: a token sent again or one that asks for messages, a message sent again.
    public var isRepair = false

    /// Nanoseconds since the last packet of this kind; nil for the first and without times.
    public var sinceSameKind: Int64?
    /// Of a token: nanoseconds since the last from this sender to this receiver, one whole rotation.
    public var rotation: Int64?

    public init(
        kind: PacketKind, format: String, title: String, words: String, node: String? = nil, ring: String? = nil,
        facts: [String] = [], problem: String? = nil, fields: [Field] = []
    ) {
        self.kind = kind
        self.format = format
        self.title = title
        self.words = words
        self.node = node
        self.ring = ring
        self.facts = facts
        self.problem = problem
        self.fields = fields
    }
}
