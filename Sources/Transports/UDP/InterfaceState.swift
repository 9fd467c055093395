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

extension UDPTransport {
    /// Looks whether the own address is still on an interface that is up, and stops or resumes sending and receiving
    /// accordingly (spec: transports.md 3.8, 4.4).
    ///
    /// To be called when a token was lost, and every `totem.downcheck` milliseconds while the ring has one member.
    /// The sockets survive: a bound address that comes back works again without new ones, so nothing queued is lost
    /// and the check may run at any time.
    public func checkInterface() -> InterfaceChange {
        update(found: InterfaceAddress.own(for: configuredAddress, among: InterfaceAddress.ofThisMachine()))
    }

    func update(found interface: InterfaceAddress?) -> InterfaceChange {
        if let interface, interface.isUp, usesSubstitute, interface.address == configuredAddress, rebind(to: interface)
        {
            interfaceState = .regular
            return .replaced(address)
        }
        guard let interface, interface.isUp, interface.address == address else { return goDown() }
        switch interfaceState {
        case .regular:
            guard let group, group.interface != interface.index else { return .none }
            // Another interface has the address now, or it was made anew.
            if self.group?.join(on: interface.index) != nil { return goDown() }
            adapt(to: interface)
            return .none
        case .loopback:
            // Looked at again when that fails.
            if group?.join(on: interface.index) != nil { return .none }
            adapt(to: interface)
            interfaceState = .regular
            return .cameUp(address)
        }
    }

    private func goDown() -> InterfaceChange {
        guard interfaceState == .regular else { return .none }
        interfaceState = .loopback
        return .wentDown
    }

    /// Binds the descriptors to the configured address; false, and nothing has changed, when that does not work.
    private func rebind(to interface: InterfaceAddress) -> Bool {
        let configured = SocketAddress(configuredAddress, port: port)
        guard
            let fresh = try? UDPSockets.open(
                configured, group?.group, on: interface, codePoint: serviceCodePoint)
        else { return false }
        guard questions.rebind(to: fresh.own) else {
            fresh.close()
            return false
        }
        // The numbers stay, so that nobody has to learn new ones.
        UDPSocket.move(fresh.descriptor, to: descriptor)
        if let sockets = fresh.group { group?.move(sockets) }
        own = configured
        usesSubstitute = false
        adapt(to: interface)
        return true
    }
}
