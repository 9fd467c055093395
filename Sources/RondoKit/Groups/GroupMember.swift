/// One process in a group. The order, by node and then process, is the same everywhere: good for choosing somebody.
public struct GroupMember: Hashable, Comparable, Codable, Sendable {
    /// The node it runs on.
    public let node: NodeID
    /// Its process number there.
    public let process: UInt32

    /// The process with this number on this node.
    public init(node: NodeID, process: UInt32) {
        self.node = node
        self.process = process
    }

    /// By node, then by process.
    public static func < (one: GroupMember, other: GroupMember) -> Bool {
        (one.node, one.process) < (other.node, other.process)
    }
}

extension GroupMember: CustomStringConvertible {
    /// `NODE:PROCESS`
    public var description: String { "\(node):\(process)" }
}
