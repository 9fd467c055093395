import Basics
import TotemWire

/// What libquorum's requests are answered (spec: ipc.md 9).
extension Answer {
    /// To `QuorumRequest.isQuorate`.
    public func quorumIsQuorate() throws(WireError) -> Bool { try u32(24, "quorate") != 0 }

    /// To `QuorumRequest.selectModel`.
    public func quorumHasProvider() throws(WireError) -> Bool { try u32(24, "quorum type") == 1 }
}

/// What a tracker of quorum is told in model 1 (spec: ipc.md 9).
public enum QuorumNotice: Sendable, Equatable {
    case decision(isQuorate: Bool, ring: RingID, members: [NodeID])
    case nodes(ring: RingID, members: [NodeID], joined: [NodeID], left: [NodeID])

    /// - Returns: nil for an event of another kind.
    /// - Throws: when it is shorter than what it says it holds.
    public init?(_ event: Answer) throws(WireError) {
        switch event.id {
        case 6:
            self = .decision(
                isQuorate: try event.u32(24, "quorate") != 0, ring: try event.ring(32),
                members: try event.nodes(52, count: try event.u32(48, "member count")))
        case 7:
            let members = try event.nodes(60, count: try event.u32(40, "member count"))
            let afterMembers = 60 + 4 * members.count
            let joined = try event.nodes(afterMembers, count: try event.u32(48, "joined count"))
            self = .nodes(
                ring: try event.ring(24), members: members, joined: joined,
                left: try event.nodes(afterMembers + 4 * joined.count, count: try event.u32(56, "left count")))
        default: return nil
        }
    }
}
