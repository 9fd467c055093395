/// What a text is when it is no configuration file.
struct TextFormat {
    var reason: String
    var remedy: String

    /// Recognises an encoding, line ends or a format that explain why `text` cannot be read.
    static func foreign(_ text: [UInt8]) -> TextFormat? { encoding(text) ?? lineEnds(text) ?? language(text) }

    private static func encoding(_ text: [UInt8]) -> TextFormat? {
        let start = text.prefix(64)
        let marked = start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
        let zeros = start.count { $0 == ASCII.null }
        guard marked || (zeros * 3 > start.count && zeros > 1) else { return nil }
        return TextFormat(
            reason: "the file is UTF-16, with two bytes a character",
            remedy: "save it as UTF-8 without a byte order mark (iconv -f UTF-16 -t UTF-8)")
    }

    private static func lineEnds(_ text: [UInt8]) -> TextFormat? {
        guard text.contains(ASCII.carriageReturn), !text.contains(ASCII.newline) else { return nil }
        return TextFormat(
            reason: "the file has CR line ends (old Macintosh) and counts as one line",
            remedy: "convert it to LF line ends (tr '\\r' '\\n')")
    }

    private static func language(_ text: [UInt8]) -> TextFormat? {
        guard let line = firstLine(text), let first = line.first else { return nil }
        let name: String
        switch first {
        case ASCII.openingBrace where text.contains(0x22): name = "JSON"
        case 0x3C: name = "XML"
        case 0x5B where line.last == 0x5D: name = "INI"
        case 0x2D where line.starts(with: [0x2D, 0x2D, 0x2D]): name = "YAML"
        default: return nil
        }
        return TextFormat(
            reason: "the file looks like \(name), and a configuration has a format of its own",
            remedy: "write sections as 'totem {', then 'key: value' lines, then '}', each on a line of its own")
    }

    /// The first line that says something.
    private static func firstLine(_ text: [UInt8]) -> ArraySlice<UInt8>? {
        text.split(separator: ASCII.newline).lazy.map { $0.trimmedAtEnd { $0 == ASCII.carriageReturn }.trimmed() }
            .first { !$0.isEmpty && $0.first != ASCII.hash }
    }
}
