/// What the writer of a line that is no statement most likely wanted to say.
struct StatementAdvice {
    var reason: String
    var remedy: String

    /// - Parameter followedByBrace: whether the next line that is not empty begins with `{`.
    init(_ content: ArraySlice<UInt8>, followedByBrace: Bool) {
        let text = Oddity.visible(String(decoding: content, as: UTF8.self))
        reason = "\"\(text)\" is none of 'name {', 'key: value' and '}'"
        remedy = "write 'key: value', or put '#' before a comment"
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = words.first else { return }
        if words.count == 1, followedByBrace {
            reason = "\"\(text)\" stands without its '{', which is on a later line"
            remedy = "put '{' on the line of the name: '\(text) {'"
        } else if words.count == 1, KeyTable.isSectionName(text) {
            reason = "\"\(text)\" stands without '{'"
            remedy = "begin the section with '\(text) {'"
        } else if let sign = text.firstIndex(of: "="), sign > text.startIndex {
            let (key, value) = Self.halves(text, at: sign)
            reason = "\"\(text)\" has '=' where ':' belongs"
            remedy = "write '\(key): \(value)'"
        } else if words.count > 1, KeyTable.isKeyName(String(first)) {
            reason = "\"\(text)\" has no ':' behind the key"
            remedy = "write '\(first): \(words.dropFirst().joined(separator: " "))'"
        } else if NameAdvice.isComment(text) {
            reason = "\"\(text)\" is no comment"
            remedy = "begin comments with '#'"
        }
    }

    private static func halves(_ text: String, at sign: String.Index) -> (String, String) {
        func trimmed(_ part: Substring) -> String {
            String(decoding: Array(part.utf8)[...].trimmed(), as: UTF8.self)
        }
        return (trimmed(text[..<sign]), trimmed(text[text.index(after: sign)...]))
    }
}
