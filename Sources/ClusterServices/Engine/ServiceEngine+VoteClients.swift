import Basics
import ClusterMap
import TotemWire

/// Requests of local clients to votequorum (ipc.md 10). They are served during synchronisation too, because a quorum
/// device must answer before it can end. Without the service all throw `.notExist`.
extension ServiceEngine {
    /// - Parameter node: zero for this node.
    /// - Throws: `.notExist` for a node never heard of.
    public func voteInfo(of node: NodeID) throws(ClientError) -> VoteQuorumInfo {
        guard let voteQuorum else { throw .notExist }
        return try voteQuorum.info(of: node)
    }

    /// Changes the expected votes of the whole cluster.
    /// - Throws: `.invalidParameter` when less than the votes present, or when this node would lose quorum.
    public mutating func setExpectedVotes(_ expected: UInt32) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in try service.setExpectedVotes(expected, &out) }
    }

    /// Changes a node's votes in the whole cluster.
    /// - Parameter node: zero for this node.
    /// - Throws: `.nameNotFound` for a node never heard of, `.invalidParameter` when the quorum would be lost or
    ///   meaningless.
    public mutating func setVotes(_ votes: UInt32, of node: NodeID) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in try service.setVotes(votes, of: node, &out) }
    }

    /// - Throws: `.exist` when the client tracks already; the present state is sent all the same.
    public mutating func trackVotes(
        _ client: ConnectionID, context: UInt64, _ flags: QuorumTracking
    ) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in
            try service.track(client, context: context, flags, &out)
        }
    }

    /// - Throws: `.notExist` when the client does not track.
    public mutating func stopTrackingVotes(_ client: ConnectionID) throws(ClientError) {
        try withVoteQuorum { service, _ throws(ClientError) in try service.stopTracking(client) }
    }

    /// - Parameter name: 1 to 254 bytes without NUL.
    /// - Returns: `false` when the answer comes later, as `VoteQuorumEvent.deviceRegistered`.
    /// - Throws: `.access`, `.exist`, `.tryAgain`, `.invalidParameter`.
    public mutating func registerDevice(_ client: ConnectionID, name: [UInt8]) throws(ClientError) -> Bool {
        try withVoteQuorum { service, out throws(ClientError) in try service.registerDevice(client, name: name, &out) }
    }

    /// - Throws: `.notExist`, `.invalidParameter`.
    public mutating func unregisterDevice(name: [UInt8], now: Instant) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in try service.unregisterDevice(name: name, &out) }
        continueSynchronization(now)
    }

    /// - Throws: `.notExist`, `.invalidParameter`.
    public mutating func renameDevice(from old: [UInt8], to new: [UInt8]) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in try service.renameDevice(from: old, to: new, &out) }
    }

    /// The device is alive and casts its vote or not.
    /// - Throws: `.access`, `.notExist`, `.messageError` when `ringID` is not the present one, `.invalidParameter`.
    public mutating func pollDevice(
        name: [UInt8], castsVote: Bool, ringID: RingID, now: Instant
    ) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in
            try service.pollDevice(name: name, castsVote: castsVote, ringID: ringID, now: now, &out)
        }
        continueSynchronization(now)
    }

    /// - Throws: `.access`, `.notExist`, `.invalidParameter`.
    public mutating func setDeviceMasterWins(name: [UInt8], _ allow: Bool) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in
            try service.setDeviceMasterWins(name: name, allow, &out)
        }
    }

    /// What this node's device wants everybody to know; empty for nothing any more.
    /// - Throws: `.access`, `.invalidParameter` above 4096 bytes, `.notExist` when no device is registered.
    public mutating func setDeviceInformation(_ client: ConnectionID, _ bytes: [UInt8]) throws(ClientError) {
        try withVoteQuorum { service, out throws(ClientError) in
            try service.setDeviceInformation(client, bytes, &out)
        }
    }

    /// What a node's device has told, empty when that is nothing. Who asks is told of changes, too, if it tracks.
    /// - Throws: `.access`, `.notExist` for a node never heard of.
    public mutating func deviceInformation(
        of node: NodeID, for client: ConnectionID
    ) throws(ClientError) -> [UInt8] {
        try withVoteQuorum { service, _ throws(ClientError) in
            try service.deviceInformation(of: node, for: client)
        }
    }

    private mutating func withVoteQuorum<Result>(
        _ body: (inout VoteQuorum, inout ServiceOutputs) throws(ClientError) -> Result
    ) throws(ClientError) -> Result {
        guard var service = voteQuorum else { throw .notExist }
        voteQuorum = nil
        defer { voteQuorum = service }
        return try body(&service, &out)
    }
}
