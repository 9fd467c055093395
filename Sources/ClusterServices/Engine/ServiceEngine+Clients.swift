import Deadlines
import TotemWire

/// Requests of local clients. Those that the ring must carry expect their caller to have asked the ring for room first
/// and to hold back, while `isSynchronizing`, what ipc.md 2.5 holds back.
extension ServiceEngine {
    /// A connection has ended, of whichever service and for whatever reason.
    public mutating func clientClosed(_ client: ClientID, _ service: ServiceID, now: Instant) {
        switch service {
        case .map: break
        case .configuration: configurationService.clientClosed(client, &out)
        case .processGroups: processGroups.clientClosed(client, &out)
        case .quorum: quorum.clientClosed(client)
        case .voteQuorum: voteQuorum?.clientClosed(client)
        }
    }

    // MARK: Process groups (ipc.md 6)

    /// A connection to the process groups exists: it hears of every change of the ring from now on.
    public mutating func groupClientOpened(_ client: ClientID) { processGroups.clientOpened(client) }

    /// Joins a group; the first event of the client will be the change that makes it a member.
    ///
    /// - Parameters:
    ///   - group: 0 to 128 bytes.
    ///   - wantsRing: the client wants the ring's membership right after that event.
    /// - Throws: `.nameTooLong`, `.exist`, `.tryAgain`, `.busy`.
    public mutating func joinGroup(
        _ client: ClientID, group: [UInt8], pid: UInt32, wantsRing: Bool
    ) throws(ClientError) {
        guard let name = GroupName(group) else { throw .nameTooLong }
        try processGroups.join(client, group: name, pid: pid, wantsRing: wantsRing, &out)
    }

    /// Leaves the client's group.
    /// - Throws: `.notExist`, `.busy`.
    public mutating func leaveGroup(_ client: ClientID) throws(ClientError) {
        try processGroups.leave(client, &out)
    }

    /// Sends to the client's group.
    /// - Throws: `.notExist` when the client is in no group, `.tooBig` above 1 047 552 bytes.
    public mutating func multicastToGroup(_ client: ClientID, payload: [UInt8]) throws(ClientError) {
        try processGroups.multicast(client, payload: payload, &out)
    }

    /// Sends one piece of a long message to the client's group.
    /// - Throws: `.notExist`, `.tooBig`, `.invalidParameter` for a piece longer than the message, `.interrupted` when
    ///   the group changed since the first piece.
    public mutating func multicastFragmentToGroup(
        _ client: ClientID, messageLength: UInt32, position: GroupFragment.Position, payload: [UInt8]
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
    public mutating func beginGroupIteration(_ client: ClientID, _ kind: GroupIteration) -> UInt64 {
        processGroups.beginIteration(client, kind)
    }

    /// - Returns: `nil` at the end.
    /// - Throws: `.notExist` when the client has no such iteration.
    public mutating func nextOfGroupIteration(
        _ client: ClientID, _ handle: UInt64
    ) throws(ClientError) -> GroupProcess? {
        try processGroups.nextOfIteration(client, handle)
    }

    /// - Throws: `.notExist` when the client has no such iteration.
    public mutating func endGroupIteration(_ client: ClientID, _ handle: UInt64) throws(ClientError) {
        try processGroups.endIteration(client, handle)
    }

    // MARK: Configuration (ipc.md 7)

    /// Orders another node, or this one, to stop at once.
    /// - Throws: `.notExist` when the node is not in the ring.
    public mutating func killNode(_ node: NodeID, reason: [UInt8]) throws(ClientError) {
        guard members.contains(node) else { throw .notExist }
        out.multicast(KillNode(nodeID: node, reason: reason))
    }

    /// Asks for this node's shutdown.
    /// - Returns: `false` when the answer comes later, as `ConfigurationEvent.shutdownDecided`.
    /// - Throws: `.exist` when another shutdown is pending.
    public mutating func tryShutdown(
        _ client: ClientID, _ flags: ShutdownFlags, now: Instant
    ) throws(ClientError) -> Bool {
        try configurationService.tryShutdown(client, flags, now: now, &out)
    }

    /// - Throws: `.access` when the client was not asked.
    public mutating func replyToShutdown(_ client: ClientID, agrees: Bool) throws(ClientError) {
        try configurationService.replyToShutdown(client, agrees: agrees, &out)
    }

    /// The client is asked before each shutdown from now on.
    public mutating func trackShutdown(_ client: ClientID) { configurationService.track(client, &out) }

    public mutating func stopTrackingShutdown(_ client: ClientID) {
        configurationService.stopTracking(client, &out)
    }

    /// Makes all nodes read their configuration again. `ServiceEvent.reloadRequested` names the client when this node's
    /// turn has come.
    public mutating func requestReload(_ client: ClientID) { configurationService.requestReload(by: client, &out) }

    /// The keys were changed by a reload: tells the others that this node is going to send with the new one.
    public mutating func beginCryptoReconfiguration() { out.multicast(CryptoReconfiguration(phase: 1)) }

    // MARK: Quorum (ipc.md 9)

    /// 1 when a provider decides, 0 when the node is always quorate.
    public var quorumType: UInt32 { quorum.hasProvider ? 1 : 0 }

    /// The provider's last decision.
    public var quorumView: QuorumView { quorum.view }

    public mutating func setQuorumModel(_ client: ClientID, _ model: QuorumModel) { quorum.setModel(client, model) }

    /// - Throws: `.exist` when the client tracks already; the present state is sent all the same.
    public mutating func trackQuorum(_ client: ClientID, _ flags: TrackFlags) throws(ClientError) {
        try quorum.track(client, flags, &out)
    }

    public mutating func stopTrackingQuorum(_ client: ClientID) { quorum.stopTracking(client) }
}
