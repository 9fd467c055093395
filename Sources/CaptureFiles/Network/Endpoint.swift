/// An IPv4 or IPv6 address.
public enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(UInt64, UInt64)

    /// Reads the address that starts at `offset`.
    static func v4(_ bytes: Span<UInt8>, at offset: Int) -> IPAddress? {
        bytes.number32(offset).map(IPAddress.v4)
    }

    static func v6(_ bytes: Span<UInt8>, at offset: Int) -> IPAddress? {
        guard let high = bytes.number64(offset), let low = bytes.number64(offset + 8) else { return nil }
        return .v6(high, low)
    }

    /// Reads the dotted notation of IPv4; also IPv6 in hexadecimal with at most one `::`.
    public init?(_ text: some StringProtocol) {
        let dotted = text.split(separator: ".", omittingEmptySubsequences: false)
        if dotted.count == 4 {
            var value: UInt32 = 0
            for part in dotted {
                guard let byte = UInt8(part) else { return nil }
                value = value << 8 | UInt32(byte)
            }
            self = .v4(value)
            return
        }
        guard let groups = IPAddress.groups(text) else { return nil }
        let (high, low) = (groups[..<4], groups[4...])
        self = .v6(high.reduce(0) { $0 << 16 | UInt64($1) }, low.reduce(0) { $0 << 16 | UInt64($1) })
    }

    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        var head: [UInt16] = []
        var tail: [UInt16] = []
        var hasGap = false
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                if index == 0 || index == parts.count - 1 { continue }
                guard !hasGap else { return nil }
                hasGap = true
                continue
            }
            guard part.utf8.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
            if hasGap { tail.append(group) } else { head.append(group) }
        }
        let missing = 8 - head.count - tail.count
        guard hasGap ? missing >= 1 : missing == 0 else { return nil }
        return head + [UInt16](repeating: 0, count: missing) + tail
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let value):
            return [24, 16, 8, 0].map { String(value >> $0 & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(half >> $0 & 0xFFFF) } }
            return IPAddress.compressed(groups)
        }
    }

    /// The notation of RFC 5952: the longest run of at least two zero groups, the first of equals, becomes `::`.
    private static func compressed(_ groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty
            ? text(groups[...]) : text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}

/// An address with a UDP port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public var address: IPAddress
    public var port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    public var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
