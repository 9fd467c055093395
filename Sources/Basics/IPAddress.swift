/// An Internet address without port or zone: the one of the whole project. With them it is a `SocketAddress`.
public enum IPAddress: Sendable, Hashable {
    /// The four bytes as a big-endian number.
    case v4(UInt32)
    /// The sixteen bytes as two big-endian numbers.
    case v6(high: UInt64, low: UInt64)

    public enum Family: Sendable, Hashable {
        case v4, v6
    }

    public var family: Family {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    /// 127.0.0.0/8 and ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let number): number >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// 224.0.0.0/4 and ff00::/8.
    public var isMulticast: Bool {
        switch self {
        case .v4(let number): number >> 28 == 0xE
        case .v6(let high, _): high >> 56 == 0xFF
        }
    }

    /// fe80::/10, where an address means something only together with an interface.
    public var isLinkLocal: Bool {
        switch self {
        case .v4: false
        case .v6(let high, _): high >> 54 == 0xFE80 >> 6
        }
    }

    /// The address in network byte order: 4 or 16 bytes.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let number): (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        case .v6(let high, let low):
            [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
        }
    }

    /// An address from 4 or 16 bytes in network byte order; nil for any other count.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self = .v6(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// Whether both addresses lie in the network that `netmask` cuts out.
    public func isInNetwork(of other: IPAddress, netmask: IPAddress) -> Bool {
        switch (self, other, netmask) {
        case (.v4(let a), .v4(let b), .v4(let mask)): a & mask == b & mask
        case (.v6(let ah, let al), .v6(let bh, let bl), .v6(let mh, let ml)): ah & mh == bh & mh && al & ml == bl & ml
        default: false
        }
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, and by their numbers within a family.
    @inlinable
    public static func < (a: IPAddress, b: IPAddress) -> Bool {
        switch (a, b) {
        case (.v4(let a), .v4(let b)): a < b
        case (.v4, .v6): true
        case (.v6, .v4): false
        case (.v6(let aHigh, let aLow), .v6(let bHigh, let bLow)): aHigh == bHigh ? aLow < bLow : aHigh < bHigh
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text: dotted decimal, or lower-case hexadecimal with the longest run of zeros left out (RFC 5952).
    public var description: String {
        switch self {
        case .v4(let number): Self.dotted(number)
        case .v6(let high, let low): Self.hexadecimal(high, low)
        }
    }

    private static func dotted(_ number: UInt32) -> String {
        (0..<4).map { String(number >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
    }

    private static func hexadecimal(_ high: UInt64, _ low: UInt64) -> String {
        // Addresses that carry an IPv4 address show it as such, as the system's own functions do.
        if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + dotted(UInt32(truncatingIfNeeded: low)) }
        if high == 0, low >> 32 == 0, low >> 16 != 0 { return "::" + dotted(UInt32(truncatingIfNeeded: low)) }
        let groups = [high, low].flatMap { half in (0..<4).map { UInt16(truncatingIfNeeded: half >> (48 - 16 * $0)) } }
        let gap = longestZeros(groups)
        guard gap.count >= 2 else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count {
            if index < groups.count, groups[index] == 0 { continue }
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }
}
