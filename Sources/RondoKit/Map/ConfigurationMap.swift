import CCorosync

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
        return try await connection.request(operation) { handle throws(ClusterError) in
            try Self.read(key, handle, operation)
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
        let bytes = value.libraryBytes
        try await connection.order("set key '\(key)'") { handle in
            bytes.withUnsafeBytes { cmap_set(handle, key, $0.baseAddress, $0.count, value.libraryType) }
        }
    }

    /// Removes a key.
    ///
    /// - Returns: Whether it was there.
    /// - Throws: `access` for a read-only key.
    @discardableResult
    public func delete(_ key: String) async throws(ClusterError) -> Bool {
        let operation = "delete key '\(key)'"
        return try await connection.request(operation) { handle throws(ClusterError) in
            let answer = cmap_delete(handle, key)
            if answer == CS_ERR_NOT_EXIST { return false }
            try ClusterError.check(answer, operation)
            return true
        }
    }

    /// Adds one to an integer, which wraps.
    public func increment(_ key: String) async throws(ClusterError) {
        try await connection.order("increment key '\(key)'") { cmap_inc($0, key) }
    }

    /// Takes one from an integer, which wraps.
    public func decrement(_ key: String) async throws(ClusterError) {
        try await connection.order("decrement key '\(key)'") { cmap_dec($0, key) }
    }

    /// The names of all keys that start with a prefix, ascending.
    public func keys(under prefix: String = "") async throws(ClusterError) -> [String] {
        let operation = "list keys under '\(prefix)'"
        return try await connection.request(operation) { handle throws(ClusterError) in
            try Self.list(prefix, handle, operation)
        }
    }

    /// All keys that start with a prefix with their values, ascending. Keys deleted meanwhile are left out.
    public func entries(under prefix: String = "") async throws(ClusterError) -> [(key: String, value: MapValue)] {
        let operation = "read keys under '\(prefix)'"
        return try await connection.request(operation) { handle throws(ClusterError) in
            var found: [(key: String, value: MapValue)] = []
            for key in try Self.list(prefix, handle, operation) {
                if let value = try Self.read(key, handle, operation) { found.append((key, value)) }
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
        let modified = kind == .configuration ? CMAP_TRACK_MODIFY : 0
        return try await follow(
            prefix, CMAP_TRACK_ADD | CMAP_TRACK_DELETE | modified | CMAP_TRACK_PREFIX, kind, patience,
            "follow keys under '\(prefix)'")
    }

    /// Changes of one key, from the moment this returns; it need not exist.
    public static func changes(
        ofKey key: String, of kind: Kind = .configuration, patience: Patience = .standard
    ) async throws(ClusterError) -> ClusterEvents<MapChange> {
        try await follow(
            key, CMAP_TRACK_ADD | CMAP_TRACK_DELETE | CMAP_TRACK_MODIFY, kind, patience, "follow key '\(key)'")
    }
}

extension ConfigurationMap {
    private static func open(_ kind: Kind, _ patience: Patience) async throws(ClusterError)
        -> ServiceConnection<MapChange>
    {
        let map = kind == .configuration ? CMAP_MAP_ICMAP : CMAP_MAP_STATS
        return try await ServiceConnection.open(
            .cmap, patience: patience, initialize: { handle, _ in cmap_initialize_map(&handle, map) })
    }

    private static func follow(
        _ name: String, _ events: Int32, _ kind: Kind, _ patience: Patience, _ operation: String
    ) async throws(ClusterError) -> ClusterEvents<MapChange> {
        let connection = try await open(kind, patience)
        let mailbox = connection.mailbox
        try await connection.order(operation) { handle in
            var track: cmap_track_handle_t = 0
            return cmap_track_add(
                handle, name.isEmpty ? nil : name, events, MapCallbacks.change,
                Unmanaged.passUnretained(mailbox).toOpaque(), &track)
        }
        return ClusterEvents(of: connection)
    }

    private static func list(_ prefix: String, _ handle: UInt64, _ operation: String) throws(ClusterError) -> [String] {
        var iteration: cmap_iter_handle_t = 0
        try ClusterError.check(
            cmap_iter_init(handle, prefix.isEmpty ? nil : prefix, &iteration), operation)
        defer { _ = cmap_iter_finalize(handle, iteration) }
        var keys: [String] = []
        var name = [CChar](repeating: 0, count: Int(CMAP_KEYNAME_MAXLEN) + 1)
        while true {
            let answer = cmap_iter_next(handle, iteration, &name, nil, nil)
            if answer == CS_ERR_NO_SECTIONS { return keys }
            try ClusterError.check(answer, operation)
            keys.append(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    }

    /// Always with room: daemons of Corosync 3.1.7 do not respect less in their statistics (spec: ipc.md 12).
    private static func read(_ key: String, _ handle: UInt64, _ operation: String) throws(ClusterError) -> MapValue? {
        var value: MapValue?
        var answer = CS_OK
        for room in [1024, MapValue.maximumLength + 1] {
            (answer, value) = withUnsafeTemporaryAllocation(byteCount: room, alignment: 8) { buffer in
                var length = room
                var type = cmap_value_types_t(0)
                let answer = cmap_get(handle, key, buffer.baseAddress, &length, &type)
                guard answer == CS_OK, length <= room else { return (answer, nil) }
                return (answer, MapValue(type, UnsafeRawBufferPointer(rebasing: buffer[..<length])))
            }
            // Too little room, or a name that is no key's, which stays wrong.
            if answer != CS_ERR_INVALID_PARAM { break }
        }
        if answer == CS_ERR_NOT_EXIST { return nil }
        try ClusterError.check(answer, operation)
        return value
    }
}
