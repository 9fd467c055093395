/// What shows that a node is gone, other than its silence in the ring.
public enum Evidence: Sendable, Equatable {
    /// An administrator or a fence agent says that its machine is off.
    case confirmed
    /// Its machine is there and refuses a packet of this node: no process has the cluster's port (ICMP port unreachable from
    /// the node's own address, quoting what was sent).
    case refused

    /// What the log says of it.
    var text: String {
        switch self {
        case .confirmed: "it was confirmed to be down"
        case .refused:
            "its machine refuses the cluster's packets, so its process has ended, or a firewall there rejects them"
        }
    }
}
