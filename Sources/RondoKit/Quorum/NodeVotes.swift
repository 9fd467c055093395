import ClientProtocol

/// Votes of a node and how it sees the whole cluster's.
public struct NodeVotes: Hashable, Sendable {
    /// Whether a node's votes count.
    public enum State: Hashable, Sendable {
        case member, dead, leaving
        /// Of a later engine.
        case other(UInt32)

        init(_ number: UInt32) {
            self =
                switch number {
                case 1: .member
                case 2: .dead
                case 3: .leaving
                default: .other(number)
                }
        }
    }

    /// Options of the quorum section, and the node's quorum device.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `two_node`: one of two nodes is enough.
        public static let twoNode = Flags(rawValue: 1)
        /// This part of the cluster may act.
        public static let quorate = Flags(rawValue: 2)
        /// `wait_for_all`: not quorate before all were seen together.
        public static let waitForAll = Flags(rawValue: 4)
        /// `last_man_standing`: expected votes follow the members.
        public static let lastManStanding = Flags(rawValue: 8)
        /// `auto_tie_breaker`: half of the votes can be enough.
        public static let autoTieBreaker = Flags(rawValue: 16)
        /// `allow_downscale`: nodes that leave cleanly are not expected any more.
        public static let allowDownscale = Flags(rawValue: 32)
        /// The node has a quorum device.
        public static let deviceRegistered = Flags(rawValue: 64)
        /// It is heard.
        public static let deviceAlive = Flags(rawValue: 128)
        /// It votes for this node's part.
        public static let deviceCastsVote = Flags(rawValue: 256)
        /// Its vote alone is enough.
        public static let deviceMasterWins = Flags(rawValue: 512)
    }

    /// The node that was asked about.
    public let node: NodeID
    /// Whether its votes count.
    public let state: State
    /// The node's own votes.
    public let votes: UInt32
    /// What it expects of all together.
    public let expectedVotes: UInt32
    /// The most any member expects.
    public let highestExpected: UInt32
    /// Votes present.
    public let totalVotes: UInt32
    /// Votes needed.
    public let quorum: UInt32
    /// Options, and the state of its device.
    public let flags: Flags
    /// Votes of the quorum device.
    public let deviceVotes: UInt32
    /// Its name; empty without one.
    public let deviceName: String
}

extension NodeVotes {
    init(_ info: VoteRecordInfo) {
        node = NodeID(info.node.rawValue)
        state = State(info.state)
        votes = info.votes
        expectedVotes = info.expectedVotes
        highestExpected = info.highestExpected
        totalVotes = info.totalVotes
        quorum = info.quorum
        flags = Flags(rawValue: info.flags)
        deviceVotes = info.deviceVotes
        deviceName = String(decoding: info.deviceName, as: UTF8.self)
    }
}
