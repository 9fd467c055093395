/// The two groups that messages are addressed to (spec: totem.md 13.1, services.md 1.3).
public enum MessageGroup: Sendable, Hashable {
    /// `a`: messages of all services.
    case services
    /// `sync`: the synchronisation protocol.
    case synchronization
}
