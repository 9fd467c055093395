/// A walk over the keys of a map in ascending order. It remembers only the last name it gave, so that keys may come
/// and go meanwhile.
public struct MapIterator: Sendable, Equatable {
    public let prefix: String
    var last: String?

    /// - Parameter prefix: bytes with which names must start; empty for all keys.
    public init(prefix: String = "") { self.prefix = prefix }
}

/// A key and its value.
public struct MapEntry: Sendable, Equatable {
    public var name: String
    public var value: MapValue

    public init(name: String, value: MapValue) {
        self.name = name
        self.value = value
    }
}

extension SortedTable {
    func next(_ iterator: inout MapIterator) -> Entry? {
        let entry = iterator.last.map { first(after: $0) } ?? first(from: iterator.prefix)
        guard let entry, entry.name.startsByBytes(with: iterator.prefix) else { return nil }
        iterator.last = entry.name
        return entry
    }
}

extension ClusterMap {
    /// The next key of a walk; nil at its end.
    public func next(_ iterator: inout MapIterator) -> MapEntry? {
        table.next(&iterator).map { MapEntry(name: $0.name, value: value(of: $0.element)) }
    }

    /// All keys that start with `prefix`, ascending.
    public func entries(withPrefix prefix: String = "") -> [MapEntry] {
        var iterator = MapIterator(prefix: prefix)
        var entries: [MapEntry] = []
        while let entry = next(&iterator) { entries.append(entry) }
        return entries
    }
}
