import Basics
import Totem
import TotemWire

/// Something that goes wrong, or right again, with the network or with a node's machine and process. Nodes are named by
/// their place in the scenario.
package enum LayerFault<Own: OwnFault>: Sendable, Equatable {
    /// The node stops dead, after the first `sending` of the datagrams it is about to send. Of a ring's node, only some
    /// copies of the last of those leave.
    case crash(node: Int, sending: Int)
    case restart(node: Int)
    /// The node says goodbye and stops.
    case leave(node: Int)
    /// The node's process does not run for a while; what comes for it piles up.
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
    /// From now on so many datagrams are lost; otherwise the network stays as it is.
    case loss(perMillion: UInt32)
    /// From now on the node hears everything so much later, until calm sets in.
    case late(node: Int, microseconds: UInt64)
    /// The next packets of one kind that meet the description are lost.
    case lose(LossRule)
    /// What only this layer has.
    case own(Own)
}

/// What can go wrong in one layer only.
package protocol OwnFault: Sendable, Equatable {
    /// With nodes at their new places; nil when it is about a node that is gone.
    func renumbered(_ places: [Int?]) -> Self?
    /// The same with less of it; nil when there is no less.
    var simpler: Self? { get }
    /// What happens, in words.
    func words(_ ids: [NodeID]) -> String
    /// As scenario texts write it.
    func text(_ ids: [NodeID]) -> String
    /// The first words of all of them in scenario texts.
    static var verbs: [String] { get }
    /// What follows one of `verbs`.
    static func read(
        _ verb: Substring, _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> Self
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

package struct PlannedLayerFault<Own: OwnFault>: Sendable, Equatable {
    package var occasion: Occasion
    package var fault: LayerFault<Own>

    package init(_ occasion: Occasion, _ fault: LayerFault<Own>) {
        self.occasion = occasion
        self.fault = fault
    }
}
