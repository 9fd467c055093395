/// Characters of one kind in one line that a reader takes for something else, or does not see.
///
/// Only space and tab are blanks to the grammar, and names are printable ASCII (spec: configuration.md 2.1, 7.2): what word
/// processors, web pages and chats put in their place looks right and is wrong.
struct Oddity: Sendable, Hashable {
    /// What the writer most likely meant.
    enum Meaning: Sendable, Hashable {
        case blank
        /// It cannot be seen: nothing.
        case nothing
        case ascii(UInt8)
        case unknown
    }

    /// `U+00A0 (no-break space)`, or the byte where it is no UTF-8.
    var name: String
    var meaning: Meaning
    /// The first one's, counted in characters from 1.
    var column: Int
    var count = 1
    /// Whether nothing but blanks and such characters stands before all of them.
    var isAtStart: Bool

    /// Whether it hides even from a reader who knows the language the text is in.
    var isInvisible: Bool { meaning == .blank || meaning == .nothing }

    /// All of a line, each kind once, in the order of their first appearance.
    static func all(in line: ArraySlice<UInt8>) -> [Oddity] {
        guard !line.allSatisfy({ $0 == ASCII.tab || (ASCII.space...0x7E).contains($0) }) else { return [] }
        var found: [Oddity] = []
        var isAtStart = true
        for (offset, character) in TextCharacter.all(in: Array(line)).enumerated() {
            guard let (name, meaning) = describe(character) else {
                if case .valid(let scalar) = character, scalar != " ", scalar != "\t" { isAtStart = false }
                continue
            }
            if meaning != .blank && meaning != .nothing { isAtStart = false }
            if let known = found.firstIndex(where: { $0.name == name }) {
                found[known].count += 1
                found[known].isAtStart = found[known].isAtStart && isAtStart
            } else {
                found.append(Oddity(name: name, meaning: meaning, column: offset + 1, isAtStart: isAtStart))
            }
        }
        return found
    }

    private static func describe(_ character: TextCharacter) -> (name: String, meaning: Meaning)? {
        switch character {
        case .valid(let scalar):
            guard let meaning = LookAlikes.meaning(of: scalar) else { return nil }
            return (LookAlikes.name(of: scalar), meaning)
        case .invalid(let byte):
            // Most likely Latin-1, whose numbers are Unicode's.
            let scalar = Unicode.Scalar(byte)
            return (
                "byte \(LookAlikes.hexadecimal(UInt32(byte), digits: 2)), which is no UTF-8, in Latin-1 \(LookAlikes.name(of: scalar))",
                LookAlikes.meaning(of: scalar) ?? .unknown
            )
        }
    }
}

extension Oddity {
    /// Such as `line 8 begins with 4 x U+00A0 (no-break space)`.
    func text(line: Int) -> String {
        let many = count > 1 ? "\(count) x " : ""
        if isAtStart { return "line \(line) begins with \(many)\(name), column \(column)" }
        return "line \(line) has \(many)\(name) in column \(column)"
    }

    var remedy: String {
        let it = count > 1 ? "them" : "it"
        return switch meaning {
        case .blank: "replace \(it) by \(count > 1 ? "blanks" : "a blank")"
        case .nothing: "remove \(it)"
        case .ascii(let byte): "write '\(Unicode.Scalar(byte))' in \(count > 1 ? "their" : "its") place"
        case .unknown: "names take A-Z a-z 0-9 . _ - / : only"
        }
    }

    /// `text` with everything that cannot be seen written out, as in `ring0<U+00A0>addr`.
    static func visible(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch LookAlikes.meaning(of: scalar) {
            case .blank, .nothing: shown += "<U+\(LookAlikes.hexadecimal(scalar.value, digits: 4))>"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}

/// The characters of a text that need not be UTF-8.
enum TextCharacter {
    case valid(Unicode.Scalar)
    case invalid(UInt8)

    static func all(in bytes: [UInt8]) -> [TextCharacter] {
        var found: [TextCharacter] = []
        var rest = bytes[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : (2...4).first { decoded(rest.prefix($0)) != nil } ?? 0
            if length > 0, let scalar = decoded(rest.prefix(length)) {
                found.append(.valid(scalar))
                rest = rest.dropFirst(length)
            } else {
                found.append(.invalid(first))
                rest = rest.dropFirst()
            }
        }
        return found
    }

    /// The one character that exactly these bytes are.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars, scalars.count == 1 else {
            return nil
        }
        return scalars.first
    }
}
