/// The kinds of packet a line of output names.
public enum PacketKind: String, Sendable, Hashable, CaseIterable {
    case token
    case mcast
    case mergeDetect = "merge detect"
    case join
    case leave
    case commitToken = "commit token"
    case holdCancel = "hold cancel"
    case knetPing = "knet ping"
    case knetPong = "knet pong"
    case knetProbe = "knet MTU probe"
    case knetReply = "knet MTU reply"
    case knetFragment = "knet fragment"
    /// Not decodable.
    case unknown
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
    /// The main facts, in the order a reader wants them: `node 3`, `ring 1.9`, `seq 23`.
    public var facts: [String]
    /// Why it could not be decoded entirely.
    public var problem: String?
    public var fields: [Field]

    /// Nanoseconds since the last packet of this kind; nil for the first and without times.
    public var sinceSameKind: Int64?
    /// Of a token: nanoseconds since the last from this sender to this receiver, one whole rotation.
    public var rotation: Int64?

    public init(
        kind: PacketKind, format: String, title: String, words: String, facts: [String] = [], problem: String? = nil,
        fields: [Field] = []
    ) {
        self.kind = kind
        self.format = format
        self.title = title
        self.words = words
        self.facts = facts
        self.problem = problem
        self.fields = fields
    }
}
