import Basics

/// Sections and keys that nothing reads: the daemon stores them in the map and goes on without what they were to say.
struct UnknownNames {
    let record: TextRecord

    var warnings: [ConfigurationWarning] {
        sections + record.keys.compactMap(warning) + record.keys.compactMap(subsystem)
    }

    // MARK: Sections

    private var sections: [ConfigurationWarning] {
        var found: [ConfigurationWarning] = []
        var reported: Set<String> = []
        // Of each inner section the first one it stands within; looked up once for each section.
        let nestings = Dictionary(record.nestings.map { ($0.inner, $0.outer) }) { first, _ in first }
        for section in record.sections where !KeyTable.knownSections.contains(section.path) {
            guard !isBelow(reported, section.path) else { continue }
            guard let warning = warning(section, within: nestings[section]) else { continue }
            reported.insert(section.path)
            found.append(warning)
        }
        return found
    }

    /// Whether a section around the one at `path` is among `paths`.
    private func isBelow(_ paths: Set<String>, _ path: String) -> Bool {
        guard !paths.isEmpty else { return false }
        var outer = path[...]
        while let dot = outer.lastIndex(of: ".") {
            outer = outer[..<dot]
            if paths.contains(String(outer)) { return true }
        }
        return false
    }

    private func warning(
        _ section: TextRecord.Section, within outer: TextRecord.Section?
    ) -> ConfigurationWarning? {
        let parts = section.path.split(separator: ".")
        let parent = parts.dropLast().joined(separator: ".")
        func warning(
            _ text: String, _ weight: Advice.Weight = .warning, remedy: String
        ) -> ConfigurationWarning {
            ConfigurationWarning(text, weight: weight, key: section.path, origin: section.origin, remedy: remedy)
        }
        if let outer {
            return warning(
                "\(section.name) of line \(section.origin.line) stands within \(outer.name) of line "
                    + "\(outer.origin.line)\(differsFromCorosync(section))",
                remedy: "add '}' before line \(section.origin.line), where \(outer.name) ends")
        }
        if let meant = KeyTable.suggestion(forSection: section.path) {
            return warning(
                "section \(section.path) is not known and has no effect.", remedy: "write \(meant) if that was meant")
        }
        if section.path.hasPrefix("nodelist.node.") {
            return warning(
                "section \(section.name) stands within a node\(differsFromCorosync(section))",
                remedy: "move it out of node { }")
        }
        if let home = KeyTable.home(ofSection: String(section.name)),
            parent.isEmpty || KeyTable.knownSections.contains(parent)
        {
            let outer = home.split(separator: ".").dropLast().joined(separator: ".")
            return warning(
                "section \(section.path) has no effect here.",
                remedy: outer.isEmpty ? "move it to the top level" : "move it into section \(outer)")
        }
        if parent.isEmpty, KeyTable.obsoleteSections.contains(section.path) {
            return warning(
                "section \(section.path) is of Corosync 1 and has no effect.", .note, remedy: "remove the section")
        }
        guard KeyTable.knownSections.contains(parent) else { return nil }
        return warning("section \(section.path) is not known and has no effect.", .note, remedy: "remove the section")
    }

    /// Every section within a node ends that node for Corosync 3.1.7 (spec: configuration.md 2.4).
    private func differsFromCorosync(_ section: TextRecord.Section) -> String {
        section.path.hasPrefix("nodelist.node.")
            ? ": Corosync 3.1.7 takes its end for the end of the node, counts another one, and reads other timings and "
                + "votes than Rondo." : "."
    }

    // MARK: Keys

    private func warning(_ key: String) -> ConfigurationWarning? {
        guard let writing = record.writings[key]?.first, writing.origin.file != Origin.override.file else { return nil }
        func warning(_ text: String, _ weight: Advice.Weight = .warning, remedy: String) -> ConfigurationWarning {
            ConfigurationWarning(text, weight: weight, key: key, origin: writing.origin, remedy: remedy)
        }
        if let description = KeyTable.description(forMapKey: key) {
            if key.hasPrefix("resources.system."), key.hasSuffix(".poll_period") {
                return warning(
                    "\(key) has no effect in a file, with Corosync neither: a node starts with "
                        + "\(description.defaultValue) ms.",
                    remedy: "remove the line; set it while the node runs: corosync-cmapctl -s \(key) str "
                        + writing.value.description)
            }
            guard writing.value.type == .string, description.type != .string else { return nil }
            return warning(
                "\(key) outside of its section is text and has no effect.", remedy: "write it within its section")
        }
        let (section, name) = KeyTable.divide(key)
        if key.hasPrefix("totem.interface."), section.count == 2 { return unnumbered(name, writing) }
        if section.isEmpty, KeyTable.knownSections.contains(key) {
            return warning(
                "'\(key):' begins no section and has no effect.", remedy: "write '\(key) {' if that was meant")
        }
        let hasKeys = !KeyTable.sections(named: section).isEmpty
        if section.isEmpty || hasKeys || KeyTable.knownSections.contains(section.joined(separator: ".")) {
            if let suggestion = KeyTable.suggestion(forMapKey: key) {
                return warning(
                    "\(key) is not a known key and has no effect.", remedy: "write \(suggestion) if that was meant")
            }
            if let home = KeyTable.home(ofKey: name) {
                return warning("\(key) has no effect here.", remedy: "move it into section \(home)")
            }
        }
        if let comment = ["//", "--"].first(where: { name.hasPrefix($0) }) {
            return warning(
                "'\(comment)' begins no comment: \(key) is a key without effect.", remedy: "begin comments with '#'")
        }
        guard hasKeys, !isFree(section, name) else { return nil }
        return warning("\(key) is not a known key and has no effect.", .note, remedy: "remove the line")
    }

    /// Subsystems of programs that read their section in the map, and of Corosync's that are none here.
    private static let otherSubsystems = ["QDEVICE", "YKD", "APIDEF"]

    /// A subsystem that there is not: nothing is logged as its section says.
    private func subsystem(_ key: String) -> ConfigurationWarning? {
        guard key.hasPrefix("logging.logger_subsys."), key.hasSuffix(".subsys"),
            let writing = record.writings[key]?.last, let name = writing.value.text, Subsystem(rawValue: name) == nil,
            !Self.otherSubsystems.contains(name)
        else { return nil }
        let known = Subsystem.allCases.map(\.rawValue)
        let meant = KeyTable.closest(to: name, among: known.map { $0.lowercased() })?.uppercased()
        return ConfigurationWarning(
            "there is no subsystem \(name): its logger_subsys section has no effect.", key: key, origin: writing.origin,
            remedy: meant.map { "write \($0) if that was meant" } ?? "name one of \(known.joined(separator: ", "))")
    }

    /// A key of a link's section that has no place in the map of links.
    private func unnumbered(_ name: Substring, _ writing: TextRecord.Writing) -> ConfigurationWarning {
        let key = "totem.interface.\(name)"
        func warning(_ text: String, _ weight: Advice.Weight = .warning, remedy: String) -> ConfigurationWarning {
            ConfigurationWarning(text, weight: weight, key: key, origin: writing.origin, remedy: remedy)
        }
        if name == "ringnumber" {
            let number = writing.value.description
            return number == "0"
                ? warning(
                    "\(key) is of Corosync 2 and has no effect.", .note,
                    remedy: "remove the line, or write linknumber: 0")
                : warning(
                    "\(key) is of Corosync 2 and has no effect: the section is about link 0 all the same.",
                    remedy: "write linknumber: \(number)")
        }
        if let suggestion = KeyTable.suggestion(forMapKey: "totem.interface.0.\(name)") {
            let meant = suggestion.split(separator: ".").last ?? ""
            return warning(
                "\(key) is not a known key and has no effect.",
                remedy: "write totem.interface.\(meant) if that was meant")
        }
        if let home = KeyTable.home(ofKey: name) {
            return warning("\(key) has no effect here.", remedy: "move it into section \(home)")
        }
        return warning("\(key) is not a known key and has no effect.", .note, remedy: "remove the line")
    }

    /// The names of programs to run are the administrator's.
    private func isFree(_ section: [Substring], _ name: Substring) -> Bool {
        section.elementsEqual(["quorum", "device", "heuristics"]) && name.hasPrefix("exec_")
    }
}
