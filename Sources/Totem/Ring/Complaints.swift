import Basics
import TotemWire

/// How often the administrator is told of refused packets: not more often than anybody would read.
struct Complaints: Sendable {
    /// In one statistics interval.
    private static let limit: UInt64 = 5

    /// Refused packets since the last statistics update.
    private var count: UInt64 = 0
    /// Nodes outside the nodelist that others have spoken of since the last reload; each is complained of once.
    private var strangers: [NodeID] = []

    /// Notes one; whether it is to be told.
    mutating func admit() -> Bool {
        count &+= 1
        return count <= Self.limit
    }

    /// An interval is over: how many were kept quiet.
    mutating func takeSuppressed() -> UInt64 {
        defer { count = 0 }
        return count > Self.limit ? count - Self.limit : 0
    }

    /// Those of some nodes outside the nodelist of which nobody has been told. A node whose nodelist is another says so in
    /// every join: once is enough.
    mutating func newStrangers(among nodes: [NodeID]) -> [NodeID] {
        let unheard = Array(nodes.without(strangers).prefix(8))
        strangers.add(unheard)
        return unheard
    }

    /// The nodelist has changed.
    mutating func forgetStrangers() { strangers = [] }
}
