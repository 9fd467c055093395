import Basics

/// The number by which knet knows a node: its node id, which has to fit into 16 bits (spec: knet.md 1, 12).
public struct HostID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt16

    @inlinable
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// The host of a node; nil for a node id that knet cannot carry: 0 and those above 65535.
    @inlinable
    public init?(_ node: NodeID) {
        guard node != .none, let number = UInt16(exactly: node.rawValue) else { return nil }
        rawValue = number
    }

    @inlinable
    public var nodeID: NodeID { NodeID(UInt32(rawValue)) }

    @inlinable
    public static func < (a: HostID, b: HostID) -> Bool { a.rawValue < b.rawValue }

    /// Decimal, as libknet's log lines print it.
    public var description: String { String(rawValue) }
}
