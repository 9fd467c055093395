extension IPAddress {
    /// Reads an address literal: four decimal numbers, or IPv6 in any of its spellings; nil for anything else.
    ///
    /// Abbreviated IPv4 forms such as `10.1` and zones such as `%eth0` are not literals here.
    public init?(_ text: String) {
        if let address = Self.dottedDecimal(text[...]) {
            self = .v4(address)
        } else if let (high, low) = Self.groups(of: text) {
            self = .v6(high: high, low: low)
        } else {
            return nil
        }
    }

    private static func dottedDecimal(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            let digits = part.utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                digits.count == 1 || digits.first != 0x30, let byte = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    private static func groups(of text: String) -> (high: UInt64, low: UInt64)? {
        guard text.utf8.contains(0x3A), let gap = singleGap(in: text) else { return nil }
        guard let before = list(gap.before, endsAddress: !gap.found), let after = list(gap.after, endsAddress: true)
        else {
            return nil
        }
        let known = before.count + after.count
        guard gap.found ? known < 8 : known == 8 else { return nil }
        let all = before + Array(repeating: 0, count: 8 - known) + after
        return (
            all.prefix(4).reduce(0) { $0 << 16 | UInt64($1) }, all.suffix(4).reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    /// The text before and after its one `::`; all of it before when there is none; nil when there are two.
    private static func singleGap(in text: String) -> (before: Substring, after: Substring, found: Bool)? {
        var rest = text[...]
        while let colon = rest.firstIndex(of: ":") {
            let next = text.index(after: colon)
            if next < text.endIndex, text[next] == ":" {
                let after = text[text.index(after: next)...]
                guard !after.hasPrefix(":"), !after.contains("::") else { return nil }
                return (text[..<colon], after, true)
            }
            rest = text[next...]
        }
        return (text[...], "", false)
    }

    /// Groups of up to four hexadecimal digits; the last two of the address possibly written as an IPv4 address.
    private static func list(_ text: Substring, endsAddress: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (position, part) in parts.enumerated() {
            if endsAddress, position == parts.count - 1, part.contains(".") {
                guard let address = dottedDecimal(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: address >> 16), UInt16(truncatingIfNeeded: address)]
                continue
            }
            guard (1...4).contains(part.utf8.count), !part.hasPrefix("+"), !part.hasPrefix("-"),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}
