/// One meaningful line of a configuration.
struct Statement {
    enum Kind {
        case open(section: [UInt8])
        case pair(key: [UInt8], value: [UInt8])
        case close
    }

    var kind: Kind
    var line: Int
}

/// Reads a configuration text statement by statement (spec: configuration.md 2.1, 2.2).
struct StatementReader {
    let file: String
    private var lines: LineReader
    /// The line of the statement last returned, or of the error, as it is written.
    private(set) var line: ArraySlice<UInt8> = []

    init(_ text: [UInt8], file: String) {
        self.file = file
        lines = LineReader(text)
    }

    /// Where the statement last returned stands.
    var origin: Origin { Origin(file: file, line: lines.line) }

    /// The next statement; blank lines and comments are skipped; nil at the end of the text.
    mutating func next() throws(ConfigurationError) -> Statement? {
        while let line = try nextLine() {
            let content = line.trimmed()
            self.line = line
            guard let first = content.first, first != ASCII.hash else { continue }
            return Statement(kind: try classify(content), line: lines.line)
        }
        return nil
    }

    private mutating func nextLine() throws(ConfigurationError) -> ArraySlice<UInt8>? {
        do {
            return try lines.next()
        } catch {
            switch error {
            case .tooLong(let length):
                throw parseError(
                    "Line too long", at: origin, reason: "the line has \(length) bytes",
                    permitted: "at most \(LineReader.maximumLength) bytes, comments included",
                    remedy: "shorten the line or split the comment")
            case .containsNull:
                throw parseError(
                    "Line too long", at: origin, reason: "the line contains a NUL byte",
                    remedy: "remove the byte; the file may be damaged or not be text at all")
            }
        }
    }

    private func classify(_ content: ArraySlice<UInt8>) throws(ConfigurationError) -> Statement.Kind {
        if let brace = content.firstIndex(of: ASCII.openingBrace) {
            return try section(content, openedAt: brace)
        }
        if let colon = content.firstIndex(of: ASCII.colon) {
            let key = name(in: content, before: colon)
            let value = content[(colon + 1)...].trimmed()
            return .pair(key: Array(key), value: Array(value))
        }
        if content.contains(ASCII.closingBrace) {
            guard content.count == 1 else {
                throw parseError(
                    "Extra characters before or after closing bracket '}'", at: origin,
                    reason: "a section's end stands alone on its line",
                    remedy: content.contains(ASCII.hash)
                        ? "move the comment to a line of its own" : "put '}' on a line of its own")
            }
            return .close
        }
        let advice = StatementAdvice(content, followedByBrace: nextBegins(with: ASCII.openingBrace))
        throw parseError(
            "Line is not opening or closing section or key value", at: origin, reason: advice.reason,
            remedy: advice.remedy)
    }

    /// Whether the next line that is not empty begins so.
    private func nextBegins(with byte: UInt8) -> Bool {
        var ahead = lines
        while let line = try? ahead.next() {
            if let first = line.trimmed().first { return first == byte }
        }
        return false
    }

    /// The name before a `{` or `:`. When a blank follows, that byte belongs to the text that is trimmed, and so stands
    /// for the name where there is none.
    private func name(in content: ArraySlice<UInt8>, before delimiter: Int) -> ArraySlice<UInt8> {
        let isFollowedByBlank = content[(delimiter + 1)...].first.map(ASCII.isBlank) ?? false
        return content[..<(isFollowedByBlank ? delimiter + 1 : delimiter)].trimmedName()
    }

    private func section(
        _ content: ArraySlice<UInt8>, openedAt brace: Int
    ) throws(ConfigurationError) -> Statement.Kind {
        let name = name(in: content, before: brace)
        guard !name.isEmpty else {
            throw parseError(
                "Missing section name before opening bracket '{'", at: origin, reason: "'{' stands without a name",
                remedy: "write the section's name before '{', such as 'totem {'")
        }
        let rest = content[(brace + 1)...].trimmed()
        guard rest.isEmpty else {
            throw parseError(
                "Extra characters after opening bracket '{'", at: origin,
                reason: "a section's first line ends with '{'",
                remedy: rest.first == ASCII.hash
                    ? "move the comment to a line of its own" : "move what follows '{' to the next line")
        }
        return .open(section: Array(name))
    }
}

/// An error of the file's grammar, worded as Corosync does: `parser error: FILE:LINE: TEXT` (spec: configuration.md 2.2).
func parseError(
    _ text: String, at origin: Origin, key: String? = nil, value: String? = nil, reason: String? = nil,
    permitted: String? = nil, remedy: String? = nil
) -> ConfigurationError {
    let located = "\(origin): \(text)"
    let fits = located.utf8.count <= 383
    return ConfigurationError(
        fits ? "parser error: \(located)" : "Can't format parser error message", origin: origin, key: key,
        value: value, permitted: permitted, reason: reason ?? (fits ? nil : text), remedy: remedy)
}
