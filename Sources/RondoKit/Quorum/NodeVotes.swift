import CCorosync

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
                case UInt32(VOTEQUORUM_NODESTATE_MEMBER): .member
                case UInt32(VOTEQUORUM_NODESTATE_DEAD): .dead
                case UInt32(VOTEQUORUM_NODESTATE_LEAVING): .leaving
                default: .other(number)
                }
        }
    }

    /// Options of the quorum section, and the node's quorum device.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `two_node`: one of two nodes is enough.
        public static let twoNode = Flags(rawValue: UInt32(VOTEQUORUM_INFO_TWONODE))
        /// This part of the cluster may act.
        public static let quorate = Flags(rawValue: UInt32(VOTEQUORUM_INFO_QUORATE))
        /// `wait_for_all`: not quorate before all were seen together.
        public static let waitForAll = Flags(rawValue: UInt32(VOTEQUORUM_INFO_WAIT_FOR_ALL))
        /// `last_man_standing`: expected votes follow the members.
        public static let lastManStanding = Flags(rawValue: UInt32(VOTEQUORUM_INFO_LAST_MAN_STANDING))
        /// `auto_tie_breaker`: half of the votes can be enough.
        public static let autoTieBreaker = Flags(rawValue: UInt32(VOTEQUORUM_INFO_AUTO_TIE_BREAKER))
        /// `allow_downscale`: nodes that leave cleanly are not expected any more.
        public static let allowDownscale = Flags(rawValue: UInt32(VOTEQUORUM_INFO_ALLOW_DOWNSCALE))
        /// The node has a quorum device.
        public static let deviceRegistered = Flags(rawValue: UInt32(VOTEQUORUM_INFO_QDEVICE_REGISTERED))
        /// It is heard.
        public static let deviceAlive = Flags(rawValue: UInt32(VOTEQUORUM_INFO_QDEVICE_ALIVE))
        /// It votes for this node's part.
        public static let deviceCastsVote = Flags(rawValue: UInt32(VOTEQUORUM_INFO_QDEVICE_CAST_VOTE))
        /// Its vote alone is enough.
        public static let deviceMasterWins = Flags(rawValue: UInt32(VOTEQUORUM_INFO_QDEVICE_MASTER_WINS))
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
    init(_ info: votequorum_info) {
        node = NodeID(info.node_id)
        state = State(info.node_state)
        votes = info.node_votes
        expectedVotes = info.node_expected_votes
        highestExpected = info.highest_expected
        totalVotes = info.total_votes
        quorum = info.quorum
        flags = Flags(rawValue: info.flags)
        deviceVotes = info.qdevice_votes
        deviceName = text(of: info.qdevice_name)
    }
}
