import Basics

/// To whom a node's multicasts go at once on transport udp (spec: transports.md 4).
public struct UDPGroup: Sendable, Equatable {
    /// A multicast group, or 255.255.255.255 for broadcast.
    public var address: IPAddress
    /// Over how many networks a multicast may go: 1 stays in the own one. Broadcasts always do.
    public var ttl: UInt8

    public init(address: IPAddress, ttl: UInt8) {
        self.address = address
        self.ttl = ttl
    }

    /// Whether everybody in the network is meant, without a group to join.
    public var isBroadcast: Bool { address == .v4(.max) }

    /// Whether the address means something only together with an interface: the scopes of interface and link (RFC 4291).
    private var isOnLinkOnly: Bool {
        guard case .v6(let high, _) = address, address.isMulticast else { return false }
        return [1, 2].contains(high >> 48 & 0xF)
    }

    /// Where datagrams to the group go that leave by the interface of this number.
    func target(port: UInt16, interface: UInt32) -> SocketAddress {
        SocketAddress(address, zone: isOnLinkOnly ? interface : 0, port: port)
    }
}
