import Basics

/// A link-local address that names its interface, such as `fe80::1%eth0` (RFC 4007).
///
/// The name is that of the node whose address it is: to the others it says nothing. Corosync takes the address and always
/// the interface with the number 2 (spec: knet.md 18).
struct ZonedAddress {
    let address: IPAddress
    let interface: String

    /// Bytes of the longest name that an interface can have.
    private static let longestName = 15

    init?(_ text: String) {
        guard let sign = text.firstIndex(of: "%"), let address = IPAddress(String(text[..<sign])), address.isLinkLocal
        else { return nil }
        let interface = text[text.index(after: sign)...]
        guard (1...Self.longestName).contains(interface.utf8.count) else { return nil }
        self.address = address
        self.interface = String(interface)
    }
}

extension IPAddress {
    /// A literal of the node list, with the name of an interface or without.
    init?(literal text: String) {
        guard let address = IPAddress(text) ?? ZonedAddress(text)?.address else { return nil }
        self = address
    }
}
