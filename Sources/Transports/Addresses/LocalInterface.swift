import CPosix
import Glibc

/// One address of this machine and the network interface that carries it.
public struct LocalInterface: Sendable, Equatable {
    public var name: String
    public var index: UInt32
    public var address: NetworkAddress
    /// Leading bits that the interface's network shares.
    public var prefixLength: Int
    /// The administrative flag; carrier loss does not clear it.
    public var isUp: Bool
    public var isLoopback: Bool

    /// All addresses of this machine, in the kernel's order; addresses without a netmask are left out
    /// (spec: transports.md 3.10).
    public static func all() -> [LocalInterface] {
        var head: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&head) == 0 else { return [] }
        defer { freeifaddrs(head) }
        var result: [LocalInterface] = []
        var next = head
        // The list and everything it points to live until freeifaddrs.
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let socketAddress = entry.ifa_addr, let netmask = entry.ifa_netmask,
                let address = SocketAddressStorage.read(UnsafeRawPointer(socketAddress)),
                let mask = SocketAddressStorage.read(UnsafeRawPointer(netmask))
            else { continue }
            let flags = UInt32(entry.ifa_flags)
            result.append(
                LocalInterface(
                    name: String(cString: entry.ifa_name),
                    index: if_nametoindex(entry.ifa_name),
                    address: address,
                    prefixLength: (mask.family == .ipv4 ? 0 : mask.high.nonzeroBitCount) + mask.low.nonzeroBitCount,
                    isUp: flags & UInt32(IFF_UP) != 0,
                    isLoopback: flags & UInt32(IFF_LOOPBACK) != 0))
        }
        return result
    }

    /// The interface that `matching` finds on this machine now.
    ///
    /// - Throws: when there is none, or it is down.
    public static func usable(for wanted: NetworkAddress) throws(TransportError) -> LocalInterface {
        guard let interface = matching(wanted, among: all()) else { throw .addressNotLocal(wanted) }
        guard interface.isUp else { throw .interfaceDown(wanted, interface: interface.name) }
        return interface
    }

    /// Bytes of the longest IP packet that the interface with this number sends whole; nil when it is gone.
    public static func mtu(of index: UInt32) -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let mtu = rondo_interface_mtu(descriptor, index)
        return mtu > 0 ? Int(mtu) : nil
    }

    /// The interface a node bound to `wanted` uses: the one with exactly this address, else the first whose network
    /// contains it. On a loopback interface every address of the network is this machine's own, so that several
    /// nodes can run on 127.0.0.1, 127.0.0.2, …: then the result carries `wanted` itself.
    public static func matching(_ wanted: NetworkAddress, among interfaces: [LocalInterface]) -> LocalInterface? {
        if let exact = interfaces.first(where: { $0.address == wanted }) { return exact }
        guard
            var candidate = interfaces.first(where: { $0.address.shares(prefix: $0.prefixLength, with: wanted) })
        else { return nil }
        if candidate.isLoopback, wanted.family == .ipv4 { candidate.address = wanted }
        return candidate
    }
}
