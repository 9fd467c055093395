import ClientProtocol
import ClusterMap
import LocalClient

/// The map of keys and typed values each node's daemon keeps: what corosync.conf says, what runs (`runtime.…`), what
/// programs put there; and the statistics. Nothing of it travels between nodes.
///
/// ```swift
/// let map = try await ConfigurationMap.connect()
/// let token = try await map.get("runtime.config.totem.token", as: UInt32.self)
/// for try await change in try await ConfigurationMap.changes(under: "runtime.members.") { print(change.key) }
/// ```
public final class ConfigurationMap: Sendable {
    /// The two maps of a daemon.
    public enum Kind: Hashable, Sendable {
        /// Configuration, state and what programs set.
        case configuration
        /// Counters of the ring and of the local clients. Read-only.
        case statistics
    }

    private let connection: ServiceConnection<MapChange>

    private init(_ connection: ServiceConnection<MapChange>) { self.connection = connection }

    /// Connects with the daemon.
    public static func connect(_ kind: Kind = .configuration, patience: Patience = .standard)
        async throws(ClusterError) -> ConfigurationMap
    {
        ConfigurationMap(try await open(kind, patience))
    }

    /// The value of a key; nil when there is none.
    public func get(_ key: String) async throws(ClusterError) -> MapValue? {
        let operation = "read key '\(key)'"
        return try await connection.request(operation) { local throws(ClusterError) in
            try Self.read(key, local, operation)
        }
    }

    /// The value of a key; nil when there is none.
    ///
    /// - Throws: `invalidParameter` when the key has a value of another type.
    public func get<Value: MapRepresentable>(_ key: String, as type: Value.Type) async throws(ClusterError) -> Value? {
        guard let found = try await get(key) else { return nil }
        guard let value = Value(mapValue: found) else {
            throw ClusterError(
                .invalidParameter, operation: "read key '\(key)' as \(type)", detail: "it is of type \(found.typeName)")
        }
        return value
    }

    /// Sets a key, or makes it. The same value again is no change and nobody is told.
    ///
    /// - Throws: `access` for a read-only key, `nameTooLong` for a name that is no key's, `invalidParameter` for a value
    ///   longer than 16384 bytes or a text with a NUL.
    public func set(_ key: String, to value: some MapRepresentable) async throws(ClusterError) {
        let value = value.mapValue
        let operation = "set key '\(key)'"
        try await connection.order(
            operation,
            CmapRequest.set(name: try checked(key, operation), type: value.typeNumber, value: value.bytes))
    }

    /// Removes a key.
    ///
    /// - Returns: Whether it was there.
    /// - Throws: `access` for a read-only key.
    @discardableResult
    public func delete(_ key: String) async throws(ClusterError) -> Bool {
        let operation = "delete key '\(key)'"
        do {
            try await connection.order(operation, CmapRequest.delete(name: try checked(key, operation)))
            return true
        } catch {
            guard error.code == .notExist else { throw error }
            return false
        }
    }

    /// Adds one to an integer, which wraps.
    public func increment(_ key: String) async throws(ClusterError) {
        let operation = "increment key '\(key)'"
        try await connection.order(operation, CmapRequest.adjust(name: try checked(key, operation), step: 1))
    }

    /// Takes one from an integer, which wraps.
    public func decrement(_ key: String) async throws(ClusterError) {
        let operation = "decrement key '\(key)'"
        try await connection.order(operation, CmapRequest.adjust(name: try checked(key, operation), step: -1))
    }

    /// The names of all keys that start with a prefix, ascending.
    public func keys(under prefix: String = "") async throws(ClusterError) -> [String] {
        let operation = "list keys under '\(prefix)'"
        return try await connection.request(operation) { local throws(ClusterError) in
            try Self.list(prefix, local, operation)
        }
    }

    /// All keys that start with a prefix with their values, ascending. Keys deleted meanwhile are left out.
    public func entries(under prefix: String = "") async throws(ClusterError) -> [(key: String, value: MapValue)] {
        let operation = "read keys under '\(prefix)'"
        return try await connection.request(operation) { local throws(ClusterError) in
            var found: [(key: String, value: MapValue)] = []
            for key in try Self.list(prefix, local, operation) {
                if let value = try Self.read(key, local, operation) { found.append((key, value)) }
            }
            return found
        }
    }

    /// Changes of all keys that start with a prefix, from the moment this returns: read what is there after it, and no
    /// change is missed. Statistics tell keys that come and go; a counter is followed with `changes(ofKey:)`. Each call
    /// has a connection of its own.
    public static func changes(
        under prefix: String = "", of kind: Kind = .configuration, patience: Patience = .standard
    ) async throws(ClusterError) -> ClusterEvents<MapChange> {
        // Statistics offer no other events for a prefix (spec: ipc.md 8.3).
        let modified: TrackFlags = kind == .configuration ? [.modify] : []
        return try await follow(
            prefix, modified.union([.add, .delete, .prefix]), kind, patience,
            "follow keys under '\(prefix)'")
    }

    /// Changes of one key, from the moment this returns; it need not exist.
    public static func changes(
        ofKey key: String, of kind: Kind = .configuration, patience: Patience = .standard
    ) async throws(ClusterError) -> ClusterEvents<MapChange> {
        try await follow(
            key, [.add, .delete, .modify], kind, patience, "follow key '\(key)'")
    }
}

/// What is asked of any key; libraries refuse a longer name themselves.
private func checked(_ key: String, _ operation: String) throws(ClusterError) -> String {
    guard key.utf8.count <= KeyName.longest else { throw ClusterError(.nameTooLong, operation: operation) }
    return key
}

extension ConfigurationMap {
    private static let statisticsMap: Int32 = 1

    private static func open(_ kind: Kind, _ patience: Patience) async throws(ClusterError)
        -> ServiceConnection<MapChange>
    {
        let connection = try await ServiceConnection<MapChange>.open(.cmap, patience: patience, reader: MapReader())
        guard kind == .statistics else { return connection }
        try await connection.order("choose the map of statistics", CmapRequest.selectMap(statisticsMap))
        return connection
    }

    private static func follow(
        _ name: String, _ events: TrackFlags, _ kind: Kind, _ patience: Patience, _ operation: String
    ) async throws(ClusterError) -> ClusterEvents<MapChange> {
        let connection = try await open(kind, patience)
        // Each sequence has a connection of its own, so its trackers need no numbers.
        try await connection.order(
            operation,
            CmapRequest.track(name: try checked(name, operation), flags: events.rawValue, instance: 0))
        return ClusterEvents(of: connection)
    }

    private static func list(
        _ prefix: String, _ local: LocalConnection, _ operation: String
    ) throws(ClusterError) -> [String] {
        let start = CmapRequest.startIteration(prefix: try checked(prefix, operation))
        let walk = try local.ask(start, operation) { answer in try answer.cmapIteration() }
        defer { _ = try? local.request(CmapRequest.endIteration(handle: walk)) }
        var keys: [String] = []
        while true {
            do throws(ClusterError) {
                keys.append(
                    try local.ask(CmapRequest.iterate(handle: walk), operation) { answer in
                        try answer.cmapIterationName()
                    })
            } catch {
                guard error.code == .noSections else { throw error }
                return keys
            }
        }
    }

    /// Always with room: daemons of Corosync 3.1.7 do not respect less in their statistics (spec: ipc.md 12).
    private static func read(
        _ key: String, _ local: LocalConnection, _ operation: String
    ) throws(ClusterError) -> MapValue? {
        let name = try checked(key, operation)
        var refusal = ClusterError(.invalidParameter, operation: operation)
        for room in [1024, MapValue.maximumLength + 1] {
            do throws(ClusterError) {
                let value = try local.ask(CmapRequest.get(name: name, room: UInt64(room)), operation) { answer in
                    try answer.cmapValue()
                }
                return MapValue(value)
            } catch {
                if error.code == .notExist { return nil }
                // Too little room, or a name that is no key's, which stays wrong.
                guard error.code == .invalidParameter else { throw error }
                refusal = error
            }
        }
        throw refusal
    }
}
