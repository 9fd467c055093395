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
    case group(GroupApplication.Event)
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
}
