import Transports

/// How the ring's packets travel.
enum RingTransport {
    /// Each in one datagram.
    case unicast(UDPUnicastTransport)
    /// Over knet links.
    case links(KnetTransport)

    var statistics: TransportStatistics {
        switch self {
        case .unicast(let transport): transport.statistics
        case .links(let transport): transport.statistics
        }
    }

    var descriptors: [Int32] {
        switch self {
        case .unicast(let transport): [transport.descriptor]
        case .links(let transport): transport.descriptors
        }
    }

    /// Whether datagrams from addresses outside the nodelist are dropped. Links always do that.
    var blocksUnlistedAddresses: Bool {
        get {
            guard case .unicast(let transport) = self else { return true }
            return transport.blocksUnlistedAddresses
        }
        nonmutating set {
            if case .unicast(let transport) = self { transport.blocksUnlistedAddresses = newValue }
        }
    }
}
