/// A change of one key.
public struct MapChange: Hashable, Sendable {
    /// What happened to it.
    public enum Kind: Hashable, Sendable {
        case added, modified, deleted
    }

    /// What happened.
    public let kind: Kind
    /// To which key.
    public let key: String
    /// nil when the key was deleted.
    public let newValue: MapValue?
    /// nil when the key is new, and where the engine does not tell: in the statistics it says the new value here too.
    public let oldValue: MapValue?

    /// A change, for tests of what handles it.
    public init(kind: Kind, key: String, newValue: MapValue?, oldValue: MapValue?) {
        self.kind = kind
        self.key = key
        self.newValue = newValue
        self.oldValue = oldValue
    }
}
