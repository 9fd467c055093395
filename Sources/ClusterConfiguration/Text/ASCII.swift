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

    /// Space and tab are the only white space (spec: configuration.md 2.1).
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}

extension ArraySlice<UInt8> {
    /// Without leading and trailing blanks.
    func trimmed() -> ArraySlice<UInt8> {
        self.drop(while: ASCII.isBlank).trimmedAtEnd(where: ASCII.isBlank)
    }

    func trimmedAtEnd(where condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var slice = self
        while let last = slice.last, condition(last) { slice.removeLast() }
        return slice
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
