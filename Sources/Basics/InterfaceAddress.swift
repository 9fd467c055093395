/// One address of one network interface.
public struct InterfaceAddress: Sendable, Hashable {
    public var interface: String
    public var address: IPAddress
    public var netmask: IPAddress?
    /// The administrative flag; carrier loss does not clear it.
    public var isUp: Bool
    /// Whether the interface leads back to this machine: there every address of the network is the machine's own.
    public var isLoopback: Bool
    /// The kernel's number of the interface.
    public var index: UInt32
    /// Bytes of the longest IP packet the interface sends whole; nil when not known.
    public var mtu: UInt32?

    public init(
        interface: String, address: IPAddress, netmask: IPAddress?, isUp: Bool, isLoopback: Bool = false, index: UInt32,
        mtu: UInt32? = nil
    ) {
        self.interface = interface
        self.address = address
        self.netmask = netmask
        self.isUp = isUp
        self.isLoopback = isLoopback
        self.index = index
        self.mtu = mtu
    }

    /// The one that carries `wanted`: the first with exactly this address, otherwise the first in whose network it lies.
    /// Addresses without a netmask are left out (spec: transports.md 3.10).
    public static func carrying(_ wanted: IPAddress, among interfaces: [InterfaceAddress]) -> InterfaceAddress? {
        var sameNetwork: InterfaceAddress?
        for candidate in interfaces {
            guard let netmask = candidate.netmask else { continue }
            if candidate.address == wanted { return candidate }
            if sameNetwork == nil, candidate.address.isInNetwork(of: wanted, netmask: netmask) {
                sameNetwork = candidate
            }
        }
        return sameNetwork
    }
}
