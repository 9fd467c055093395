import Basics

/// What is wrong with a text in an address's place, as far as the text itself shows it.
enum AddressText {
    /// Nil for an address and for what can be a host name.
    static func fault(in text: String) -> (reason: String, remedy: String)? {
        guard IPAddress(text) == nil else { return nil }
        if text.isEmpty { return ("there is nothing", "write the node's address") }
        if ValueAdvice.hasComment(text) {
            return (
                "everything behind the colon is the value", "move the comment to a line of its own"
            )
        }
        let parts = text.split { $0 == "," || $0 == ";" || $0 == " " || $0 == "\t" }.map(String.init)
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
            return (
                "it has a port",
                "write the address alone: \(address); the port is totem.interface.mcastport (\(port))"
            )
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
