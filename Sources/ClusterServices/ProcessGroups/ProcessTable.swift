import Basics
import TotemWire

/// All group members of all nodes, ascending by node id and pid; entries equal in both in the order they came
/// (spec: services.md 5.2). The same on all nodes of a ring once a synchronisation has completed.
struct ProcessTable: Sendable, Equatable {
    private(set) var entries: [GroupProcess] = []

    func contains(_ process: GroupProcess) -> Bool {
        var index = lowerBound(process)
        while index < entries.count, !Self.precedes(process, entries[index]) {
            if entries[index] == process { return true }
            index += 1
        }
        return false
    }

    /// - Returns: whether it was not there before.
    mutating func insert(_ process: GroupProcess) -> Bool {
        guard !contains(process) else { return false }
        var index = lowerBound(process)
        while index < entries.count, !Self.precedes(process, entries[index]) { index += 1 }
        entries.insert(process, at: index)
        return true
    }

    /// - Returns: whether it was there.
    mutating func remove(_ process: GroupProcess) -> Bool {
        guard let index = entries.firstIndex(of: process) else { return false }
        entries.remove(at: index)
        return true
    }

    /// Removes all processes of these nodes and returns them in table order.
    mutating func removeAll(of nodes: [NodeID]) -> [GroupProcess] {
        let gone = entries.filter { nodes.contains($0.nodeID) }
        if !gone.isEmpty { entries.removeAll { nodes.contains($0.nodeID) } }
        return gone
    }

    func processes(of node: NodeID) -> [GroupProcess] { entries.filter { $0.nodeID == node } }

    func members(of group: GroupName) -> [GroupMember] {
        entries.lazy.filter { $0.group == group }.map { GroupMember(nodeID: $0.nodeID, pid: $0.pid) }
    }

    /// Whether any process of `node` is in `group`.
    func has(_ node: NodeID, in group: Span<UInt8>) -> Bool {
        var index = lowerBound(node, 0)
        while index < entries.count, entries[index].nodeID == node {
            if entries[index].group.matches(group) { return true }
            index += 1
        }
        return false
    }

    private func lowerBound(_ process: GroupProcess) -> Int { lowerBound(process.nodeID, process.pid) }

    /// Index of the first entry that does not come before a process.
    private func lowerBound(_ node: NodeID, _ pid: UInt32) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if (entries[middle].nodeID, entries[middle].pid) < (node, pid) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func precedes(_ a: GroupProcess, _ b: GroupProcess) -> Bool {
        (a.nodeID, a.pid) < (b.nodeID, b.pid)
    }

    /// Whether entries are in their order; those equal in it differ in their group.
    var isOrdered: Bool {
        entries.indices.dropFirst().allSatisfy { index in
            !Self.precedes(entries[index], entries[index - 1]) && entries[index] != entries[index - 1]
        }
    }
}
