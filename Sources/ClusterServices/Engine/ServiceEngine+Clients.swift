import Basics
import ClusterMap
import TotemWire

/// Requests of local clients. Those that the ring must carry expect their caller to have asked the ring for room first
/// and to hold back, while `isSynchronizing`, what ipc.md 2.5 holds back.
extension ServiceEngine {
    /// A connection has ended, of whichever service and for whatever reason. When the reason is that the services were
    /// unloaded, the other nodes still hear of the members that this ends.
    public mutating func clientClosed(_ client: ConnectionID, _ service: ServiceID) {
        switch service {
        case .processGroups: processGroups.clientClosed(client, synchronizing: isSynchronizing, &out)
        case .map, .configuration, .monitor, .watchdog: break
        case .quorum: quorum.clientClosed(client)
        case .voteQuorum: voteQuorum?.clientClosed(client)
        }
    }

    // MARK: Process groups (ipc.md 6)

    /// A connection to the process groups exists: it hears of every change of the ring from now on.
    public mutating func groupClientOpened(_ client: ConnectionID) { processGroups.clientOpened(client) }

    /// Joins a group; the first event of the client will be the change that makes it a member.
    ///
    /// - Parameters:
    ///   - group: 0 to 128 bytes.
    ///   - wantsRing: the client wants the ring's membership right after that event.
    /// - Throws: `.nameTooLong`, `.exist`, `.tryAgain`, `.busy`.
    public mutating func joinGroup(
        _ client: ConnectionID, group: [UInt8], pid: UInt32, wantsRing: Bool
    ) throws(ClientError) {
        guard let name = GroupName(group) else { throw .nameTooLong }
        try processGroups.join(client, group: name, pid: pid, wantsRing: wantsRing, &out)
    }

    /// Leaves the client's group.
    /// - Throws: `.notExist`, `.busy`.
    public mutating func leaveGroup(_ client: ConnectionID) throws(ClientError) {
        try processGroups.leave(client, &out)
    }

    /// Sends to the client's group.
    /// - Throws: `.notExist` when the client is in no group, `.tooBig` above 1 047 552 bytes.
    public mutating func multicastToGroup(_ client: ConnectionID, payload: Span<UInt8>) throws(ClientError) {
        try processGroups.multicast(client, payload: payload, &out)
    }

    /// Sends one piece of a long message to the client's group.
    /// - Throws: `.notExist`, `.tooBig`, `.invalidParameter` for a piece longer than the message, `.interrupted` when
    ///   the group changed since the first piece.
    public mutating func multicastFragmentToGroup(
        _ client: ConnectionID, messageLength: UInt32, position: FragmentPosition, payload: [UInt8]
    ) throws(ClientError) {
        try processGroups.multicastFragment(
            client, messageLength: messageLength, position: position, payload: payload, &out)
    }

    /// The members of a group, ascending by node id and pid; none for an unknown group.
    public func members(ofGroup group: [UInt8]) throws(ClientError) -> [GroupMember] {
        guard let name = GroupName(group) else { throw .nameTooLong }
        return processGroups.table.members(of: name)
    }

    /// All processes of all groups on all nodes, ascending by node id and pid.
    public var groupProcesses: [GroupProcess] { processGroups.table.entries }

    /// Begins to walk over a snapshot of the process table.
    /// - Returns: a handle that only this client can use.
    public mutating func beginGroupIteration(_ client: ConnectionID, _ kind: GroupIteration) -> UInt64 {
        processGroups.beginIteration(client, kind)
    }

    /// - Returns: `nil` at the end.
    /// - Throws: `.library` when the client has no such iteration.
    public mutating func nextOfGroupIteration(
        _ client: ConnectionID, _ handle: UInt64
    ) throws(ClientError) -> GroupProcess? {
        try processGroups.nextOfIteration(client, handle)
    }

    /// - Throws: `.library` when the client has no such iteration.
    public mutating func endGroupIteration(_ client: ConnectionID, _ handle: UInt64) throws(ClientError) {
        try processGroups.endIteration(client, handle)
    }

    // MARK: Configuration (ipc.md 7)

    /// Orders another node, or this one, to stop at once. Whether it is in the ring is for the caller to check.
    public mutating func killNode(_ node: NodeID, reason: [UInt8]) {
        out.multicast(KillNode(nodeID: node, reason: reason))
    }

    /// Tells all nodes that this one is going to stop; `ServiceEvent.shutdownRequested` follows when its turn has come.
    public mutating func shutDown() { out.multicast(Shutdown()) }

    /// Makes all nodes read their configuration again.
    /// - Returns: the number with which `ServiceEvent.reloadRequested` comes when it is this node's turn.
    public mutating func requestReload() -> UInt64 { configurationService.requestReload(&out) }

    /// Tells the others how far this node is with a change of keys: 1, it has read its file; 2, it seals with the new key.
    public mutating func multicastCryptoPhase(_ phase: UInt32) { out.multicast(CryptoReconfiguration(phase: phase)) }

    // MARK: Quorum (ipc.md 9)

    /// 1 when a provider decides, 0 when the node is always quorate.
    public var quorumType: UInt32 { quorum.hasProvider ? 1 : 0 }

    /// The provider's last decision.
    public var quorumView: QuorumView { quorum.view }

    public mutating func setQuorumModel(_ client: ConnectionID, _ model: QuorumModel) { quorum.setModel(client, model) }

    /// - Throws: `.exist` when the client tracks already; the present state is sent all the same.
    public mutating func trackQuorum(_ client: ConnectionID, _ flags: QuorumTracking) throws(ClientError) {
        try quorum.track(client, flags, &out)
    }

    public mutating func stopTrackingQuorum(_ client: ConnectionID) { quorum.stopTracking(client) }
}
