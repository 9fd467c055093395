import Basics
import TotemWire

/// An address of a node, as text and as clients get it in binary.
public struct NodeAddress: Sendable, Equatable {
    public enum Family: UInt32, Sendable {
        case inet = 2
        case inet6 = 10
    }

    public var family: Family
    /// Network order: 4 bytes for IPv4, 16 for IPv6.
    public var bytes: [UInt8]
    public var text: String

    public init(family: Family, bytes: [UInt8], text: String) {
        self.family = family
        self.bytes = bytes
        self.text = text
    }
}

/// How a node's link is doing. Over UDP there is one link, whose state is that of its node.
public struct LinkStatus: Sendable, Equatable {
    /// 0 to 7.
    public var number: Int
    public var address: NodeAddress
    public var isEnabled: Bool
    public var isConnected: Bool
    public var isDynamicallyConnected: Bool
    /// Bytes.
    public var mtu: UInt32

    public init(
        number: Int, address: NodeAddress, isEnabled: Bool = true, isConnected: Bool = false,
        isDynamicallyConnected: Bool = false, mtu: UInt32 = 0
    ) {
        self.number = number
        self.address = address
        self.isEnabled = isEnabled
        self.isConnected = isConnected
        self.isDynamicallyConnected = isDynamicallyConnected
        self.mtu = mtu
    }
}

/// What clients may ask about the cluster, at one moment.
public struct ClusterStatus: Sendable, Equatable {
    public enum Transport: Sendable {
        case udp
        case udpu
        case knet
    }

    /// A configured node.
    public struct Node: Sendable, Equatable {
        public var id: NodeID
        /// Over UDP: it is a member of the ring. Over knet: a link leads to it.
        public var isReachable: Bool
        /// Ascending by number.
        public var links: [LinkStatus]

        public init(id: NodeID, isReachable: Bool, links: [LinkStatus]) {
            self.id = id
            self.isReachable = isReachable
            self.links = links
        }
    }

    public var localNode: NodeID
    public var transport: Transport
    /// Bytes of a datagram's payload on the ring, as `LinkStatus.mtu` for UDP.
    public var netMTU: UInt32
    /// Ascending by id.
    public var nodes: [Node]

    public init(localNode: NodeID, transport: Transport, netMTU: UInt32, nodes: [Node]) {
        self.localNode = localNode
        self.transport = transport
        self.netMTU = netMTU
        self.nodes = nodes
    }

    func node(_ id: NodeID) -> Node? { nodes.first { $0.id == id } }
}
