import ClientProtocol

/// A node and the links to it, as another node sees them.
public struct NodeStatus: Hashable, Sendable {
    /// One link.
    public struct Link: Hashable, Sendable {
        /// Its number in corosync.conf.
        public let number: Int
        /// Whether messages pass now.
        public let isConnected: Bool
        /// Whether the other node has opened it, from an address that is not configured here.
        public let isOpenedByOther: Bool
        /// The largest packet that passes, in bytes.
        public let mtu: UInt32
        /// This node's address.
        public let source: String
        /// The other's; empty where the transport does not tell.
        public let destination: String
    }

    /// Versions of the links' wire format.
    public struct WireVersions: Hashable, Sendable {
        /// The lowest and the highest that a node speaks, and the one that is spoken with it.
        public let lowest: Int, highest: Int, current: Int
    }

    /// The node that was asked about.
    public let node: NodeID
    /// Whether messages reach it; with UDP, whether it is in the ring.
    public let isReachable: Bool
    /// Whether it is reached through another node. (No engine routes yet.)
    public let isRemote: Bool
    /// Whether it is reached through another cluster. (No engine does yet.)
    public let isExternal: Bool
    /// Versions of the links' wire format that it speaks, and the one that is spoken with it.
    public let wireVersions: WireVersions
    /// Configured links, ascending.
    public let links: [Link]
}

extension NodeStatus {
    init(_ record: NodeStatusRecord) {
        node = NodeID(record.node.rawValue)
        isReachable = record.isReachable
        isRemote = record.isRemote
        isExternal = record.isExternal
        wireVersions = WireVersions(
            lowest: Int(record.wireVersions.lowest), highest: Int(record.wireVersions.highest),
            current: Int(record.wireVersions.current))
        links = record.links.enumerated().filter { $0.element.isEnabled }.map { number, link in
            Link(
                number: number, isConnected: link.isConnected, isOpenedByOther: link.isDynamicallyConnected,
                mtu: link.mtu, source: link.source, destination: link.destination)
        }
    }
}
