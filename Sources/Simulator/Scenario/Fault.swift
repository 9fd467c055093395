import Totem
import TotemWire

/// Something that goes wrong, or right again. Nodes are named by their place in `Scenario.nodes`.
package enum Fault: Sendable, Equatable {
    /// The node stops dead, after the first `sending` of the datagrams it is about to send. Of the last of those only
    /// some copies leave.
    case crash(node: Int, sending: Int)
    case restart(node: Int)
    /// The node says goodbye and stops.
    case leave(node: Int)
    /// The node's process does not run for a while; its packets pile up.
    case pause(node: Int, milliseconds: UInt64)
    /// Only nodes of the same group (one number a node) hear each other.
    case partition([UInt8])
    /// What the nodes of `from` send no longer reaches those of `to`.
    case cut(from: [Int], to: [Int])
    /// What `cut` has cut between them carries again.
    case mend(from: [Int], to: [Int])
    /// The nodes of these pairs no longer hear each other; everybody else does.
    case sever([NodePair])
    case heal
    case conditions(NetworkConditions)
    /// The next packets of one kind that meet the description are lost.
    case lose(LossRule)
    case forceGather(node: Int)
    /// From now on the node is busy for so long with each datagram and timer, until calm sets in.
    case slow(node: Int, microseconds: UInt64)
    /// What the node finds of its ring id file when it starts next. It strikes only where no node is left that knows a
    /// ring of which it was the representative: an id given twice to rings that know nothing of each other no protocol
    /// can help, so that is for the administrator to see to.
    case damageDisk(node: Int, DiskDamage)
    /// Every node stops, with a farewell or without, and starts again within so many milliseconds.
    case restartAll(farewell: Bool, milliseconds: UInt64)
}

package struct NodePair: Sendable, Equatable {
    package var first: Int
    package var second: Int

    package init(_ first: Int, _ second: Int) {
        self.first = first
        self.second = second
    }
}

package enum DiskDamage: Sendable, Equatable {
    case lost
    /// Too short to hold a number.
    case torn
    /// Eight bytes that mean nothing.
    case garbage(UInt64)
}

/// Which packets are to be lost; `nil` stands for any.
package struct LossRule: Sendable, Equatable {
    package var type: PacketType
    package var from: Int?
    package var to: Int?
    package var count: Int

    package init(_ type: PacketType, from: Int? = nil, to: Int? = nil, count: Int) {
        self.type = type
        self.from = from
        self.to = to
        self.count = count
    }
}

/// When a fault happens.
package enum Occasion: Sendable, Equatable {
    case at(milliseconds: UInt64)
    /// When `node` has entered a state for the `count`th time, before or after it has sent what belongs to that.
    case entering(node: Int, phase: RingPhase, count: Int, beforeSending: Bool)
}

package struct PlannedFault: Sendable, Equatable {
    package var occasion: Occasion
    package var fault: Fault

    package init(_ occasion: Occasion, _ fault: Fault) {
        self.occasion = occasion
        self.fault = fault
    }
}
