import Basics

/// Which members beat, and what this node's beats are marked with.
struct Beats: Sendable {
    /// Of the next beat.
    private var number: UInt32 = 0
    /// Members that have been heard to beat since they were first in a ring with this node.
    private(set) var beating: [NodeID] = []

    mutating func takeNumber() -> UInt32 {
        number &+= 1
        return number
    }

    mutating func heard(_ node: NodeID) { beating.add(node) }

    func beats(_ node: NodeID) -> Bool { beating.contains(node) }

    /// A ring is installed; those that did not come along are new, or new lives.
    mutating func install(companions: [NodeID]) { beating.removeAll { !companions.contains($0) } }
}
