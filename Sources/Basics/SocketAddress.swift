/// Where a socket sends to or hears from: an Internet address, the interface it belongs to, and a port.
///
/// Two are equal when all three parts are. Who asks for the machine only compares `address`: the kernel fills in the zone
/// of a link-local source, and a configuration need not name one.
public struct SocketAddress: Sendable, Hashable {
    public var address: IPAddress
    /// The kernel's number of the interface that a link-local IPv6 address is meant on (its scope id, RFC 4007);
    /// 0 for none, and for every other address.
    public var zone: UInt32
    /// The UDP port; 0 lets the kernel choose one.
    public var port: UInt16

    public init(_ address: IPAddress, zone: UInt32 = 0, port: UInt16) {
        self.address = address
        self.zone = zone
        self.port = port
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `10.0.0.1:5405`, `[fd00::1]:5405`, `[fe80::1%2]:5405`.
    public var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: zone == 0 ? "[\(address)]:\(port)" : "[\(address)%\(zone)]:\(port)"
        }
    }
}
