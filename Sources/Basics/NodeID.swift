/// The number by which a cluster node is known on the ring (`nodelist.node.N.nodeid`).
///
/// Node ids are compared as unsigned 32-bit numbers; the lowest of a membership is its representative
/// (spec: totem.md 9.6). Zero is never a node: it marks a leave message and "nobody" in a token.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt32

    @inlinable
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// No node: the sender in the header of a leave message, the setter of a complete `aru`.
    @inlinable
    public static var none: NodeID { NodeID(0) }

    @inlinable
    public static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }

    /// Decimal, as logs and tools print node ids.
    public var description: String { String(rawValue) }
}

/// For whom the ring has made a packet.
public enum PacketDestination: Sendable, Equatable {
    /// One node, the next member of the ring; never this node.
    case node(NodeID)
    /// Every configured node except this one.
    case everyone
}
