/// The differentiated services code points of `totem.ip_dscp` (RFC 2474, RFC 2597, RFC 3246).
enum ServiceCodePoint {
    /// The number of a name, or a number of 0 to 63: decimal, hexadecimal behind `0x`, octal behind `0`; nil for what is
    /// neither.
    static func number(_ text: [UInt8]) -> UInt8? {
        let name = String(decoding: text, as: UTF8.self)
        if let number = names[name] { return number }
        let number: Int? =
            if let digits = name.rest(behind: "0x") ?? name.rest(behind: "0X") {
                Int(digits, radix: 16)
            } else if let digits = name.rest(behind: "0"), !digits.isEmpty {
                Int(digits, radix: 8)
            } else {
                Int(name)
            }
        guard let number, (0...63).contains(number) else { return nil }
        return UInt8(number)
    }

    private static let names: [String: UInt8] = {
        var names: [String: UInt8] = ["ef": 46]
        for selector: UInt8 in 0...7 { names["cs\(selector)"] = 8 * selector }
        for group: UInt8 in 1...4 {
            for precedence: UInt8 in 1...3 { names["af\(group)\(precedence)"] = 8 * group + 2 * precedence }
        }
        return names
    }()
}

extension String {
    fileprivate func rest(behind prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
