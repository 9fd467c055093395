import Basics
import TotemWire

/// What libvotequorum's requests are answered (spec: ipc.md 10).
extension Answer {
    /// To `VotequorumRequest.info`.
    public func voteInfo() throws(WireError) -> VoteRecordInfo {
        var info = VoteRecordInfo(node: NodeID(try u32(24, "nodeid")))
        info.state = try u32(28, "state")
        info.votes = try u32(32, "votes")
        info.expectedVotes = try u32(36, "expected_votes")
        info.highestExpected = try u32(40, "highest_expected")
        info.totalVotes = try u32(44, "total_votes")
        info.quorum = try u32(48, "quorum")
        info.flags = try u32(52, "flags")
        info.deviceVotes = try u32(56, "qdevice_votes")
        info.deviceName = Array(try array(60, count: 255, "qdevice_name").prefix { $0 != 0 })
        return info
    }
}

/// What a tracker of votes is told (spec: ipc.md 10).
public enum VotequorumNotice: Sendable, Equatable {
    public struct Standing: Sendable, Equatable {
        /// 0 is the quorum device.
        public var node: NodeID
        /// As in `VoteRecordInfo`.
        public var state: UInt32

        public init(node: NodeID, state: UInt32) {
            self.node = node
            self.state = state
        }
    }

    case decision(isQuorate: Bool, nodes: [Standing])
    case expectedVotes(UInt32)
    case nodes(ring: RingID, members: [NodeID])

    /// - Returns: nil for an event of another kind.
    /// - Throws: when it is shorter than what it says it holds.
    public init?(_ event: Answer) throws(WireError) {
        switch event.id {
        case 3:
            let count = try event.u32(40, "node count")
            let nodes = try event.list(48, count: count, stride: 8) { offset throws(WireError) in
                Standing(node: NodeID(try event.u32(offset, "nodeid")), state: try event.u32(offset + 4, "state"))
            }
            self = .decision(isQuorate: try event.u32(24, "quorate") != 0, nodes: nodes)
        case 4: self = .expectedVotes(try event.u32(32, "expected_votes"))
        case 5:
            self = .nodes(
                ring: try event.ring(32), members: try event.nodes(56, count: try event.u32(48, "member count")))
        default: return nil
        }
    }
}
