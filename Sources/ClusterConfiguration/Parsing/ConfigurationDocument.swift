/// A configuration as written: every key with its type, value and line, before anything is derived from it.
public struct ConfigurationDocument: Sendable {
    /// The name of the main file as given.
    public var file: String
    public internal(set) var entries: ConfigurationEntries
    /// What is suspicious about the text itself, in the order of its lines.
    public private(set) var warnings: [ConfigurationWarning]
    /// The text beside its keys.
    private(set) var record = TextRecord()

    /// Bytes of the largest file that is read: five times what the largest ring's has, 384 nodes of eight links. Keeps a
    /// wrong path such as a disk from filling the memory, and a reload from holding up the token.
    public static let largestFile = 1 << 20

    /// That the file is larger.
    public static func tooLarge(_ file: String) -> ConfigurationError {
        ConfigurationError(
            "Can't read file \(file): it is larger than \(largestFile) bytes", origin: Origin(file: file, line: 0),
            permitted: "up to \(largestFile) bytes", reason: "no configuration is so large",
            remedy: "name the configuration itself, or take what it does not need out of it")
    }

    /// A configuration without any key.
    public init() {
        file = ""
        entries = ConfigurationEntries()
        warnings = []
    }

    /// Reads a configuration file and the files of its `uidgid.d` directory (spec: configuration.md 2).
    ///
    /// - Parameters:
    ///   - text: the bytes of the main file.
    ///   - file: its name as the administrator gave it; errors repeat it.
    ///   - userLists: the files of `uidgid.d` that `isUserListName` accepts, in the order in which they are to be read.
    ///   - accounts: answers which number a user's or group's name stands for.
    /// - Throws: the first error, with exit status 8.
    public init(
        _ text: [UInt8], file: String, userLists: [(file: String, text: [UInt8])] = [],
        accounts: some AccountDirectory = AccountTable()
    ) throws(ConfigurationError) {
        var parser = ConfigurationParser(accounts: accounts)
        try parser.parse(text, file: file, only: nil)
        for list in userLists {
            try parser.parse(list.text, file: list.file, only: "uidgid")
        }
        self.file = file
        entries = parser.entries
        record = parser.record
        warnings = []
        let found =
            parser.warnings + UnknownNames(record: record).warnings + DuplicateKeys(record: record).warnings
            + DoubtfulValues(record: record).warnings
            + SilentWords(record: record, entries: entries).warnings
            + TakenOtherwise(entries: entries).warnings + QuorumOptions(document: self).warnings
            + MixedRing(document: self).warnings
        // Those of one line stay in their order.
        warnings = found.enumerated().sorted {
            ($0.element.origin?.line ?? 0, $0.offset) < ($1.element.origin?.line ?? 0, $1.offset)
        }.map(\.element)
    }

    /// Sets the key with the map name `key` as if the configuration said so; for tools that ask "what if".
    ///
    /// - Parameter origin: what errors name as its place.
    /// - Throws: the error the parser reports for a value the key cannot have.
    public mutating func override(
        _ key: String, _ value: String, at origin: Origin = .override
    ) throws(ConfigurationError) {
        let path = KeyTable.description(forMapKey: key)?.path ?? key
        let typed = try KeyValueRules.value(Array(value.utf8), path: path, key: key, at: origin)
        entries.set(key, typed, at: origin)
    }

    /// Whether a file of `uidgid.d` is meant to be read: hidden files and what editors and package managers leave
    /// behind would grant access nobody meant to give (spec: configuration.md 9.6).
    public static func isUserListName(_ name: String) -> Bool {
        let leftovers = ["~", ".bak", ".orig", ".swp", ".tmp", ".rpmsave", ".rpmnew", ".rpmorig"]
        return !name.isEmpty && !name.hasPrefix(".") && !name.hasPrefix("#") && !name.contains(".dpkg-")
            && !leftovers.contains { name.hasSuffix($0) }
    }
}

/// What of a new configuration a running node takes over (spec: configuration.md 6.2, step 5).
extension ConfigurationDocument {
    /// Gives the keys that cannot change at run time the values they have in `running`. Done before anything is derived
    /// from the document, so that what follows from such a key (the kind of transport, the size of packets) stays too.
    ///
    /// - Returns: the keys that the new text set or changed in vain, in the byte order of their names. One that it merely
    ///   leaves out keeps its value without a word.
    public mutating func keepUnchangeable(of running: ConfigurationDocument) -> [String] {
        var ignored: [String] = []
        for description in KeyTable.all where description.change == .refused {
            let key = description.path
            let old = running.entries[key]
            guard let new = entries[key] else {
                if let old { entries.set(key, old.value, at: old.origin) }
                continue
            }
            guard new.value != old?.value else { continue }
            ignored.append(key)
            if let old { entries.set(key, old.value, at: old.origin) } else { entries.remove(key) }
        }
        return ignored.sorted(by: byteOrder)
    }
}
