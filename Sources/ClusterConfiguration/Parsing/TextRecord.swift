/// What is remembered of a configuration's text beside its keys, for those who explain what is wrong with it.
struct TextRecord: Sendable {
    /// A section with the line it begins in.
    struct Section: Sendable, Hashable {
        /// The names of the sections down to this one, joined by dots.
        var path: String
        var origin: Origin

        var name: Substring { path.split(separator: ".").last ?? "" }
    }

    /// One line that gives a value to a key.
    struct Writing: Sendable, Hashable {
        var value: ConfigurationValue
        var origin: Origin
        /// The section it stands in; nil at the top level.
        var section: Section?
    }

    /// A section that most likely stands where it does because a `}` before it is missing.
    struct Nesting: Sendable, Hashable {
        var inner: Section
        var outer: Section
    }

    /// The main file's name; empty where there is none.
    var file = ""
    var sections: [Section] = []
    var nestings: [Nesting] = []
    /// Of lines that are neither empty nor comments.
    var oddities: [Origin: [Oddity]] = [:]
    /// Every key of the map by the lines that give it a value, in the order of their first appearance.
    private(set) var keys: [String] = []
    private(set) var writings: [String: [Writing]] = [:]

    /// The main file as such, for what no line of it says; nil where there is no file.
    var place: Origin? { file.isEmpty ? nil : Origin(file: file, line: 0) }

    mutating func write(_ key: String, _ writing: Writing) {
        if writings[key] == nil { keys.append(key) }
        writings[key, default: []].append(writing)
    }

    /// `error` with the cause its line shows, where that is a character that is not what it looks like.
    func explaining(_ error: ConfigurationError) -> ConfigurationError {
        guard let origin = error.origin, let oddity = oddities[origin]?.first else { return error.advisedByValue }
        return error.caused(by: oddity, line: origin.line)
    }

    /// The section that was most likely meant to be `path`, as in `Totem {`.
    func section(meantAs path: String) -> Section? {
        sections.first { KeyTable.suggestion(forSection: $0.path) == path }
    }
}

extension ConfigurationError {
    /// With the remedy that fits the mistake which the value shows.
    var advisedByValue: ConfigurationError {
        guard let key, let value, let remedy = ValueAdvice.remedy(for: value, key: key) else { return self }
        var error = self
        error.remedy = remedy
        return error
    }

    func caused(by oddity: Oddity, line: Int) -> ConfigurationError {
        var error = self
        error.reason = oddity.text(line: line)
        error.remedy = oddity.remedy
        if error.permitted?.hasPrefix("names of ") == true { error.permitted = nil }
        return error
    }
}
