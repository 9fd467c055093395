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
