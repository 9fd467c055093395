import Basics
import TotemWire

/// What can be seen of a node.
enum NodeEvent: Sendable, Equatable {
    case tokenVisit
    case tokenLost
    case gather
    case consensusExpired
    case commit
    case recovery
    case operational
    /// The services have agreed on a new ring's state.
    case synchronized
    case group(GroupApplication.Event)
    /// One of the node's links has come up or is down.
    case link(UInt8, to: NodeID, isUp: Bool)
}

/// How a node is.
struct NodeStatus: Sendable, Equatable {
    enum Phase: String, Sendable {
        case down
        case starting
        case operational
        case gather
        case commit
        case recovery
    }

    var id: NodeID
    var phase = Phase.down
    var ring = RingID.none
    /// Of the last installed ring.
    var members: [NodeID] = []
    var isSynchronized = false
    var isQuorate = false
    /// Accepted tokens since its start.
    var visits: UInt64 = 0
    /// Own messages that have not come back yet.
    var outstanding: UInt32 = 0
    /// In order of number; none where there are no links.
    var links: [Link] = []

    /// One link of the node, to all others.
    struct Link: Sendable, Equatable {
        var number: UInt8
        /// Other nodes that it leads to, and how many of them answer.
        var paths = 0
        var up = 0
        /// Datagrams with packets of the ring.
        var sent: UInt64 = 0
    }
}
