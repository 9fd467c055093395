import Basics
import ClusterConfiguration
import Links

/// An own address of links, and the interface that has it.
struct LinkPlace {
    let number: SocketNumber
    /// As configured.
    let own: SocketAddress
    /// The interface that the configuration names; nil for whichever has the address.
    let interfaceName: String?
    /// Nil while no interface has the address, or is up with it.
    var holder: InterfaceAddress?

    /// Where the socket is bound: a link-local address means something only with an interface.
    var bound: SocketAddress {
        guard own.address.isLinkLocal, let holder else { return own }
        return SocketAddress(own.address, zone: holder.index, port: own.port)
    }

    /// Whether a socket can be bound: to a link-local address only while an interface has it.
    var canBeBound: Bool { holder != nil || !own.address.isLinkLocal }
}

extension ClusterConfiguration {
    /// The interface that the configuration names for an own address.
    func interface(of own: SocketAddress) -> String? {
        links.first { $0.localAddress == own.address && $0.port == own.port }?.localInterface
    }
}
