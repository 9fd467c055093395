import Basics
import TotemWire

/// How large the ring's packets are (`totem.netmtu`, spec: transports.md 6).
///
/// A node's packet size is its own affair: receivers take any. Corosync's 1500 leaves IP and UDP headers out of account,
/// so that a full packet has 1483 bytes with IPv4 and 1503 with IPv6, where the kernel then cuts each one in two.
struct PacketSize {
    /// Bytes of a packet before the room for two message headers is subtracted.
    let mtu: UInt32
    /// What is said where the file asks for packets that are cut.
    let warning: ConfigurationWarning?

    /// The MTU of Ethernet, which is counted on where an interface has a larger one: the way to the others may not.
    private static let usual: UInt32 = 1500
    /// No interface is taken for smaller: the least an IPv4 host has to take.
    private static let least: UInt32 = 576

    /// - Parameters:
    ///   - local: this node's address on the ring.
    ///   - host: knows the MTU of the interface that has the address, or of the one whose address is used instead.
    init(_ entries: ConfigurationEntries, transport: Transport, local: IPAddress?, host: HostFacts) {
        let interface =
            host.interfaces.first { $0.address == local } ?? local.flatMap { host.interfaceAddress(for: $0) }
        let family = local?.family ?? .v4
        guard let given = PacketSize.given(entries) else {
            mtu = PacketSize.defaultMTU(transport, family, interfaceMTU: interface?.mtu)
            warning = nil
            return
        }
        mtu = given
        let whole = PacketSize.wholePacket(given, family)
        guard transport != .knet, PacketSize.range(isKnet: false).contains(given), let interface,
            let limit = interface.mtu, whole > limit
        else {
            warning = nil
            return
        }
        warning = ConfigurationWarning(
            "With totem.netmtu \(given) full packets have \(whole) bytes, headers included, but \(interface.interface) has "
                + "an MTU of \(limit): the kernel cuts each in two, and some networks drop the parts.",
            origin: entries["totem.netmtu"]?.origin,
            remedy: "set totem.netmtu to at most \(limit - min(limit, PacketSize.headers(family))), or remove the line")
    }

    /// What a packet can be, in bytes.
    static func range(isKnet: Bool) -> ClosedRange<UInt32> { least...(isKnet ? 65_536 : 65_507) }

    /// What a file gives; nil where the default holds.
    static func given(_ entries: ConfigurationEntries) -> UInt32? {
        entries.u32("totem.netmtu").flatMap { $0 == 0 ? nil : $0 }
    }

    /// The size where the file gives none: Corosync's, unless full packets would be cut. Where it has to be less, it is
    /// so much less that packets of recovery, which are 45 bytes longer, are not cut either.
    static func defaultMTU(_ transport: Transport, _ family: IPAddress.Family, interfaceMTU: UInt32? = nil) -> UInt32 {
        let size = transport.defaultMTU
        guard transport != .knet else { return size }
        let limit = max(min(interfaceMTU ?? usual, usual), least)
        return wholePacket(size, family) <= limit ? size : limit - headers(family)
    }

    /// Bytes of a full packet with its IP and UDP headers.
    static func wholePacket(_ mtu: UInt32, _ family: IPAddress.Family) -> UInt32 {
        let payload = mtu.subtractingReportingOverflow(UInt32(McastHeader.size))
        return (payload.overflow ? 0 : payload.partialValue).addingReportingOverflow(headers(family)).partialValue
    }

    /// Bytes of the IP and UDP headers.
    static func headers(_ family: IPAddress.Family) -> UInt32 { family == .v4 ? 28 : 48 }
}

extension ConfigurationDocument {
    /// Bytes of a packet before the room for two message headers is subtracted, as far as the file alone tells: an
    /// interface with a smaller MTU than Ethernet's is only known on its machine.
    public var mtu: UInt32 {
        let transport = entries.text("totem.transport").flatMap { Transport(rawValue: $0) } ?? .knet
        return PacketSize.given(entries) ?? PacketSize.defaultMTU(transport, family)
    }

    /// The family of the ring's addresses: that of the first that is a literal, or what names are to be resolved to.
    var family: IPAddress.Family {
        let addresses = entries.sorted.lazy.filter {
            $0.key.hasPrefix("nodelist.node.") && $0.key.hasSuffix(".ring0_addr")
        }
        let literal = addresses.compactMap { ($0.value.text).flatMap { IPAddress($0) } }.first
        return literal?.family ?? (entries.text("totem.ip_version") == "ipv6" ? .v6 : .v4)
    }
}
