import Transports

/// How the ring's packets travel.
enum RingTransport {
    /// Each in one datagram, a multicast in one to each node or in one to all.
    case udp(UDPTransport)
    /// Over knet links.
    case links(KnetTransport)

    var statistics: TransportStatistics {
        switch self {
        case .udp(let transport): transport.statistics
        case .links(let transport): transport.statistics
        }
    }

    var descriptors: [Int32] {
        switch self {
        case .udp(let transport):
            [transport.descriptor, transport.questionDescriptor] + (transport.groupDescriptor.map { [$0] } ?? [])
        case .links(let transport): transport.descriptors
        }
    }

    /// Whether datagrams from addresses outside the nodelist are dropped. Links always do that.
    var blocksUnlistedAddresses: Bool {
        get {
            guard case .udp(let transport) = self else { return true }
            return transport.blocksUnlistedAddresses
        }
        nonmutating set {
            if case .udp(let transport) = self { transport.blocksUnlistedAddresses = newValue }
        }
    }
}
