import Basics
import TotemWire

extension ProcessGroups {
    mutating func synchronizationStarts(transitional: [NodeID], members: [NodeID], ringID: RingID) {
        continuing = synchronizing ? continuing.filter(transitional.contains) : transitional
        synchronizing = true
        self.members = members
        self.ringID = ringID
        announced = []
        refused = []
    }

    /// Members of the former ring that did not come along; one that restarted quickly is among them.
    private var lost: [NodeID] { oldMembers.filter { !continuing.contains($0) } }

    func synchronizationProcess(_ out: inout ServiceOutputs) {
        out.multicast(DownList(oldMembers: UInt32(clamping: oldMembers.count), left: lost))
        let local = table.processes(of: nodeID)
        guard !local.isEmpty else { return }
        out.multicast(JoinList(entries: local.map { JoinList.Entry(pid: $0.pid, group: $0.group) }))
    }

    func deliver(_ message: DownList, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.debug, .processGroups, "downlist left_list: \(message.left.count) received")
    }

    mutating func deliver(_ message: JoinList, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.debug, .processGroups, "got joinlist message from node \(node)")
        guard synchronizing, node != nodeID else { return }
        // A list that was left over from an aborted round is replaced by the one of this round.
        announced.removeAll { $0.nodeID == node }
        for entry in message.entries {
            announced.append(GroupProcess(nodeID: node, pid: entry.pid, group: entry.group))
        }
    }

    mutating func synchronizationActivates(_ out: inout ServiceOutputs) {
        let lost = lost
        synchronizing = false
        oldMembers = members
        activeRing = ringID
        removeProcesses(of: lost, &out)
        let announced = announced
        self.announced = []
        addAnnounced(announced, &out)
        removeUnannounced(announced, &out)
        for client in clients { out.notify(client.id, .processGroup(.ring(ringID, members: members))) }
    }

    mutating func synchronizationAborts() { announced = [] }

    private mutating func removeProcesses(of lost: [NodeID], _ out: inout ServiceOutputs) {
        for (group, gone) in Self.byGroup(table.removeAll(of: lost)) {
            notifyChange(group, left: Self.members(gone, .nodeDown), joined: [], &out)
        }
    }

    /// All are inserted before the first event. Corosync lists the joined processes last received first.
    private mutating func addAnnounced(_ announced: [GroupProcess], _ out: inout ServiceOutputs) {
        var new: [GroupProcess] = []
        for process in announced.reversed() where table.insert(process) { new.append(process) }
        for (group, joined) in Self.byGroup(new) {
            notifyChange(group, left: [], joined: Self.members(joined, .nodeUp), &out)
        }
    }

    /// Processes of other nodes that their node did not confirm have ended while it was away.
    private mutating func removeUnannounced(_ announced: [GroupProcess], _ out: inout ServiceOutputs) {
        let confirmed = Set(announced)
        for process in table.entries where process.nodeID != nodeID && !confirmed.contains(process) {
            _ = table.remove(process)
            notifyChange(process.group, left: Self.members([process], .processDown), joined: [], &out)
        }
    }

    /// The processes by group, groups ascending, the order within a group kept.
    private static func byGroup(_ processes: [GroupProcess]) -> [(GroupName, [GroupProcess])] {
        let groups = Set(processes.map(\.group)).sorted()
        return groups.map { group in (group, processes.filter { $0.group == group }) }
    }

    private static func members(_ processes: [GroupProcess], _ reason: ChangeReason) -> [GroupMember] {
        processes.map { GroupMember(nodeID: $0.nodeID, pid: $0.pid, reason: reason) }
    }
}
