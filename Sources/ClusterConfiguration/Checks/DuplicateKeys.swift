/// Keys with several values, of which one counts (spec: configuration.md 2.4).
struct DuplicateKeys {
    let record: TextRecord

    var warnings: [ConfigurationWarning] {
        var found: [ConfigurationWarning] = []
        /// Nodes of which it was said that they are several.
        var nodes: Set<TextRecord.Section> = []
        let repeated = repeatedOfNodes
        for key in record.keys where !key.hasPrefix("uidgid.") {
            guard let writings = record.writings[key], writings.count > 1, let last = writings.last else { continue }
            // What others make of their own sections is theirs to say.
            guard last.section.map({ KeyTable.knownSections.contains($0.path) }) ?? true else { continue }
            let sections = Set(writings.map(\.section))
            if key.hasPrefix("nodelist.") {
                // A second list of nodes has a warning of its own.
                guard let node = last.section else { continue }
                let here = writings.filter { $0.section == node }
                guard here.count > 1, nodes.insert(node).inserted else { continue }
                found.append(warning(key, here, others: (repeated[node] ?? []).filter { $0 != key }))
            } else {
                found.append(warning(key, writings, sections: sections.count))
            }
        }
        return found
    }

    /// The keys that a node section gives several times, by the section.
    private var repeatedOfNodes: [TextRecord.Section: [String]] {
        var repeated: [TextRecord.Section: [String]] = [:]
        for key in record.keys where key.hasPrefix("nodelist.") {
            guard let writings = record.writings[key], writings.count > 1 else { continue }
            var counts: [TextRecord.Section: Int] = [:]
            for writing in writings {
                guard let section = writing.section else { continue }
                counts[section, default: 0] += 1
                if counts[section] == 2 { repeated[section, default: []].append(key) }
            }
        }
        return repeated
    }

    private func warning(
        _ key: String, _ writings: [TextRecord.Writing], others: [String]
    ) -> ConfigurationWarning {
        let others = others.map(Self.name)
        return ConfigurationWarning(
            "\(Self.name(key)) is given in \(Self.lines(writings)) of one node section, the last counts"
                + (others.isEmpty ? "." : "; so \(others.count == 1 ? "is" : "are") \(Self.list(others))."),
            key: key, origin: writings[1].origin, remedy: "write one node { } for each node")
    }

    private func warning(
        _ key: String, _ writings: [TextRecord.Writing], sections: Int
    ) -> ConfigurationWarning {
        let isSame = Set(writings.map(\.value)).count == 1
        let value =
            writings.last.map { isSame ? "every time with the same value" : "the last counts: \($0.value)" } ?? ""
        let isLink = key.hasPrefix("totem.interface.") && sections > 1
        return ConfigurationWarning(
            "\(key) is given in \(Self.lines(writings)), \(value).", weight: isSame && !isLink ? .note : .warning,
            key: key, origin: writings[1].origin,
            remedy: isLink
                ? "write one interface { } for each link, with its linknumber"
                : "keep one of the lines")
    }

    private static func name(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }

    private static func lines(_ writings: [TextRecord.Writing]) -> String {
        "lines " + list(writings.map { "\($0.origin.line)" })
    }

    private static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.joined() }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
