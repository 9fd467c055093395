import Basics
import TotemWire

/// One link of the ring with its members.
public struct Link: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public var nodeID: NodeID
        public var address: IPAddress
        /// The address as the node list writes it.
        public var text: String

        public init(nodeID: NodeID, address: IPAddress, text: String) {
            self.nodeID = nodeID
            self.address = address
            self.text = text
        }
    }

    public enum KnetTransport: String, Sendable, Hashable {
        case udp, sctp
    }

    public var number: Int
    /// The local node's address on the link; nil when it has none there.
    public var localAddress: IPAddress?
    /// The interface that the local node's address names (`fe80::1%eth0`); nil when it names none.
    public var localInterface: String?
    /// UDP port; 0 when none is known.
    public var port: UInt16
    /// Only multicast UDP has one.
    public var multicastAddress: IPAddress?
    public var usesBroadcast: Bool
    public var ttl: UInt8
    public var priority: UInt8
    public var knetTransport: KnetTransport
    public var knetPingPrecision: UInt32
    /// All nodes with an address on the link, the local one included, in the order of the node list.
    public var members: [Member]
}
