import Basics
import TotemWire

/// What is known of one node's votes (spec: services.md 6.2).
struct VoteRecord: Sendable, Equatable {
    let nodeID: NodeID
    var state: VoteQuorumNodeState
    var votes: UInt32
    var expectedVotes: UInt32
    var flags: NodeInfo.Flags
    /// What its quorum device wants known; counts while `flags` say that there is some.
    var information: [UInt8] = []

    init(_ nodeID: NodeID, state: VoteQuorumNodeState, votes: UInt32 = 0, flags: NodeInfo.Flags = []) {
        self.nodeID = nodeID
        self.state = state
        self.votes = votes
        expectedVotes = 0
        self.flags = flags
    }

    /// What its quorum device wants known now.
    var knownInformation: [UInt8] { flags.contains(.deviceHasInformation) ? information : [] }

    /// Corosync orders node ids of votequorum as signed numbers, so tie breakers must too.
    static func rank(_ node: NodeID) -> Int32 { Int32(bitPattern: node.rawValue) }
}
