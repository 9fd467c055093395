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

    static let linkLimit = 8

    public var node: NodeID
    public var isReachable = false
    /// By link number; at most 8.
    public var links: [Link] = []

    public init(node: NodeID) { self.node = node }

    func encode(into writer: inout ByteWriter) {
        writer.begin(16, size: 4200)
        writer.u32(1)
        writer.nodeID(node)
        writer.u8(isReachable ? 1 : 0)
        writer.fill(to: 40)
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
}
