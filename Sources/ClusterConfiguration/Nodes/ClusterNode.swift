import Basics
import TotemWire

/// One `node` section of the node list.
public struct ClusterNode: Sendable, Hashable {
    /// What stands in `ringL_addr`: an address or a name.
    public struct LinkAddress: Sendable, Hashable {
        public var link: Int
        public var text: String
        public var origin: Origin?
    }

    /// The number of the section, counted from 0 (`nodelist.node.P`).
    public var position: UInt32
    /// Nil until it is generated, where that is allowed, and for a node without an address.
    public var nodeID: NodeID?
    public var nodeIDOrigin: Origin?
    public var name: String?
    public var votes: UInt32
    /// In the order of the links.
    public var addresses: [LinkAddress]

    public func address(onLink link: Int) -> LinkAddress? { addresses.first { $0.link == link } }

    /// Where the section stands: its first line with a key.
    public var origin: Origin?
}
