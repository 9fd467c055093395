import Basics
import TotemWire

/// The highest ring sequence that each node has named in a join, and whether it has said goodbye since.
struct HeardSequences: Sendable {
    private struct Entry: Sendable {
        var node: NodeID
        var sequence: UInt64
        /// What its last farewell named, unless a join of a later life has come.
        var leftAt: UInt64?
    }

    private var entries: [Entry] = []

    subscript(node: NodeID) -> UInt64 { entries.first { $0.node == node }?.sequence ?? 0 }

    /// - Parameter node: one of the nodelist; so there are no more entries than configured nodes.
    mutating func note(_ node: NodeID, _ sequence: UInt64) {
        if let index = entries.firstIndex(where: { $0.node == node }) {
            entries[index].sequence = max(entries[index].sequence, sequence)
            if let leftAt = entries[index].leftAt, sequence > leftAt { entries[index].leftAt = nil }
        } else {
            entries.append(Entry(node: node, sequence: sequence))
        }
    }

    /// A farewell is kept also of a node that counts as failed.
    mutating func noteLeave(_ node: NodeID, _ sequence: UInt64) {
        if let index = entries.firstIndex(where: { $0.node == node }) {
            entries[index].leftAt = sequence
        } else {
            entries.append(Entry(node: node, sequence: 0, leftAt: sequence))
        }
    }

    /// Whether a join has come from the node, and no farewell since.
    func isPresent(_ node: NodeID) -> Bool { entries.contains { $0.node == node && $0.leftAt == nil } }

    mutating func forget(otherThan nodes: [NodeID]) { entries.removeAll { !nodes.contains($0.node) } }
}
