import Basics
import Glibc

/// What transport udp has besides the socket of the own address: one that hears the group, and one by which everything
/// leaves (spec: transports.md 4.1).
struct GroupSockets {
    let group: UDPGroup
    /// Bound to the group and the ring's port.
    let receiver: Int32
    /// Bound to the own address and the port before the ring's.
    let sender: Int32
    /// Kernel's number of the interface on which the group was joined, or broadcasts are sent; 0 before that.
    private(set) var interface: UInt32 = 0

    init(_ group: UDPGroup, own: SocketAddress, interface: UInt32, codePoint: UInt8) throws(TransportError) {
        self.group = group
        var port = own
        port.port = own.port &- 1
        sender = try UDPSocket.open(port, mayBeAbsent: true, codePoint: codePoint)
        do throws(TransportError) {
            receiver = try UDPSocket.open(group.target(port: own.port, interface: interface), isShared: true)
        } catch {
            Glibc.close(sender)
            throw error
        }
        // What comes to a socket that nobody reads takes no memory.
        UDPSocket.closeReceiveBuffer(sender)
        if let failed = configure() {
            close()
            throw .system(call: failed.call, code: failed.code)
        }
    }

    /// Puts other sockets in the place of these, under their numbers.
    mutating func move(_ fresh: GroupSockets) {
        UDPSocket.move(fresh.receiver, to: receiver)
        UDPSocket.move(fresh.sender, to: sender)
        interface = fresh.interface
    }

    func close() {
        Glibc.close(sender)
        Glibc.close(receiver)
    }

    /// Joins the group on an interface in place of an earlier one; a new one of the same name is another one. Returns what
    /// failed.
    mutating func join(on interface: UInt32) -> TransportError? {
        guard !group.isBroadcast else {
            self.interface = interface
            return nil
        }
        let (family, level) = (group.address.family, level)
        if self.interface != 0 { _ = change(MCAST_LEAVE_GROUP, on: self.interface) }
        self.interface = 0
        guard change(MCAST_JOIN_GROUP, on: interface) else {
            return .system(call: "joining multicast group \(group.address)", code: errno)
        }
        self.interface = interface
        var isSet = false
        switch family {
        case .v4:
            var choice = ip_mreqn()
            choice.imr_ifindex = Int32(bitPattern: interface)
            isSet = UDPSocket.set(sender, level, IP_MULTICAST_IF, &choice)
        case .v6:
            var choice = interface
            isSet = UDPSocket.set(sender, level, IPV6_MULTICAST_IF, &choice)
        }
        return isSet ? nil : .system(call: "sending multicasts by interface \(interface)", code: errno)
    }

    private var level: Int32 { Int32(group.address.family == .v4 ? IPPROTO_IP : IPPROTO_IPV6) }

    private func change(_ option: Int32, on interface: UInt32) -> Bool {
        var request = group_req()
        request.gr_interface = interface
        SocketAddressStorage.write(SocketAddress(group.address, port: 0), into: &request.gr_group)
        return UDPSocket.set(receiver, level, option, &request)
    }

    /// Own multicasts do not come back, and the receiver hears only the group that it joined itself.
    private func configure() -> (call: String, code: Int32)? {
        var (on, off): (Int32, Int32) = (1, 0)
        guard !group.isBroadcast else {
            return UDPSocket.set(sender, SOL_SOCKET, SO_BROADCAST, &on) ? nil : ("permitting broadcasts", errno)
        }
        let isIPv4 = group.address.family == .v4
        _ = UDPSocket.set(receiver, level, isIPv4 ? IP_MULTICAST_ALL : IPV6_MULTICAST_ALL, &off)
        guard UDPSocket.set(sender, level, isIPv4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP, &off) else {
            return ("not hearing own multicasts", errno)
        }
        var hops = Int32(group.ttl)
        guard UDPSocket.set(sender, level, isIPv4 ? IP_MULTICAST_TTL : IPV6_MULTICAST_HOPS, &hops) else {
            return ("setting the ttl of multicasts", errno)
        }
        return nil
    }
}
