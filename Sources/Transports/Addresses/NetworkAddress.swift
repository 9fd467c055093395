import Glibc

/// An IPv4 or IPv6 address without a port.
///
/// Two addresses are equal when family and address bytes are; the zone of a link-local address is kept beside them and
/// does not take part in comparison, as the source filter wants it (spec: transports.md 3.11).
public struct NetworkAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    public enum Family: UInt8, Sendable {
        case ipv4, ipv6
    }

    public let family: Family
    /// The address as a big-endian number; IPv4 in the lowest 32 bits of `low`.
    let high: UInt64
    let low: UInt64
    /// The index of the interface a link-local IPv6 address belongs to; 0 for every other address.
    public var zone: UInt32

    init(family: Family, high: UInt64, low: UInt64, zone: UInt32 = 0) {
        self.family = family
        self.high = high
        self.low = low
        self.zone = zone
    }

    /// An IPv4 address from its number in host order: 127.0.0.1 is 0x7f000001.
    public init(ipv4 number: UInt32) {
        self.init(family: .ipv4, high: 0, low: UInt64(number))
    }

    /// An IPv6 address from its two halves as numbers in host order.
    public init(ipv6 high: UInt64, _ low: UInt64, zone: UInt32 = 0) {
        self.init(family: .ipv6, high: high, low: low, zone: zone)
    }

    /// An address from its numeric text; an IPv6 address may carry `%interface`. Nil for names and malformed text.
    public init?(_ text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
            return
        }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        var six = in6_addr()
        guard inet_pton(AF_INET6, String(first), &six) == 1 else { return nil }
        var zone: UInt32 = 0
        if parts.count == 2 {
            zone = if_nametoindex(String(parts[1]))
            if zone == 0, let number = UInt32(parts[1]) { zone = number }
            if zone == 0 { return nil }
        }
        self.init(six, zone: zone)
    }

    init(_ address: in6_addr, zone: UInt32) {
        let (high, low) = withUnsafeBytes(of: address) { bytes in
            // in6_addr is 16 bytes in network order, so both halves lie inside it.
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(family: .ipv6, high: high, low: low, zone: zone)
    }

    /// The address bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        switch family {
        case .ipv4: (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * UInt64($0))) }
        case .ipv6:
            (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
                + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
        }
    }

    public var isLinkLocal: Bool { family == .ipv6 && high >> 54 == 0xfe80 >> 6 }

    /// Whether both addresses start with the same `prefix` bits and are of one family.
    func shares(prefix: Int, with other: NetworkAddress) -> Bool {
        guard family == other.family else { return false }
        switch family {
        case .ipv4:
            let shift = 32 - min(max(prefix, 0), 32)
            return low >> UInt64(shift) == other.low >> UInt64(shift)
        case .ipv6:
            let bits = min(max(prefix, 0), 128)
            if bits <= 64 { return high >> UInt64(64 - bits) == other.high >> UInt64(64 - bits) }
            return high == other.high && low >> UInt64(128 - bits) == other.low >> UInt64(128 - bits)
        }
    }

    public static func == (a: NetworkAddress, b: NetworkAddress) -> Bool {
        a.family == b.family && a.high == b.high && a.low == b.low
    }

    public static func < (a: NetworkAddress, b: NetworkAddress) -> Bool {
        (a.family.rawValue, a.high, a.low) < (b.family.rawValue, b.high, b.low)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(family)
        hasher.combine(high)
        hasher.combine(low)
    }

    /// The numeric text without zone, as logs and the map print it.
    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            let raw = bytes
            let kind = family == .ipv4 ? AF_INET : AF_INET6
            // `raw` holds exactly the bytes of its family and `text` the longest text inet_ntop writes.
            guard let base = text.baseAddress,
                inet_ntop(kind, raw, base, socklen_t(text.count)) != nil
            else { return "?" }
            return String(cString: base)
        }
    }
}
