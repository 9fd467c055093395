/// What the bytes behind an IPv4 address in an old packet are: the rest of the netlink message the address was copied
/// from (spec: totem.md 21.3).
///
/// Corosync 1.x copied 16 bytes out of an RTM_NEWADDR message of the kernel, of which only 4 are the address, and sent
/// all 16 to everybody ever after.
public struct NetlinkLeftovers: Sendable, Hashable {
    public enum Kind: UInt16, Sendable, Hashable {
        case address = 1
        case local
        case label
        case broadcast
        case anycast
        case cacheInfo
        case multicast
        case flags

        /// The kernel's name for it.
        public var name: String {
            switch self {
            case .address: "IFA_ADDRESS"
            case .local: "IFA_LOCAL"
            case .label: "IFA_LABEL"
            case .broadcast: "IFA_BROADCAST"
            case .anycast: "IFA_ANYCAST"
            case .cacheInfo: "IFA_CACHEINFO"
            case .multicast: "IFA_MULTICAST"
            case .flags: "IFA_FLAGS"
            }
        }
    }

    public struct Attribute: Sendable, Hashable {
        public var kind: Kind
        /// Bytes of the attribute with its 4 bytes of head, as the attribute says.
        public var length: Int
        /// As much of its content as was copied.
        public var content: [UInt8]

        public var isComplete: Bool { content.count == length - 4 }

        /// The IPv4 address it holds.
        public var address: String? {
            guard isComplete, content.count == 4, kind != .label else { return nil }
            return content.map(String.init).joined(separator: ".")
        }

        /// Characters of the interface name a label holds, its final NUL not counted.
        public var labelLength: Int? { kind == .label && length >= 5 ? length - 5 : nil }
    }

    /// At least one; the last may be cut.
    public var attributes: [Attribute]

    /// Takes `bytes` for attributes when that is what they look like from the first to the last.
    public init?(_ bytes: [UInt8], order: ByteOrder) {
        attributes = []
        let span = bytes.span
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = Int(span.loadU16(at: offset, order))
            guard length >= 4, length <= 64, let kind = Kind(rawValue: span.loadU16(at: offset + 2, order)) else {
                return nil
            }
            let end = min(offset + length, bytes.count)
            attributes.append(Attribute(kind: kind, length: length, content: Array(bytes[(offset + 4)..<end])))
            offset += (length + 3) / 4 * 4
        }
        guard !attributes.isEmpty, offset >= bytes.count || bytes[offset...].allSatisfy({ $0 == 0 }) else { return nil }
    }

    /// Which attribute the address was copied from, judging by what follows it.
    public var source: Kind? {
        switch attributes.first?.kind {
        case .local: .address
        case .broadcast: .local
        default: nil
        }
    }

    /// The releases that copied from there.
    public var releases: String? {
        switch source {
        case .address: "1.4.3 or older"
        case .local: "1.4.4 ... 1.4.10, or a distribution's 1.4.x with that change"
        default: nil
        }
    }

    /// The broadcast address of the sender's interface.
    public var broadcast: [UInt8]? {
        attributes.first { $0.kind == .broadcast && $0.isComplete && $0.content.count == 4 }?.content
    }

    /// The prefix length of the sender's network when broadcast address and `address` leave only one.
    public func prefixLength(of address: [UInt8]) -> Int? {
        guard let broadcast, address.count >= 4 else { return nil }
        let own = address.span.loadU32(at: 0, .big)
        let last = broadcast.span.loadU32(at: 0, .big)
        let differing = 32 - (own ^ last).leadingZeroBitCount
        let trailingOnes = (~last).trailingZeroBitCount
        return differing == trailingOnes ? 32 - trailingOnes : nil
    }
}
