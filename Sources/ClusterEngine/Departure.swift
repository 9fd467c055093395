import Basics

/// How far an orderly end has come once the services are unloaded.
///
/// The shell then closes the sockets, and what the process groups have to say about the local members that this ends
/// must go round before the ring is left: the others learn that those processes ended, not that the node failed
/// (spec: ipc.md 2.9).
enum Departure: Sendable, Equatable {
    case none
    /// The shell is closing the services' sockets.
    case closing(since: Instant)
    /// Last messages are on their way to the ring; they are given until the deadline.
    case sending(until: Instant)
    case left

    /// Milliseconds that last messages are given: more than a visit of the token takes, and no reason to wait when the
    /// ring has lost it.
    static let patience: UInt64 = 500

    /// When the engine wants to look again.
    var deadline: Instant? {
        switch self {
        case .none, .left: nil
        case .closing(let since): since
        case .sending(let until): until
        }
    }
}
