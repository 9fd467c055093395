import ClusterMap
import TotemWire

extension ProcessGroups {
    /// Longest payload of one message or fragment in bytes (spec: services.md 5.1).
    static let payloadLimit = 1_047_552

    mutating func clientOpened(_ client: ConnectionID) { _ = index(client) }

    mutating func join(
        _ client: ConnectionID, group: GroupName, pid: UInt32, wantsRing: Bool, _ out: inout ServiceOutputs
    ) throws(ClientError) {
        let membership = GroupClient.Membership(group: group, pid: pid)
        if clients.contains(where: { $0.membership == membership }) { throw .exist }
        if departures.contains(membership) || table.contains(GroupProcess(nodeID: nodeID, pid: pid, group: group)) {
            throw .tryAgain
        }
        let position = index(client)
        switch clients[position].state {
        case .unjoined: break
        case .leaving: throw .busy
        case .joining, .joined: throw .exist
        }
        clients[position].state = .joining(membership)
        clients[position].awaitsRing = wantsRing
        out.multicast(ProcessJoin(ProcessChange(group: group, pid: pid, reason: .join)))
    }

    /// The connection leaves its group; whatever name and pid a request may carry, only the own ones count.
    mutating func leave(_ client: ConnectionID, _ out: inout ServiceOutputs) throws(ClientError) {
        let position = index(client)
        switch clients[position].state {
        case .unjoined, .leaving: throw .notExist
        case .joining: throw .busy
        case .joined(let membership):
            clients[position].state = .leaving(membership)
            departures.append(membership)
            out.multicast(
                ProcessLeave(ProcessChange(group: membership.group, pid: membership.pid, reason: .leave)))
        }
    }

    mutating func multicast(
        _ client: ConnectionID, payload: Span<UInt8>, _ out: inout ServiceOutputs
    ) throws(ClientError) {
        var writer = ByteWriter(capacity: GroupMulticast.headerLength + payload.count)
        try encodeMulticast(client, payload: payload, into: &writer)
        out.multicast(writer.take(), as: GroupMulticast.self)
    }

    mutating func encodeMulticast(
        _ client: ConnectionID, payload: Span<UInt8>, into writer: inout ByteWriter
    ) throws(ClientError) {
        guard payload.count <= Self.payloadLimit else { throw .tooBig }
        let membership = try sendingMembership(client)
        GroupMulticast.encode(
            group: membership.group, pid: membership.pid, source: MessageSource(nodeID: nodeID, connection: 0),
            payload: payload, into: &writer)
    }

    /// - Throws: `.interrupted` when the group changed since the message's first fragment.
    mutating func multicastFragment(
        _ client: ConnectionID, messageLength: UInt32, position: FragmentPosition, payload: [UInt8],
        _ out: inout ServiceOutputs
    ) throws(ClientError) {
        guard payload.count <= Self.payloadLimit else { throw .tooBig }
        guard payload.count <= Int(messageLength) else { throw .invalidParameter }
        let membership = try sendingMembership(client)
        let index = index(client)
        if position == .first { clients[index].changesAtFirstFragment = clients[index].changes }
        guard clients[index].changes == clients[index].changesAtFirstFragment else { throw .interrupted }
        out.multicast(
            GroupFragment(
                group: membership.group, messageLength: messageLength, pid: membership.pid, position: position,
                source: MessageSource(nodeID: nodeID, connection: 0), fragment: payload))
    }

    private mutating func sendingMembership(_ client: ConnectionID) throws(ClientError) -> GroupClient.Membership {
        switch clients[index(client)].state {
        case .joining(let membership), .joined(let membership): return membership
        case .unjoined, .leaving: throw .notExist
        }
    }

    /// The connection is gone. If its process is still a member anywhere, the others hear that it has ended.
    ///
    /// During a synchronisation the message would overtake what the process has sent before, its own join perhaps, and
    /// contradict a list of members that is on its way: it waits for the end (spec: services.md 5.4, 13 item 13).
    mutating func clientClosed(
        _ client: ConnectionID, synchronizing: Bool, _ out: inout ServiceOutputs
    ) {
        guard let position = clients.firstIndex(where: { $0.id == client }) else { return }
        switch clients.remove(at: position).state {
        case .joining(let membership), .joined(let membership):
            departures.append(membership)
            if synchronizing { deferred.append(membership) } else { sendEnd(of: membership, &out) }
        case .unjoined, .leaving: break
        }
    }

    /// All services have synchronised: what waited for that goes out.
    mutating func synchronizationCompleted(_ out: inout ServiceOutputs) {
        for membership in deferred { sendEnd(of: membership, &out) }
        deferred = []
    }

    private func sendEnd(of membership: GroupClient.Membership, _ out: inout ServiceOutputs) {
        out.multicast(
            ProcessLeave(ProcessChange(group: membership.group, pid: membership.pid, reason: .processDown)))
    }

    // MARK: Iteration

    /// - Returns: a handle for `next`, which belongs to this client.
    mutating func beginIteration(_ client: ConnectionID, _ kind: GroupIteration) -> UInt64 {
        lastIteration &+= 1
        let position = index(client)
        clients[position].iterations.append((lastIteration, snapshot(kind)[...]))
        return lastIteration
    }

    /// - Returns: the next entry, `nil` at the end.
    /// - Throws: `.library` when this client has no such iteration.
    mutating func nextOfIteration(_ client: ConnectionID, _ handle: UInt64) throws(ClientError) -> GroupProcess? {
        let position = index(client)
        guard let found = clients[position].iterations.firstIndex(where: { $0.handle == handle }) else {
            throw .library
        }
        return clients[position].iterations[found].rest.popFirst()
    }

    mutating func endIteration(_ client: ConnectionID, _ handle: UInt64) throws(ClientError) {
        let position = index(client)
        guard let found = clients[position].iterations.firstIndex(where: { $0.handle == handle }) else {
            throw .library
        }
        clients[position].iterations.remove(at: found)
    }

    /// Corosync's order, which its tools show: the group that appears last in the table first; of each group its first
    /// process, then the others from the last on.
    private func snapshot(_ kind: GroupIteration) -> [GroupProcess] {
        var groups: [GroupName] = []
        var places: [GroupName: Int] = [:]
        var processes: [[GroupProcess]] = []
        for process in table.entries {
            if case .oneGroup(let group) = kind, process.group != group { continue }
            if let place = places[process.group] {
                processes[place].append(process)
            } else {
                places[process.group] = groups.count
                groups.append(process.group)
                processes.append([process])
            }
        }
        if kind == .names { return groups.reversed().map { GroupProcess(nodeID: .none, pid: 0, group: $0) } }
        return processes.reversed().flatMap { $0.prefix(1) + $0.dropFirst().reversed() }
    }

    private mutating func index(_ client: ConnectionID) -> Int {
        if let known = clients.firstIndex(where: { $0.id == client }) { return known }
        let position = clients.firstIndex { client < $0.id } ?? clients.endIndex
        clients.insert(GroupClient(id: client), at: position)
        return position
    }
}
