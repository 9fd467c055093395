/// Unicode characters that pass for the grammar's, by what they are taken for.
enum LookAlikes {
    /// What the writer of `scalar` most likely meant; nil for printable ASCII, space and tab.
    static func meaning(of scalar: Unicode.Scalar) -> Oddity.Meaning? {
        switch scalar.value {
        case 0x09, 0x20...0x7E: return nil
        // Fullwidth forms follow the order of ASCII.
        case 0xFF01...0xFF5E: return .ascii(UInt8(scalar.value - 0xFF01 + 0x21))
        default: break
        }
        if let byte = ascii[scalar.value] { return .ascii(byte) }
        if blanks.contains(scalar.value) { return .blank }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format: return .nothing
        default: break
        }
        if properties.isDefaultIgnorableCodePoint { return .nothing }
        return properties.isWhitespace ? .blank : .unknown
    }

    /// `U+00A0 (no-break space)`.
    static func name(of scalar: Unicode.Scalar) -> String {
        let properties = scalar.properties
        let known = otherNames[scalar.value] ?? properties.name ?? properties.nameAlias ?? ""
        let number = "U+\(hexadecimal(scalar.value, digits: 4))"
        return known.isEmpty ? number : "\(number) (\(known.lowercased()))"
    }

    static func hexadecimal(_ number: UInt32, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Where Unicode has no name, or one that nobody knows.
    private static let otherNames: [UInt32: String] = [
        0x00: "null", 0x0B: "vertical tab", 0x0C: "form feed", 0x0D: "carriage return", 0x1B: "escape",
        0x7F: "delete", 0x85: "next line", 0xFEFF: "byte order mark",
    ]

    /// Without ink and with width, but not white space by Unicode's rules: Braille blank and the Hangul fillers.
    private static let blanks: Set<UInt32> = [0x2800, 0x3164, 0x115F, 0x1160, 0xFFA0]

    private static let ascii: [UInt32: UInt8] = {
        let groups: [(byte: UInt8, characters: [UInt32])] = [
            (
                ASCII.colon,
                [
                    0x02D0, 0x02F8, 0x0589, 0x05C3, 0x0703, 0x0704, 0x0903, 0x0A83, 0x16EC, 0x1803, 0x1809, 0x205A,
                    0x2236, 0x2982, 0xA4FD, 0xA789, 0xFE13, 0xFE30, 0xFE55,
                ]
            ),
            (ASCII.openingBrace, [0x2774, 0x2983, 0x23A7, 0x23A8, 0xFE37, 0xFE5B, 0x1D114]),
            (ASCII.closingBrace, [0x2775, 0x2984, 0x23AB, 0x23AC, 0xFE38, 0xFE5C]),
            (ASCII.hash, [0x22D5, 0x2317, 0x266F, 0xFE5F]),
            (0x2D, [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212, 0xFE58, 0xFE63]),
            (0x2E, [0x2024, 0x3002, 0xFE52, 0xFF61]),
            (0x2F, [0x2044, 0x2215, 0x2571, 0x29F8]),
            (0x5F, [0xFE4D, 0xFE4E, 0xFE4F]),
            // Letters of the Cyrillic and Greek alphabets that are drawn as Latin ones.
            (0x61, [0x0430, 0x03B1]), (0x63, [0x0441, 0x03F2]), (0x64, [0x0501]), (0x65, [0x0435]), (0x68, [0x04BB]),
            (0x69, [0x0456, 0x03B9, 0x0131]), (0x6A, [0x0458]), (0x6C, [0x04CF]), (0x6F, [0x043E, 0x03BF]),
            (0x70, [0x0440, 0x03C1]), (0x71, [0x051B]), (0x73, [0x0455]), (0x75, [0x03C5]), (0x76, [0x03BD]),
            (0x77, [0x051D]), (0x78, [0x0445]), (0x79, [0x0443, 0x03B3]), (0x41, [0x0410, 0x0391]),
            (0x42, [0x0412, 0x0392]), (0x43, [0x0421]), (0x45, [0x0415, 0x0395]), (0x48, [0x041D, 0x0397]),
            (0x49, [0x0406, 0x0399]), (0x4B, [0x041A, 0x039A]), (0x4D, [0x041C, 0x039C]), (0x4E, [0x039D]),
            (0x4F, [0x041E, 0x039F]), (0x50, [0x0420, 0x03A1]), (0x53, [0x0405]), (0x54, [0x0422, 0x03A4]),
            (0x58, [0x0425, 0x03A7]), (0x59, [0x03A5]), (0x5A, [0x0396]),
        ]
        var table: [UInt32: UInt8] = [:]
        for group in groups { for character in group.characters { table[character] = group.byte } }
        return table
    }()
}
