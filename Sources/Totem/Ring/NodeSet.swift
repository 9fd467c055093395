import Basics
import TotemWire

/// Set operations on short lists of node ids that keep the order of arrival, as join messages carry them.
extension [NodeID] {
    mutating func add(_ node: NodeID) {
        if !contains(node), count < TotemLimits.processorCount { append(node) }
    }

    mutating func add(_ nodes: [NodeID]) {
        for node in nodes { add(node) }
    }

    func without(_ other: [NodeID]) -> [NodeID] { filter { !other.contains($0) } }
}
