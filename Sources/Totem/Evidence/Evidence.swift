/// What shows that a node is gone, other than its silence in the ring.
public enum Evidence: UInt8, Sendable, Equatable {
    /// An administrator or a fence agent says that its machine is off.
    case confirmed = 1

    /// What the log says of it.
    var text: String {
        switch self {
        case .confirmed: "it was confirmed to be down"
        }
    }
}
