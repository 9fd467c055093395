/// What the writer of a name that the configuration map cannot hold most likely wanted to say.
enum NameAdvice {
    /// `error`, which refuses the name of a key, with the line that is at fault: a section's around it, or the key's own.
    ///
    /// - Parameters:
    ///   - sections: what stands before each `{` around the key, with its line, from the outside.
    ///   - line: the key's own.
    static func explained(
        _ error: ConfigurationError, sections: [(name: String, origin: Origin)], line: ArraySlice<UInt8>
    ) -> ConfigurationError {
        var error = error
        if let section = sections.last(where: { !$0.name.utf8.allSatisfy(KeyValueRules.isNameByte) }) {
            let number = section.origin.line
            error.origin = section.origin
            error.key = nil
            error.permitted = nil
            if isComment(section.name) {
                error.reason = "\"\(section.name) {\" in line \(number) is no comment, and begins a section"
                error.remedy = "begin comments with '#'"
            } else if let colon = section.name.firstIndex(of: ":") {
                error.reason =
                    "\"\(section.name) {\" in line \(number) begins a section of that name: '{' cannot be part of a value"
                error.remedy = "remove '{' from line \(number), or write '\(section.name[..<colon]) {' for a section"
            } else if let meant = words(section.name).first.map(String.init),
                words(section.name).dropFirst().allSatisfy({ $0.allSatisfy { $0 == "=" || $0 == ">" } })
            {
                error.reason = "\"\(section.name) {\" in line \(number) begins a section of that name"
                error.remedy = "write '\(meant) {' in line \(number)"
            } else {
                error.reason = "\"\(section.name) {\" in line \(number) begins a section whose name cannot be one"
                error.remedy = "name the section in one word of A-Z a-z 0-9 . _ - /"
            }
            return error
        }
        let text = String(decoding: line.trimmed(), as: UTF8.self)
        if isComment(text) {
            error.reason = "\"\(text)\" is no comment"
            error.remedy = "begin comments with '#'"
            error.permitted = nil
        }
        return error
    }

    /// Whether a line begins as comments do elsewhere.
    static func isComment(_ text: String) -> Bool { ["//", ";", "!", "--", "/*"].contains { text.hasPrefix($0) } }

    private static func words(_ text: String) -> [Substring] {
        text.split { $0 == " " || $0 == "\t" }.flatMap { word in
            word.hasSuffix("=") && word.count > 1 ? [word.dropLast(), "="] : [word]
        }
    }
}
