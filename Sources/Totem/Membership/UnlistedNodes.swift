import Basics
import TotemWire

/// Nodes outside the nodelist that others have spoken of; each is named once. A node whose nodelist is another says so in
/// every join.
struct UnlistedNodes: Sendable {
    /// As many as a ring can have members: whoever invents nodes is not named more of them.
    private var named: [NodeID] = []

    /// Those of `nodes`, eight at most, that have not been named since the last reload.
    mutating func takeUnnamed(among nodes: [NodeID]) -> [NodeID] {
        let room = min(8, TotemLimits.processorCount - named.count)
        let unnamed = Array(nodes.without(named).prefix(room))
        named.add(unnamed)
        return unnamed
    }

    /// The nodelist has changed.
    mutating func forget() { named = [] }
}
