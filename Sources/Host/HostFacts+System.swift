import Basics
import ClusterConfiguration
import Glibc
import Transports

extension HostFacts {
    /// This machine's name and addresses now.
    public static func current() -> HostFacts {
        var names = utsname()
        uname(&names)
        let hostName = withUnsafeBytes(of: &names.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let interfaces = LocalInterface.all().compactMap { interface -> InterfaceAddress? in
            guard let address = IPAddress(interface.address) else { return nil }
            return InterfaceAddress(
                interface: interface.name, address: address,
                netmask: IPAddress.netmask(of: address.family, prefix: interface.prefixLength),
                isUp: interface.isUp, index: interface.index,
                mtu: LocalInterface.mtu(of: interface.index).map { UInt32(clamping: $0) })
        }
        return HostFacts(hostName: hostName, interfaces: interfaces)
    }
}

extension IPAddress {
    public init?(_ address: NetworkAddress) { self.init(bytes: address.bytes) }

    /// The mask with the given number of leading ones.
    public static func netmask(of family: Family, prefix: Int) -> IPAddress {
        func ones(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count)) }
        switch family {
        case .v4: return .v4(UInt32(truncatingIfNeeded: ones(prefix) >> 32))
        case .v6: return .v6(high: ones(prefix), low: ones(prefix - 64))
        }
    }
}

extension NetworkAddress {
    public init(_ address: IPAddress) {
        switch address {
        case .v4(let number): self.init(ipv4: number)
        case .v6(let high, let low): self.init(ipv6: high, low)
        }
    }
}
