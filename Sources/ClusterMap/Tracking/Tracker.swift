/// Names a tracker of one map; later trackers have greater ids.
public struct TrackerID: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (a: TrackerID, b: TrackerID) -> Bool { a.rawValue < b.rawValue }
}

/// For whom a change is made or a tracker watches.
public enum MapOrigin: Sendable, Hashable {
    /// A program behind the local IPC: read-only keys are closed to it.
    case client
    /// The daemon itself.
    case daemon
}

struct Tracker: Sendable {
    let id: TrackerID
    /// Nil: every key (with `.prefix`) or none (without).
    let name: String?
    let flags: TrackFlags
    let owner: MapOrigin

    func matches(_ key: String) -> Bool {
        guard let name else { return flags.contains(.prefix) }
        return flags.contains(.prefix) ? key.startsByBytes(with: name) : key == name
    }

    /// Whether this one hears of a change before `other` does, as Corosync orders them (spec: configuration.md 7.5):
    /// those at longer names first; of one name those for the key alone, newest first, before those for a prefix,
    /// oldest first; those without a name last, newest first.
    func precedes(_ other: Tracker) -> Bool {
        let mine = name.map { $0.utf8.count } ?? -1
        let theirs = other.name.map { $0.utf8.count } ?? -1
        guard mine == theirs else { return mine > theirs }
        guard isForPrefix == other.isForPrefix else { return !isForPrefix }
        return isForPrefix ? id < other.id : id > other.id
    }

    private var isForPrefix: Bool { name != nil && flags.contains(.prefix) }
}

/// The trackers of a map, kept in the order in which they hear of a change.
struct TrackerList: Sendable {
    private(set) var all: [Tracker] = []
    private var nextID: UInt64 = 1

    mutating func add(name: String?, flags: TrackFlags, owner: MapOrigin) -> Tracker {
        let tracker = Tracker(id: TrackerID(nextID), name: name, flags: flags, owner: owner)
        nextID += 1
        let place = all.firstIndex { tracker.precedes($0) } ?? all.count
        all.insert(tracker, at: place)
        return tracker
    }

    mutating func remove(_ id: TrackerID) -> Tracker? {
        guard let place = all.firstIndex(where: { $0.id == id }) else { return nil }
        return all.remove(at: place)
    }
}
