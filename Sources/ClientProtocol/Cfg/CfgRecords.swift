import Basics
import ClusterMap
import TotemWire

/// A link of the local node as `corosync_cfg_ring_status_get` shows it.
public struct RingInterface: Sendable, Equatable {
    /// Link number and address.
    public var name: String
    /// `OK`, or one character for each node.
    public var status: String

    static let limit = 16
    static let nameCapacity = 128
    static let statusCapacity = 512

    public init(name: String, status: String) {
        self.name = name
        self.status = status
    }

    /// The full struct in every case, since the library takes the count even from an error (spec: ipc.md 4.4).
    static func encode(_ interfaces: [RingInterface], into writer: inout ByteWriter) {
        let fits = interfaces.allSatisfy {
            $0.name.utf8.count < nameCapacity && $0.status.utf8.count < statusCapacity
        }
        let shown = fits ? Array(interfaces.prefix(limit)) : []
        writer.begin(0, size: 10272, error: fits ? nil : .nameTooLong)
        writer.slot(UInt32(shown.count))
        for interface in shown { writer.text(interface.name, capacity: nameCapacity) }
        writer.fill(to: 2080)
        for interface in shown { writer.text(interface.status, capacity: statusCapacity) }
        writer.fill(to: 10272)
    }
}

/// A node as `corosync_cfg_node_status_get` shows it, in version 1 of the struct.
public struct NodeStatusRecord: Sendable, Equatable {
    public struct Link: Sendable, Equatable {
        public var isEnabled = false
        public var isConnected = false
        public var isDynamicallyConnected = false
        public var mtu: UInt32 = 0
        public var source = ""
        public var destination = ""

        public init() {}
    }

    public struct WireVersions: Sendable, Equatable {
        public var lowest: UInt8 = 0
        public var highest: UInt8 = 0
        public var current: UInt8 = 0

        public init() {}
    }

    static let linkLimit = 8
    static let linkOffset = 40
    private static let linkSize = 520

    public var node: NodeID
    public var isReachable = false
    /// Reached through another node, or another cluster: no engine does so yet.
    public var isRemote = false
    public var isExternal = false
    /// Of the links' wire format: the lowest and the highest that the node speaks, and the one that is spoken with it.
    public var wireVersions = WireVersions()
    /// By link number; at most 8.
    public var links: [Link] = []

    public init(node: NodeID) { self.node = node }

    func encode(into writer: inout ByteWriter) {
        writer.begin(16, size: 4200)
        writer.u32(1)
        writer.nodeID(node)
        for value in [
            isReachable ? 1 : 0, isRemote ? 1 : 0, isExternal ? 1 : 0, wireVersions.lowest, wireVersions.highest,
            wireVersions.current,
        ] { writer.u8(value) }
        writer.fill(to: Self.linkOffset)
        for link in links.prefix(Self.linkLimit) {
            writer.u8(link.isEnabled ? 1 : 0)
            writer.u8(link.isConnected ? 1 : 0)
            writer.u8(link.isDynamicallyConnected ? 1 : 0)
            writer.u8(0)
            writer.u32(link.mtu)
            writer.text(link.source, capacity: 256)
            writer.text(link.destination, capacity: 256)
        }
        writer.fill(to: 4200)
    }

    /// All eight links, as they are in the struct.
    init(_ answer: Answer) throws(WireError) {
        node = NodeID(try answer.u32(28, "nodeid"))
        isReachable = try answer.u8(32, "reachable") != 0
        isRemote = try answer.u8(33, "remote") != 0
        isExternal = try answer.u8(34, "external") != 0
        wireVersions.lowest = try answer.u8(35, "onwire_min")
        wireVersions.highest = try answer.u8(36, "onwire_max")
        wireVersions.current = try answer.u8(37, "onwire_ver")
        links = try answer.list(Self.linkOffset, count: UInt32(Self.linkLimit), stride: Self.linkSize) {
            offset throws(WireError) in
            var link = Link()
            link.isEnabled = try answer.u8(offset, "enabled") != 0
            link.isConnected = try answer.u8(offset + 1, "connected") != 0
            link.isDynamicallyConnected = try answer.u8(offset + 2, "dynconnected") != 0
            link.mtu = try answer.u32(offset + 4, "mtu")
            link.source = try answer.text(offset + 8, capacity: 256, "src_ipaddr")
            link.destination = try answer.text(offset + 264, capacity: 256, "dst_ipaddr")
            return link
        }
    }
}
