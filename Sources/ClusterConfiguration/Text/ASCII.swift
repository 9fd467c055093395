/// The bytes the grammar of the configuration file knows by name.
enum ASCII {
    static let null: UInt8 = 0x00
    static let tab: UInt8 = 0x09
    static let newline: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let hash: UInt8 = 0x23
    static let colon: UInt8 = 0x3A
    static let openingBrace: UInt8 = 0x7B
    static let closingBrace: UInt8 = 0x7D

    /// A no-break space in ISO 8859.
    static let noBreakSpace: UInt8 = 0xA0

    /// White space (spec: configuration.md 2.1): space, tab, and since Corosync 3.1.8 the byte A0, where it is not the last
    /// one of a character in UTF-8.
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab || byte == noBreakSpace }
}

extension ArraySlice<UInt8> {
    /// Without leading and trailing blanks.
    func trimmed() -> ArraySlice<UInt8> {
        self.drop(while: ASCII.isBlank).trimmedAtEnd(where: ASCII.isBlank)
    }

    func trimmedAtEnd(where condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var slice = self
        while let last = slice.last, condition(last), !slice.endsWithCharacterOfSeveralBytes { slice.removeLast() }
        return slice
    }

    private var endsWithCharacterOfSeveralBytes: Bool {
        guard let last, last & 0xC0 == 0x80 else { return false }
        let continuations = reversed().prefix { $0 & 0xC0 == 0x80 }.count
        guard let lead = dropLast(continuations).last else { return false }
        switch lead {
        case 0xC2...0xDF: return continuations == 1
        case 0xE0...0xEF: return continuations == 2
        case 0xF0...0xF4: return continuations == 3
        default: return false
        }
    }

    /// A section or key name: trimmed, with a trailing `:` or `{` and blanks before it removed, but for the first byte.
    func trimmedName() -> ArraySlice<UInt8> {
        let name = self.drop(while: ASCII.isBlank)
        let rest = name.dropFirst().trimmedAtEnd {
            ASCII.isBlank($0) || $0 == ASCII.colon || $0 == ASCII.openingBrace
        }
        return name.prefix(name.isEmpty ? 0 : rest.count + 1)
    }
}
