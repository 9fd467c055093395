/// A node's id in the cluster: `nodeid` of corosync.conf.
public struct NodeID: RawRepresentable, Hashable, Comparable, Codable, Sendable, ExpressibleByIntegerLiteral {
    /// The number.
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The id with this number.
    public init(_ number: UInt32) { rawValue = number }

    public init(integerLiteral number: UInt32) { rawValue = number }

    public static func < (one: NodeID, other: NodeID) -> Bool { one.rawValue < other.rawValue }
}

extension NodeID: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}
