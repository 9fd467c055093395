import Basics
import CPosix
import Glibc

/// The addresses of this machine as the kernel gives them.
extension InterfaceAddress {
    /// All addresses of this machine, in the kernel's order and without MTU; addresses without a netmask are left out
    /// (spec: transports.md 3.10).
    public static func ofThisMachine() -> [InterfaceAddress] {
        var head: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&head) == 0 else { return [] }
        defer { freeifaddrs(head) }
        var result: [InterfaceAddress] = []
        var next = head
        // The list and everything it points to live until freeifaddrs.
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let socketAddress = entry.ifa_addr, let netmask = entry.ifa_netmask,
                let found = SocketAddressStorage.read(UnsafeRawPointer(socketAddress)),
                let mask = SocketAddressStorage.read(UnsafeRawPointer(netmask))
            else { continue }
            let flags = UInt32(entry.ifa_flags)
            result.append(
                InterfaceAddress(
                    interface: String(cString: entry.ifa_name),
                    address: found.address,
                    netmask: mask.address,
                    isUp: flags & UInt32(IFF_UP) != 0,
                    isLoopback: flags & UInt32(IFF_LOOPBACK) != 0,
                    index: if_nametoindex(entry.ifa_name)))
        }
        return result
    }

    /// Bytes of the longest IP packet that the interface with this number sends whole; nil when it is gone.
    public static func mtu(of index: UInt32) -> UInt32? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let mtu = rondo_interface_mtu(descriptor, index)
        return mtu > 0 ? UInt32(mtu) : nil
    }

    /// What a node that is given `wanted` binds to on this machine now.
    ///
    /// - Throws: when no interface carries the address, or it is down.
    public static func usable(for wanted: IPAddress) throws(TransportError) -> InterfaceAddress {
        guard let found = own(for: wanted, among: ofThisMachine()) else { throw .addressNotLocal(wanted) }
        guard found.isUp else { throw .interfaceDown(wanted, interface: found.interface) }
        return found
    }

    /// The interface that has exactly this address and is up, so that a socket can be bound to it; nil when there is none.
    ///
    /// - Parameters:
    ///   - name: the interface that it must be; nil for any.
    ///   - interfaces: of this machine.
    public static func holding(
        _ address: IPAddress, named name: String?, among interfaces: [InterfaceAddress]
    ) -> InterfaceAddress? {
        interfaces.first { candidate in
            // Every address of the loopback's network is the machine's own.
            let has =
                candidate.address == address
                || candidate.isLoopback && address.isLoopback && candidate.address.family == address.family
            return has && candidate.isUp && (name == nil || candidate.interface == name)
        }
    }

    /// The one that carries `wanted`, with the address to bind to: on a loopback interface `wanted` itself, so that
    /// several nodes can run on 127.0.0.1, 127.0.0.2, …
    static func own(for wanted: IPAddress, among interfaces: [InterfaceAddress]) -> InterfaceAddress? {
        guard var found = carrying(wanted, among: interfaces) else { return nil }
        if found.isLoopback, wanted.family == .v4 { found.address = wanted }
        return found
    }

    /// The zone that `address` has on this interface.
    var zone: UInt32 { address.isLinkLocal ? index : 0 }
}
