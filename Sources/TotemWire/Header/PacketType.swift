/// The kinds of packet a ring exchanges, with their number on the wire (spec: totem.md 2).
public enum PacketType: UInt8, Sendable, Hashable, CaseIterable {
    /// The ordering, reliability and flow control token; unicast to the next member.
    case orfToken = 0
    /// A message in the ring's total order.
    case mcast
    /// A representative's call to rings it does not know of.
    case mergeDetect
    /// A node's view of who is there while a membership forms; also its farewell.
    case join
    /// The token that agrees on a new membership; unicast to the next member.
    case commitToken
    /// The request to send a held token on at once.
    case holdCancel

    /// The name Corosync's logs have for it.
    public var logName: String {
        switch self {
        case .orfToken: "orf_token"
        case .mcast: "mcast"
        case .mergeDetect: "memb_merge_detect"
        case .join: "memb_join"
        case .commitToken: "memb_commit_token"
        case .holdCancel: "token_hold_cancel"
        }
    }

    /// Whether it goes to the next member only (spec: totem.md 3.7).
    public var isUnicast: Bool { self == .orfToken || self == .commitToken }
}

/// What an mcast carries: the header's `encapsulated` byte (spec: totem.md 2). Other packets leave it unread.
public enum Encapsulation {
    /// Every packet that is not an mcast.
    public static let none: UInt8 = 0
    /// Recovery: the payload is one whole message of the old ring, its header included.
    public static let recovery: UInt8 = 1
    /// The payload is a frame of the packing layer.
    public static let frame: UInt8 = 2
}
