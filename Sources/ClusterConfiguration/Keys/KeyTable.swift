/// Every key the daemon knows, by its place in the file and by its name in the map.
public enum KeyTable {
    public static let all: [KeyDescription] =
        TotemKeys.all + InterfaceKeys.all + NodeKeys.all + QuorumKeys.all + LoggingKeys.all + SystemKeys.all

    private static let positions: [String: Int] = {
        var positions: [String: Int] = [:]
        for (position, key) in all.enumerated() { positions[key.path] = position }
        return positions
    }()

    /// The key written at `path`, the names of its sections and its own joined by dots.
    public static func description(forPath path: String) -> KeyDescription? {
        positions[path].map { all[$0] }
    }

    /// The key whose name in the map is `key`, such as `totem.interface.0.mcastport`.
    public static func description(forMapKey key: String) -> KeyDescription? {
        if let exact = description(forPath: key), exact.mapKey == key { return exact }
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        return all.first { matches($0.mapKey, parts) }
    }

    private static func matches(_ pattern: String, _ parts: [Substring]) -> Bool {
        let names = pattern.split(separator: ".", omittingEmptySubsequences: false)
        guard names.count == parts.count else { return false }
        return zip(names, parts).allSatisfy { name, part in
            switch name {
            case "L", "P", "M", "N": !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            case "S": !part.isEmpty
            default: name == part
            }
        }
    }
}
