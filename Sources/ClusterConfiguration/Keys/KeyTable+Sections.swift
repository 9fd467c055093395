/// The sections of the file, as the keys' paths name them.
extension KeyTable {
    /// Every section that can hold a known key, by its path.
    static let knownSections: Set<String> = {
        var known: Set<String> = ["logging.logging_daemon", "resources.process", "uidgid"]
        for key in all {
            var parts = key.path.split(separator: ".").dropLast()
            while !parts.isEmpty {
                known.insert(parts.joined(separator: "."))
                parts = parts.dropLast()
            }
        }
        return known
    }()

    /// Sections of Corosync 1 that nothing reads any more.
    static let obsoleteSections: Set<String> = ["aisexec", "amf", "event", "service"]

    private static let topLevelSections = Set(knownSections.filter { !$0.contains(".") })
    private static let sectionNames = Set(knownSections.map(lastPart))
    private static let keyNames = Set(all.map { lastPart($0.path) })

    /// The names of the known sections within each one, in their order; "" stands for the top level.
    private static let sectionsWithin: [String: [String]] = {
        var within: [String: [String]] = [:]
        for path in knownSections.sorted() {
            within[path.split(separator: ".").dropLast().joined(separator: "."), default: []].append(lastPart(path))
        }
        return within
    }()

    static func isSectionName(_ name: String) -> Bool { sectionNames.contains(name) }

    static func isKeyName(_ name: String) -> Bool { keyNames.contains(name) }

    /// Whether a section of this name most likely begins within `outer` only because a `}` is missing.
    static func isMisplaced(_ name: String, within outer: String) -> Bool {
        !knownSections.contains("\(outer).\(name)") && (topLevelSections.contains(name) || lastPart(outer) == name)
    }

    /// The known section beside `path` that was most likely meant; nil when `path` is known or none is close.
    static func suggestion(forSection path: String) -> String? {
        guard !knownSections.contains(path) else { return nil }
        let parent = path.split(separator: ".").dropLast().joined(separator: ".")
        return closest(to: lastPart(path), among: sectionsWithin[parent] ?? [])
            .map { parent.isEmpty ? $0 : "\(parent).\($0)" }
    }

    /// The known section that bears the name, wherever it stands.
    static func home(ofSection name: String) -> String? {
        knownSections.filter { lastPart($0) == name }.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    /// The known section that has a key of this name, the outermost if there are several.
    static func home(ofKey name: Substring) -> String? {
        let homes = all.filter { lastPart($0.path) == name }.map { $0.path.dropLast(name.utf8.count + 1) }
        return homes.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.map(String.init)
    }

    private static func lastPart(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? "" }
}
