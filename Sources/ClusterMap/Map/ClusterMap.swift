/// The configuration map: typed values under dotted names, in order, with trackers (spec: configuration.md 7).
///
/// It knows neither who speaks to it nor what keys mean. Changes put their notifications in a queue, in the order in
/// which trackers are to hear of them; whoever made the change drains it before answering.
public struct ClusterMap: Sendable {
    var table = SortedTable<Content>()
    var counters: [Counter] = []
    var trackers = TrackerList()
    var clientNotifications: [MapNotification] = []
    var daemonNotifications: [MapNotification] = []
    private var contentBytes = 0

    /// Keys closed to changes by clients.
    public var readOnly = ReadOnlyKeys()

    /// What clients may make the map hold, in bytes of names and values with 64 for each key. Beyond it their
    /// additions are refused; the daemon's own never are.
    public var sizeLimit = 64 * 1024 * 1024

    public init() {}

    /// How many keys there are.
    public var count: Int { table.count }

    enum Content: Sendable {
        case value(MapValue)
        /// An index in `counters`.
        case counter(Int)
    }

    /// The value of a key; nil when there is none.
    public subscript(name: String) -> MapValue? {
        table[name].map { value(of: $0) }
    }

    func value(of content: Content) -> MapValue {
        switch content {
        case .value(let value): value
        case .counter(let index): .u64(counters[index].value)
        }
    }
}

/// Changes, by clients or by the daemon itself.
extension ClusterMap {
    private static let keyOverhead = 64

    /// Stores a value, under a new name or an old one, whose type it may change. An equal value changes nothing and
    /// notifies nobody.
    ///
    /// - Throws, in this order of tests: `.access` for a read-only key when a client asks, `.invalidParameter` for a
    ///   value over 16384 bytes, `.nameTooLong` for a new key with an impossible name (whatever is wrong with it),
    ///   `.noMemory` when clients have filled the map.
    public mutating func set(_ name: String, _ value: MapValue, from origin: MapOrigin = .daemon) throws(ClientError) {
        try checkWritable(name, from: origin)
        let size = value.byteCount
        // A string that arrived with 16384 bytes has one more with its NUL.
        guard size <= MapValue.largestSize + (value.type == .string ? 1 : 0) else { throw .invalidParameter }
        if let content = table[name] {
            let old = self.value(of: content)
            guard old != value else { return }
            try reserve(size - old.byteCount, from: origin)
            retireCounter(content)
            table.set(name, .value(value))
            notify(.modify, name, new: value, old: old)
        } else {
            guard KeyName.isValid(name) else { throw .nameTooLong }
            try reserve(name.utf8.count + size + Self.keyOverhead, from: origin)
            table.set(name, .value(value))
            notify(.add, name, new: value, old: nil)
        }
    }

    /// Removes a key.
    ///
    /// - Throws: `.access` as `set`, `.notExist` when there is no such key.
    public mutating func delete(_ name: String, from origin: MapOrigin = .daemon) throws(ClientError) {
        try checkWritable(name, from: origin)
        guard let content = table.remove(name) else { throw .notExist }
        let old = value(of: content)
        retireCounter(content)
        contentBytes -= name.utf8.count + old.byteCount + Self.keyOverhead
        notify(.delete, name, new: nil, old: old)
    }

    /// Adds to an integer, wrapping within its width.
    ///
    /// - Throws: `.access` as `set`, `.notExist` when there is no such key, `.invalidParameter` when it is no integer.
    public mutating func adjust(_ name: String, by step: Int32, from origin: MapOrigin = .daemon) throws(ClientError) {
        try checkWritable(name, from: origin)
        guard let old = self[name] else { throw .notExist }
        guard let new = old.adjusted(by: step) else { throw .invalidParameter }
        try set(name, new, from: origin)
    }

    /// Removes every key that starts with `prefix`.
    public mutating func deleteAll(withPrefix prefix: String) {
        var iterator = MapIterator(prefix: prefix)
        while let entry = next(&iterator) { try? delete(entry.name) }
    }

    private func checkWritable(_ name: String, from origin: MapOrigin) throws(ClientError) {
        if origin == .client, readOnly.contains(name) { throw .access }
    }

    private mutating func reserve(_ bytes: Int, from origin: MapOrigin) throws(ClientError) {
        if origin == .client, bytes > 0, contentBytes + bytes > sizeLimit { throw .noMemory }
        contentBytes += bytes
    }
}
