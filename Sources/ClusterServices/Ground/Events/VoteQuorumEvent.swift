import Basics
import ClusterMap
import TotemWire

/// What the vote quorum service tells its local clients; `context` is the number each client gave when it began to
/// track (spec: ipc.md 10).
public enum VoteQuorumEvent: Sendable, Equatable {
    /// A new membership is being synchronised. A quorum device must poll with this ring id.
    case nodeList(context: UInt64, ringID: RingID, members: [NodeID])
    /// A decision, with all nodes ever heard of. Node id 0 is the local quorum device.
    case quorum(context: UInt64, isQuorate: Bool, nodes: [VoteQuorumNode])
    case expectedVotes(context: UInt64, expectedVotes: UInt32)
    /// What a node's quorum device wants known; empty for nothing any more.
    case deviceInformation(context: UInt64, nodeID: NodeID, bytes: [UInt8])
    /// The late answer to the client's own `registerDevice`: `nil` is success.
    case deviceRegistered(ClientError?)
}

/// Whether a node's votes count.
public enum VoteQuorumNodeState: UInt32, Sendable {
    /// Not a node but the quorum device.
    case device = 0
    case member = 1
    case dead = 2
    /// Stops cleanly with allow_downscale.
    case leaving = 3
}

public struct VoteQuorumNode: Sendable, Equatable {
    public var nodeID: NodeID
    public var state: VoteQuorumNodeState
}

/// The votes as one node record shows them (spec: ipc.md 10, GETINFO).
public struct VoteQuorumInfo: Sendable, Equatable {
    public var nodeID: NodeID
    public var state: VoteQuorumNodeState
    public var votes: UInt32
    public var expectedVotes: UInt32
    public var highestExpected: UInt32
    public var totalVotes: UInt32
    public var quorum: UInt32
    /// Bits: 1 two_node, 2 quorate, 4 wait_for_all, 8 last_man_standing, 16 auto_tie_breaker, 32 allow_downscale,
    /// 64 device registered, 128 alive, 256 casts its vote, 512 master wins, 1024 has information.
    public var flags: UInt32
    public var deviceVotes: UInt32
    public var deviceName: [UInt8]
}
