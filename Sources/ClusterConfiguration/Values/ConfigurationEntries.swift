/// The keys of a configuration: each name once, the last value written wins, in order of first appearance.
public struct ConfigurationEntries: Sendable, Hashable {
    public private(set) var all: [ConfigurationEntry] = []
    private var positions: [String: Int] = [:]

    public init() {}

    public var count: Int { all.count }

    public mutating func set(_ key: String, _ value: ConfigurationValue, at origin: Origin? = nil) {
        let entry = ConfigurationEntry(key: key, value: value, origin: origin)
        if let position = positions[key] {
            all[position] = entry
        } else {
            positions[key] = all.count
            all.append(entry)
        }
    }

    /// As if the key had never been written.
    public mutating func remove(_ key: String) {
        guard let position = positions.removeValue(forKey: key) else { return }
        all.remove(at: position)
        for later in position..<all.count { positions[all[later].key] = later }
    }

    public subscript(key: String) -> ConfigurationEntry? {
        guard let position = positions[key] else { return nil }
        return all[position]
    }

    public func text(_ key: String) -> String? { self[key]?.value.text }

    public func u32(_ key: String) -> UInt32? { self[key]?.value.asU32 }

    public func u8(_ key: String) -> UInt8? {
        guard case .u8(let number) = self[key]?.value else { return nil }
        return number
    }

    public func u16(_ key: String) -> UInt16? {
        guard case .u16(let number) = self[key]?.value else { return nil }
        return number
    }

    public func u64(_ key: String) -> UInt64? {
        guard case .u64(let number) = self[key]?.value else { return nil }
        return number
    }

    /// The entries whose names start with `prefix`, in the byte order of their names.
    public func matching(prefix: String) -> [ConfigurationEntry] {
        all.filter { $0.key.hasPrefix(prefix) }.sorted { byteOrder($0.key, $1.key) }
    }

    /// All entries in the byte order of their names, the order in which the map iterates.
    public var sorted: [ConfigurationEntry] { all.sorted { byteOrder($0.key, $1.key) } }
}

/// Whether `a` comes before `b` in the byte order of the configuration map (spec: configuration.md 7.2).
func byteOrder(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
}
