import Basics
import ClusterEngine
import Links
import TotemWire

/// Which links of a node are up, to whom, and what has changed since the last look.
struct LinkLook: Sendable {
    private struct Path: Sendable {
        let link: LinkNumber
        let node: NodeID
        var isUp = false
    }

    private var paths: [Path]

    init(_ configuration: LinksConfiguration?) {
        paths = (configuration?.paths ?? []).map { Path(link: $0.link.number, node: $0.host.nodeID) }
    }

    /// Looks again.
    mutating func look(at links: borrowing KnetLinks, _ report: (NodeEvent) -> Void) {
        for index in paths.indices {
            let path = paths[index]
            let isUp = links.isConnected(path.link, to: path.node)
            guard isUp != path.isUp else { continue }
            paths[index].isUp = isUp
            report(.link(path.link.rawValue, to: path.node, isUp: isUp))
        }
    }

    /// The links in order of number, for a picture.
    func statuses(_ links: borrowing KnetLinks) -> [NodeStatus.Link] {
        var list: [NodeStatus.Link] = []
        for path in paths {
            let index = list.firstIndex { $0.number == path.link.rawValue } ?? list.count
            if index == list.count { list.append(NodeStatus.Link(number: path.link.rawValue)) }
            list[index].paths += 1
            if path.isUp { list[index].up += 1 }
            let figures = links.links(to: path.node).first { $0.number == path.link }
            list[index].sent += figures?.statistics.sent.data.packets ?? 0
        }
        return list.sorted { $0.number < $1.number }
    }
}
