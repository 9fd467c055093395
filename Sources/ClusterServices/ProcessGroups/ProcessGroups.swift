import Basics
import TotemWire

/// Closed process groups: who is in which group, and messages in the same order to all members
/// (spec: services.md 5, ipc.md 6).
struct ProcessGroups: Sendable {
    /// Most entries that client libraries can take in one list of an event (CPG_MEMBERS_MAX).
    static let listLimit = 128

    let nodeID: NodeID
    var table = ProcessTable()
    /// Local connections, ascending by id.
    var clients: [GroupClient] = []
    var lastIteration: UInt64 = 0

    /// Own leaves on their way round the ring, or waiting to be sent.
    var departures: [GroupClient.Membership] = []
    /// Processes that ended during a synchronisation: the others hear of it afterwards.
    var deferred: [GroupClient.Membership] = []

    // Synchronisation.
    var ringID = RingID.none
    var members: [NodeID] = []
    /// Members of the former ring that came along through every change since the last activated round.
    var continuing: [NodeID] = []
    /// Members of the last round that was activated.
    var oldMembers: [NodeID] = []
    /// Ring of the last round that was activated.
    var activeRing = RingID.none
    /// From the start of a round until its activation.
    var synchronizing = false
    /// Processes that other nodes announced in this round, in order of receipt.
    var announced: [GroupProcess] = []
    /// Nodes whose messages were refused because they have no process in the group: each is logged once.
    var refused: [NodeID] = []

    init(nodeID: NodeID) { self.nodeID = nodeID }

    // MARK: Messages

    mutating func deliver(_ message: ProcessJoin, from node: NodeID, _ out: inout ServiceOutputs) {
        let change = message.change
        out.log(.debug, .processGroups, "got procjoin message from cluster node \(node) for pid \(change.pid)")
        let process = GroupProcess(nodeID: node, pid: change.pid, group: change.group)
        guard table.insert(process) else { return }
        if node == nodeID {
            let new = GroupClient.Membership(group: change.group, pid: change.pid)
            for index in clients.indices where clients[index].state == .joining(new) {
                clients[index].state = .joined(new)
            }
        }
        let joined = [GroupMember(nodeID: node, pid: change.pid, reason: .join)]
        notifyChange(change.group, left: [], joined: joined, &out)
    }

    mutating func deliver(_ message: ProcessLeave, from node: NodeID, _ out: inout ServiceOutputs) {
        let change = message.change
        out.log(.debug, .processGroups, "got procleave message from cluster node \(node) for pid \(change.pid)")
        let process = GroupProcess(nodeID: node, pid: change.pid, group: change.group)
        let wasKnown = table.remove(process)
        // A process that was announced in this round and has ended since must not come back at its end.
        announced.removeAll { $0 == process }
        // A join that a change of ring cut in two may not have come here; then nobody has been told of the process.
        if wasKnown {
            let left = [GroupMember(nodeID: node, pid: change.pid, reason: change.reason)]
            notifyChange(change.group, left: left, joined: [], &out)
        }
        guard node == nodeID else { return }
        let gone = GroupClient.Membership(group: change.group, pid: change.pid)
        departures.removeAll { $0 == gone }
        for index in clients.indices where clients[index].state == .leaving(gone) { clients[index].state = .unjoined }
    }

    /// Copies the payload only when somebody here hears it, and once for all of them.
    mutating func deliver(_ message: borrowing GroupMulticastView, from node: NodeID, _ out: inout ServiceOutputs) {
        guard table.has(node, in: message.group) else {
            return refuse(node, in: GroupName(checked: message.group), &out)
        }
        var event: ProcessGroupEvent?
        for index in clients.indices {
            guard let group = clients[index].heardGroup, group.matches(message.group) else { continue }
            let known =
                event
                ?? .message(
                    group: group, nodeID: node, pid: message.pid,
                    payload: copy(message.payload, from: 0, count: message.payload.count))
            event = known
            out.notify(clients[index].id, .processGroup(known))
        }
    }

    mutating func deliver(_ message: GroupFragment, from node: NodeID, _ out: inout ServiceOutputs) {
        guard table.has(node, in: message.group.bytes.span) else { return refuse(node, in: message.group, &out) }
        let event = ProcessGroupEvent.fragment(
            group: message.group, nodeID: node, pid: message.pid, messageLength: message.messageLength,
            position: message.position, payload: message.fragment)
        for client in clients where client.hears(message.group) { out.notify(client.id, .processGroup(event)) }
    }

    /// The group is closed: only nodes with a member in it may send to it.
    private mutating func refuse(_ node: NodeID, in group: GroupName, _ out: inout ServiceOutputs) {
        guard !refused.contains(node) else { return }
        refused.append(node)
        out.log(
            .warning, .processGroups,
            "Unknown node -> we will not deliver message (node \(node) has no process in group"
                + " '\(group.text)'; further ones are not logged)")
    }

    // MARK: Events

    /// Tells the members of the group; long lists are cut into several events that client libraries can take.
    mutating func notifyChange(
        _ group: GroupName, left: [GroupMember], joined: [GroupMember], _ out: inout ServiceOutputs
    ) {
        if clients.contains(where: { $0.hears(group) }) {
            let members = Array(table.members(of: group).prefix(Self.listLimit))
            var left = left[...]
            var joined = joined[...]
            repeat {
                let change = GroupChange(
                    group: group, members: members, left: Array(left.prefix(Self.listLimit)),
                    joined: Array(joined.prefix(Self.listLimit)))
                left = left.dropFirst(Self.listLimit)
                joined = joined.dropFirst(Self.listLimit)
                for index in clients.indices where clients[index].hears(group) {
                    clients[index].changes &+= 1
                    out.notify(clients[index].id, .processGroup(.change(change)))
                }
            } while !left.isEmpty || !joined.isEmpty
        }
        for index in clients.indices where clients[index].awaitsRing && clients[index].state != .unjoined {
            clients[index].awaitsRing = false
            out.notify(clients[index].id, .processGroup(.ring(activeRing, members: oldMembers)))
        }
    }
}
