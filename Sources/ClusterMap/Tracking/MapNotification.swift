/// What a tracker wants to hear of, with the client's bits (spec: configuration.md 7.5).
public struct TrackFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let delete = TrackFlags(rawValue: 1)
    public static let modify = TrackFlags(rawValue: 2)
    public static let add = TrackFlags(rawValue: 4)
    /// All keys that start with the tracker's name, that name included.
    public static let prefix = TrackFlags(rawValue: 8)

    public static let everything: TrackFlags = [.delete, .modify, .add]
    static let known: TrackFlags = [.delete, .modify, .add, .prefix]
}

/// What happened to a key, with the number clients know it by.
public enum MapEvent: UInt32, Sendable {
    case delete = 1
    case modify = 2
    case add = 4

    var flag: TrackFlags { TrackFlags(rawValue: rawValue) }
}

/// One change as one tracker hears of it.
public struct MapNotification: Sendable, Equatable {
    public var tracker: TrackerID
    public var event: MapEvent
    public var name: String
    /// Nil when the key was deleted.
    public var new: MapValue?
    /// Nil when the key was added, and for the daemon's own counters (spec: ipc.md 8.2).
    public var old: MapValue?

    public init(tracker: TrackerID, event: MapEvent, name: String, new: MapValue?, old: MapValue?) {
        self.tracker = tracker
        self.event = event
        self.name = name
        self.new = new
        self.old = old
    }
}
