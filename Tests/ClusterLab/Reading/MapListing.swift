/// One key of the configuration map as corosync-cmapctl prints it.
public struct MapEntry: Sendable, Equatable, CustomStringConvertible {
    public let key: String
    public let type: String
    public let value: String

    public var description: String { "\(key) (\(type)) = \(value)" }

    /// `KEY (TYPE) = VALUE`
    init?(line: some StringProtocol) {
        guard let open = line.firstRange(of: " ("), let shut = line[open.upperBound...].firstIndex(of: ")") else {
            return nil
        }
        key = String(line[..<open.lowerBound])
        type = String(line[open.upperBound..<shut])
        let after = line[line.index(after: shut)...]
        value = after.hasPrefix(" = ") ? String(after.dropFirst(3)) : ""
    }
}

/// What corosync-cmapctl listed.
public struct MapListing: Sendable {
    /// In the order printed.
    public let entries: [MapEntry]
    private let byKey: [String: MapEntry]

    public init(_ text: String) {
        entries = text.split(separator: "\n").compactMap { MapEntry(line: $0) }
        byKey = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    }

    public subscript(_ key: String) -> String? { byKey[key]?.value }
    public func entry(_ key: String) -> MapEntry? { byKey[key] }
    public var keys: [String] { entries.map(\.key) }

    /// The value as a number.
    public func number(_ key: String) -> UInt64? { self[key].flatMap { UInt64($0) } }

    /// The entries below a prefix.
    public func entries(under prefix: String) -> [MapEntry] { entries.filter { $0.key.hasPrefix(prefix) } }

    /// The node ids whose status is `joined`, ascending.
    public var joinedMembers: [UInt32] {
        entries.compactMap { entry in
            let parts = entry.key.split(separator: ".")
            guard parts.count == 4, parts[0] == "runtime", parts[1] == "members", parts[3] == "status",
                entry.value == "joined"
            else { return nil }
            return UInt32(parts[2])
        }.sorted()
    }
}

extension Node {
    /// The configuration map, or the statistics map with `map: "stats"`.
    public func map(_ map: String? = nil, under prefix: String? = nil) throws -> MapListing {
        var words = ["corosync-cmapctl"]
        if let map { words += ["-m", map] }
        if let prefix { words.append(prefix) }
        let result = try run(words: words, within: .seconds(15))
        guard result.succeeded || prefix != nil else {
            throw LabError.commandFailed(
                command: "node\(number): \(words.joined(separator: " "))", status: "\(result.status)",
                output: result.output + result.errors)
        }
        return MapListing(result.output)
    }

    /// One number of the statistics map.
    public func statistic(_ key: String) throws -> UInt64 {
        let result = try run("corosync-cmapctl", "-m", "stats", "-g", key)
        guard let value = MapListing(result.output).number(key) else {
            throw LabError.unreadable("node\(number): no number for \(key): \(result.output)\(result.errors)")
        }
        return value
    }
}
