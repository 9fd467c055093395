import Basics
import TotemWire

/// A set of nodes as bits, by their place in the nodelist: what makes comparing the lists of a large cluster cheap.
struct NodeBits: Sendable {
    private var words = InlineArray<6, UInt64>(repeating: 0)
    private(set) var count = 0

    /// False when `place` was there already, or is beyond the 384 nodes a ring can have.
    @discardableResult
    mutating func insert(_ place: Int) -> Bool {
        guard place >= 0, place < TotemLimits.processorCount, !contains(place) else { return false }
        words[place >> 6] |= 1 << UInt64(place & 63)
        count += 1
        return true
    }

    func contains(_ place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 == 1 }
}

extension [NodeID] {
    /// The place of a node in an ascending list.
    func place(of node: NodeID) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < node { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == node ? low : nil
    }
}

extension TotemRing {
    /// Whether every node of `nodes` is in `others`; both lists hold each node once. Many nodes make every join a long
    /// list, and there are as many joins as nodes.
    func isSubset(_ nodes: [NodeID], of others: [NodeID]) -> Bool {
        guard nodes.count <= others.count else { return false }
        guard nodes.count > 8 else { return nodes.allSatisfy(others.contains) }
        var bits = NodeBits()
        for node in others {
            if let place = configured.place(of: node) { bits.insert(place) }
        }
        return nodes.allSatisfy { node in
            configured.place(of: node).map(bits.contains) ?? others.contains(node)
        }
    }
}

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
