import Basics

/// What is wrong with a text in an address's place, as far as the text itself shows it.
enum AddressText {
    /// Nil for an address and for what can be a host name.
    static func fault(in text: String) -> (reason: String, remedy: String)? {
        guard IPAddress(literal: text) == nil else { return nil }
        if text.isEmpty { return ("there is nothing", "write the node's address") }
        if ValueAdvice.hasComment(text) {
            return (
                "everything behind the colon is the value", "move the comment to a line of its own"
            )
        }
        if let scheme = text.range(ofFirst: "://") {
            let rest = text[scheme.upperBound...].prefix { $0 != "/" }
            return (
                "it is a URL", "write the address alone: \(dividedPort(String(rest))?.address ?? String(rest))"
            )
        }
        if let last = text.last, ",;:".contains(last), !text.hasSuffix("::"), IPAddress(String(text.dropLast())) != nil
        {
            return ("a '\(last)' follows it", "write the address without it: \(text.dropLast())")
        }
        let pointed = text.map { $0 == "," ? "." : String($0) }.joined()
        if IPAddress(pointed) != nil {
            return ("it has commas between its numbers", "write it with points: \(pointed)")
        }
        let parts = text.split { $0 == "," || $0 == ";" || $0 == " " || $0 == "\t" }.map(String.init)
        if parts.count > 1, parts[1].hasPrefix(":"), let (address, port) = dividedPort(parts[0] + parts[1]) {
            return withoutPort(address, port)
        }
        if parts.count == 2, let mask = IPAddress(parts[1]), isNetmask(mask) {
            return ("it has a netmask", "write the address without it: \(parts[0])")
        }
        if parts.count > 1 {
            return (
                "there are \(parts.count) addresses",
                "keep \(parts[0]); the address on a second network is a key of its own, ring1_addr: \(parts[1])"
            )
        }
        if let slash = text.firstIndex(of: "/") {
            return (
                "it has a prefix length",
                "write the address without it: \(text[..<slash])"
            )
        }
        if let (address, port) = dividedPort(text) {
            return withoutPort(address, port)
        }
        if let zone = text.firstIndex(of: "%"), IPAddress(String(text[..<zone])) != nil {
            return ("it names an interface", "write the address without it: \(text[..<zone])")
        }
        if text.allSatisfy({ $0 == "." || ($0.isASCII && $0.isNumber) }), text.contains(".") {
            return ("it is no IPv4 address", "write four numbers of 0 to 255 without leading zeros, as in 10.0.0.1")
        }
        if text.contains(":") { return ("it is no IPv6 address", "write it as in fd00::1") }
        let isName = text.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        return isName ? nil : ("host names have no such character", "names take A-Z a-z 0-9 . - only")
    }

    private static func withoutPort(_ address: String, _ port: String) -> (reason: String, remedy: String) {
        ("it has a port", "write the address alone: \(address); the port is totem.interface.mcastport (\(port))")
    }

    /// Whether its bits are ones and then zeros, as no node's address in use is.
    private static func isNetmask(_ address: IPAddress) -> Bool {
        guard case .v4(let bits) = address else { return false }
        return bits >= 0xFF00_0000 && (~bits & (~bits &+ 1)) == 0
    }

    /// The address that the system's name service makes of an IPv4 address in another spelling, where a number with a
    /// leading zero is octal, one with 0x hexadecimal, and the last one fills what is missing; nil for everything else.
    static func otherSpelling(_ text: String) -> IPAddress? {
        guard IPAddress(text) == nil, let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var address: UInt32 = 0
        for (position, part) in parts.enumerated() {
            let isHexadecimal = part.hasPrefix("0x") || part.hasPrefix("0X")
            let isOctal = !isHexadecimal && part.count > 1 && part.hasPrefix("0")
            let digits = isHexadecimal ? part.dropFirst(2) : part
            guard digits.utf8.first.map({ $0 != 0x2B && $0 != 0x2D }) == true,
                let number = UInt32(digits, radix: isHexadecimal ? 16 : isOctal ? 8 : 10)
            else { return nil }
            let width: UInt32 = position == parts.count - 1 ? 32 - 8 * UInt32(position) : 8
            guard width == 32 || number < 1 << width else { return nil }
            address = width == 32 ? number : address << width | number
        }
        return .v4(address)
    }

    /// The address that four decimal numbers are without the zeros in front of them; nil where the text is none such.
    static func withoutLeadingZeros(_ text: String) -> IPAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == "0" })
        }
        return IPAddress(parts.map { $0.isEmpty ? "0" : $0 }.joined(separator: "."))
    }

    /// Why no node can have the address; nil where one can.
    static func unusable(_ address: IPAddress) -> String? {
        if address.isMulticast { return "a multicast address" }
        switch address {
        case .v4(0), .v6(high: 0, low: 0): return "the address of no machine"
        case .v4(.max): return "the broadcast address"
        default: return nil
        }
    }

    /// `ADDRESS:PORT` and `[ADDRESS]:PORT`.
    private static func dividedPort(_ text: String) -> (address: String, port: String)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let port = String(text[text.index(after: colon)...])
        var address = String(text[..<colon])
        guard !port.isEmpty, port.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = String(address.dropFirst().dropLast())
        } else if address.contains(":") {
            return nil
        }
        return (address, port)
    }
}

extension String {
    /// Where `mark` first stands; nil where it does not.
    fileprivate func range(ofFirst mark: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(mark) { return start..<index(start, offsetBy: mark.count) }
            start = index(after: start)
        }
        return nil
    }
}
