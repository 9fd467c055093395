/// What a text is when it is no configuration file.
struct TextFormat {
    var reason: String
    var remedy: String

    /// Recognises an encoding, line ends or a format that explain why `text` cannot be read.
    static func foreign(_ text: [UInt8]) -> TextFormat? { encoding(text) ?? lineEnds(text) ?? language(text) }

    private static func encoding(_ text: [UInt8]) -> TextFormat? {
        if let kind = programs.first(where: { text.starts(with: $0.mark) })?.kind {
            return TextFormat(reason: "the file is \(kind), not a text", remedy: "name the configuration file itself")
        }
        let start = text.prefix(64)
        let zeros = start.indices.filter { start[$0] == ASCII.null }
        let isWide = [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]].contains { start.starts(with: $0) }
        if isWide || zeros.count * 3 > start.count * 2 {
            return unicode("UTF-32", bytes: "four")
        }
        let marked = start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
        // In UTF-16 every other byte of plain text is zero: all on the same side.
        let isEverySecond = Set(zeros.map { $0 % 2 }).count == 1
        if marked || (zeros.count * 3 > start.count && zeros.count > 1 && isEverySecond) {
            return unicode("UTF-16", bytes: "two")
        }
        guard zeros.count > 1 else { return nil }
        return TextFormat(
            reason: "the file has NUL bytes and is not a text",
            remedy: "name the configuration file itself, or take it from another node")
    }

    private static func unicode(_ name: String, bytes: String) -> TextFormat {
        TextFormat(
            reason: "the file is \(name), with \(bytes) bytes a character",
            remedy: "save it as UTF-8 without a byte order mark (iconv -f \(name) -t UTF-8)")
    }

    /// What begins with bytes of its own.
    private static let programs: [(mark: [UInt8], kind: String)] = [
        ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"), ([0x1F, 0x8B], "compressed (gzip)"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed (xz)"), ([0x28, 0xB5, 0x2F, 0xFD], "compressed (zstd)"),
        ([0x42, 0x5A, 0x68], "compressed (bzip2)"), ([0x50, 0x4B, 0x03, 0x04], "an archive (zip)"),
    ]

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
