import Basics
import TotemWire

/// A course of events that can be made smaller.
package protocol ShrinkableCourse: RunnableCourse {
    /// The same without the nodes whose new place in `kept` is nil, and without what only they did.
    func without(_ kept: KeptNodes) -> Self
    /// The same with these ids in place of its own.
    func renamed(_ ids: [NodeID]) -> Self
    /// Fewer senders and programs, and less of what they do; true when anything was left out.
    static func reduceWork(_ shrinker: inout Shrinker<Self>) -> Bool
    /// Everything of the layer's own that makes a course odd without being a fault.
    static func simplify(_ shrinker: inout Shrinker<Self>) -> Bool
}

/// Which nodes are left, and where.
package struct KeptNodes: Sendable {
    /// The new place of each node; nil for one that is left out.
    let places: [Int?]

    init(leavingOut gone: [Int], of count: Int) {
        var places: [Int?] = []
        var kept = 0
        for place in 0..<count {
            if gone.contains(place) {
                places.append(nil)
            } else {
                places.append(kept)
                kept += 1
            }
        }
        self.places = places
    }

    func of<Element>(_ list: [Element]) -> [Element] { zip(list, places).compactMap { $1 == nil ? nil : $0 } }
}

extension ShrinkableCourse {
    /// The same without the nodes at `places`, and without what only they did.
    package func without(nodes gone: [Int]) -> Self {
        let kept = KeptNodes(leavingOut: gone, of: nodes.count)
        var smaller = without(kept)
        smaller.nodes = kept.of(nodes)
        smaller.starts = kept.of(starts)
        smaller.comesBack = kept.of(comesBack)
        smaller.losesDisk = kept.of(losesDisk)
        smaller.faults = faults.compactMap { planned in
            guard let occasion = planned.occasion.renumbered(kept.places),
                let fault = planned.fault.renumbered(kept.places)
            else { return nil }
            return PlannedLayerFault(occasion, fault)
        }
        return smaller
    }
}
