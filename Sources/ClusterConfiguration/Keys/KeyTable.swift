/// Every key the daemon knows, by its place in the file and by its name in the map.
public enum KeyTable {
    public static let all: [KeyDescription] =
        TotemKeys.all + InterfaceKeys.all + NodeKeys.all + QuorumKeys.all + LoggingKeys.all + SystemKeys.all
        + RondoKeys.all

    /// The key written at `path`, the names of its sections and its own joined by dots.
    public static func description(forPath path: String) -> KeyDescription? {
        positions[path].map { all[$0] }
    }

    /// The key whose name in the map is `key`, such as `totem.interface.0.mcastport`.
    public static func description(forMapKey key: String) -> KeyDescription? {
        let (section, name) = divide(key)
        let wildcards = isNumber(name) ? ["M", "N"] : []
        for known in sections(named: section) {
            for candidate in [String(name)] + wildcards {
                if let position = known.positions[candidate] { return all[position] }
            }
        }
        return nil
    }

    private static let positions: [String: Int] = {
        var positions: [String: Int] = [:]
        for (position, key) in all.enumerated() { positions[key.path] = position }
        return positions
    }()

    // MARK: Sections of the map

    /// The keys below one prefix of the map; a part of the prefix may stand for any link, node or subsystem.
    struct Section: Sendable {
        var pattern: [Substring]
        /// The last parts of the keys' names, in the order of the table.
        var names: [String] = []
        var positions: [String: Int] = [:]
    }

    private static let allSections: [Section] = {
        var sections: [Section] = []
        for (position, key) in all.enumerated() {
            let (prefix, name) = divide(key.mapKey)
            let index = sections.firstIndex { $0.pattern == prefix } ?? sections.endIndex
            if index == sections.endIndex { sections.append(Section(pattern: prefix)) }
            sections[index].names.append(String(name))
            sections[index].positions[String(name)] = position
        }
        return sections
    }()

    /// The sections a key with these leading parts can belong to.
    static func sections(named parts: [Substring]) -> [Section] {
        allSections.filter { section in
            section.pattern.count == parts.count
                && zip(section.pattern, parts).allSatisfy { name, part in
                    switch name {
                    case "L", "P": isNumber(part)
                    case "S": !part.isEmpty
                    default: name == part
                    }
                }
        }
    }

    /// The parts of `key` before its last, and the last.
    static func divide(_ key: String) -> (section: [Substring], name: Substring) {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        return (Array(parts.dropLast()), parts.last ?? "")
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
}
