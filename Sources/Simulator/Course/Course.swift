import Basics
import TotemWire

/// What of a cluster is simulated.
package enum SimulatedLayer: String, Sendable, CaseIterable {
    /// Rings with modelled services.
    case ring
    /// Whole nodes with the programs on them.
    case nodes
    /// Links without a ring on them.
    case links
}

/// A course of events in one of the layers: who is there, over which network, and what goes wrong when.
package protocol Course: Sendable, Equatable {
    /// What can go wrong in this layer only.
    associatedtype Own: OwnFault

    static var layer: SimulatedLayer { get }

    /// Seed of everything left to chance.
    var seed: UInt64 { get set }
    /// Ascending.
    var nodes: [NodeID] { get set }
    var network: NetworkConditions { get set }
    /// When each node starts, in nanoseconds; `.max` for one that waits until something else starts it.
    var starts: [UInt64] { get set }
    var faults: [PlannedLayerFault<Own>] { get set }
    /// Milliseconds after which faults and senders stop and the cluster has to come to rest.
    var calmAt: UInt64 { get set }
    /// Nodes that are started again when calm sets in, should they be down by then.
    var comesBack: [Bool] { get set }
    /// Which of them have lost their ring id file by then.
    var losesDisk: [Bool] { get set }
    /// Milliseconds after which a token counts as lost.
    var tokenTimeout: UInt64 { get }
    /// Who is there, and what they do, in a few sentences, for people.
    var setting: [String] { get }

    /// The one that belongs to a seed.
    ///
    /// - Parameter nodes: the number of nodes, 1 to 384, when it is not to be drawn.
    static func drawn(seed: UInt64, nodes: Int?) -> Self
}

extension Course {
    /// The course of events in a few sentences, for people.
    package var words: [String] {
        setting + faults.map { $0.occasion.words(nodes) + " " + $0.fault.words(nodes) }
            + ["at \(calmAt) ms faults and senders stop, and nodes that are down come back"]
    }

    // MARK: For drawing

    /// Plans a fault, unless all is calm by then.
    mutating func add(_ time: UInt64, _ fault: LayerFault<Own>) {
        if time < calmAt { faults.append(PlannedLayerFault(.at(milliseconds: time), fault)) }
    }

    func drawGroups(_ chance: inout SeededGenerator) -> [UInt8] {
        let count = chance.pick(2, 2, 3)
        return nodes.map { _ in UInt8(chance.below(count)) }
    }

    func drawSome(_ chance: inout SeededGenerator) -> [Int] {
        if chance.oneIn(2) { return [chance.below(nodes.count)] }
        return nodes.indices.filter { _ in chance.oneIn(2) }
    }
}

/// Nodes that hear everything later than the others do: by a little, for longer than a token may stay away, and between.
extension Course {
    /// Draws them by a generator of its own, so that seeds without such a node take the course they would take anyway.
    ///
    /// - Parameter token: the token timeout in milliseconds.
    mutating func drawLateness(token: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(79)
        guard chance.oneIn(6) else { return }
        for _ in 0..<chance.pick(1, 1, 2, 4) {
            let node = chance.below(nodes.count)
            let time = chance.between(UInt64(0), calmAt)
            let longest = token * 1000 * chance.pick(1, 4, 12, 80) / 8
            add(time, .late(node: node, microseconds: chance.between(UInt64(1), longest)))
            if chance.oneIn(2) { add(time + chance.between(UInt64(1), token * 4), .late(node: node, microseconds: 0)) }
        }
    }
}
