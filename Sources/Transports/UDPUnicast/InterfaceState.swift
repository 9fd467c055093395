import Basics

/// Whether the own address can be used.
public enum InterfaceState: Sendable, Equatable {
    /// The address is on an interface that is up.
    case regular
    /// It is not: the node forms a ring alone until the address comes back (Corosync's LOOPBACK state).
    case loopback
}

/// What an interface check found changed.
public enum InterfaceChange: Sendable, Equatable {
    case none
    case cameUp(IPAddress)
    case wentDown
    /// The configured address has appeared, in whose place another of its network was used: the descriptor is bound to it
    /// now, and must be watched anew.
    case replaced(IPAddress)
}

extension UDPUnicastTransport {
    /// Looks whether the own address is still on an interface that is up, and stops or resumes sending and receiving
    /// accordingly (spec: transports.md 3.8).
    ///
    /// To be called when a token was lost, and every `totem.downcheck` milliseconds while the ring has one member.
    /// The socket survives: a bound address that comes back works again without a new one, so nothing queued is lost
    /// and the check may run at any time.
    public func checkInterface() -> InterfaceChange {
        update(found: InterfaceAddress.own(for: configuredAddress, among: InterfaceAddress.ofThisMachine()))
    }

    func update(found interface: InterfaceAddress?) -> InterfaceChange {
        if let interface, interface.isUp, usesSubstitute, interface.address == configuredAddress, rebind() {
            interfaceState = .regular
            return .replaced(address)
        }
        let usable = interface.map { $0.isUp && $0.address == address } ?? false
        switch (interfaceState, usable) {
        case (.regular, false):
            interfaceState = .loopback
            return .wentDown
        case (.loopback, true):
            interfaceState = .regular
            return .cameUp(address)
        case (.regular, true), (.loopback, false):
            return .none
        }
    }
}
