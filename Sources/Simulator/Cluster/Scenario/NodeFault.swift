import Basics
import TotemWire

package typealias ClusterFault = LayerFault<NodeFault>
package typealias PlannedClusterFault = PlannedLayerFault<NodeFault>

/// What can go wrong with whole nodes only, and what administrators do.
package enum NodeFault: Sendable, Equatable {
    /// All daemons are ended, in order or not, and each is started again after so many milliseconds and up to fifty more.
    case restartAll(inOrder: Bool, after: UInt64)
    /// Every machine gets a new file, and a node is told to have all read it.
    case change(FileChange, by: Int)
    /// `corosync-cfgtool -k`, asked of `by`.
    case kill(node: Int, by: Int)
    /// What happens to links, where there are any.
    case link(LinkFault)
}

extension NodeFault {
    /// Whether it is nothing where there are no links.
    var isOfLinks: Bool {
        switch self {
        case .link, .change(.protect, _): true
        case .restartAll, .change, .kill: false
        }
    }

    /// The link that it is about, if it is one.
    var link: Int? { if case .link(let fault) = self { fault.link } else { nil } }
}

extension NodeFault: OwnFault {
    package func renumbered(_ places: [Int?]) -> NodeFault? {
        switch self {
        case .restartAll: self
        case .change(let change, let node):
            if let node = places[node], let change = change.renumbered(places) {
                .change(change, by: node)
            } else {
                nil
            }
        case .kill(let node, let killer):
            if let node = places[node], let killer = places[killer] { .kill(node: node, by: killer) } else { nil }
        case .link(let fault): fault.renumbered(places).map { .link($0) }
        }
    }

    package var simpler: NodeFault? {
        switch self {
        case .link(let fault): fault.simpler.map { .link($0) }
        case .change(let change, let node): change.simpler.map { .change($0, by: node) }
        case .restartAll, .kill: nil
        }
    }

    package func words(_ ids: [NodeID]) -> String {
        switch self {
        case .restartAll(let inOrder, let pause):
            "all nodes \(inOrder ? "are ended in order" : "stop dead") and start again \(pause) to \(pause + 50) ms later"
        case .change(let change, let node):
            "every machine gets a new corosync.conf (\(change.words(ids))), and node \(ids[node]) has all read it"
        case .kill(let node, let killer): "node \(ids[killer]) is told to kill node \(ids[node])"
        case .link(let fault): fault.words(ids)
        }
    }

    // MARK: As text

    package func text(_ ids: [NodeID]) -> String {
        switch self {
        case .restartAll(let inOrder, let pause):
            "restart-all" + (inOrder ? " in-order" : "") + " after \(Measure.milliseconds.text(pause))"
        case .change(let change, let node): "change by \(ids[node]) \(change.text(ids))"
        case .kill(let node, let killer): "kill \(ids[node]) by \(ids[killer])"
        case .link(let fault): fault.text(ids)
        }
    }

    package static let verbs = ["restart-all", "change", "kill"] + LinkFault.verbs.filter { $0 != "change-keys" }

    package static func read(
        _ verb: Substring, _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> NodeFault {
        switch verb {
        case "restart-all":
            let inOrder = words.takes("in-order")
            try words.expect("after")
            return .restartAll(
                inOrder: inOrder, after: try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest))
        case "change":
            try words.expect("by")
            let node = try words.node(of: nodes)
            return .change(try .read(&words, nodes), by: node)
        case "kill":
            let node = try words.node(of: nodes)
            try words.expect("by")
            return .kill(node: node, by: try words.node(of: nodes))
        default: return .link(try .read(verb, &words, nodes))
        }
    }
}
