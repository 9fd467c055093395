import Basics

/// What shows that a node is gone, other than its silence in the ring.
public enum Evidence: Sendable, Equatable {
    /// An administrator or a fence agent says that its machine is off.
    case confirmed
    /// Its machine is there and refuses a packet of this node: no process has the cluster's port (ICMP port unreachable from
    /// the node's own address, quoting what was sent).
    case refused
    /// Nothing is heard of it for longer than it gives itself, its machine answers no more, and all that could hear it say so.
    case silent

    /// What the log says of it.
    var text: String {
        switch self {
        case .confirmed: "it was confirmed to be down"
        case .refused:
            "its machine refuses the cluster's packets, so its process has ended, or a firewall there rejects them"
        case .silent:
            "nothing is heard from there, echo requests are not answered, and every node that could hear something says the same"
        }
    }
}

/// Why this node gives up its ring and goes on alone.
public enum Isolation: Sendable, Equatable {
    /// It hears nobody, and no machine of the others answers, for as long as it has told the others.
    case cutOff(milliseconds: UInt32)
    /// These members count it as failed.
    case named([NodeID])

    /// What the log says of it.
    var text: String {
        switch self {
        case .cutOff(let milliseconds):
            "For longer than rondo.silence (\(milliseconds) ms) nothing was heard of any other node, and none of their machines "
                + "answers: this node is cut off. It goes on alone, before the others go on without it. Check its network."
        case .named(let nodes):
            "Node\(nodes.count == 1 ? "" : "s") \(nodes.map(\.description).joined(separator: ", ")) "
                + "count\(nodes.count == 1 ? "s" : "") this node as failed and go\(nodes.count == 1 ? "es" : "") on without it. "
                + "It gives up the ring at once and joins anew. The log of \(nodes.count == 1 ? "that node" : "those nodes") says why."
        }
    }
}
