import Basics
import Links

/// What the machines tell.
extension LinksSimulation {
    mutating func drainEvents(_ node: Int) {
        guard let box = nodes[node].box else { return }
        while let event = box.links.nextEvent() {
            if let twin = nodes[node].twin, twin.links.nextEvent() != event {
                fail(.equality, "two machines of node \(nodes[node].id) tell different things")
            }
            note(event, node)
        }
    }

    private mutating func note(_ event: LinksEvent, _ node: Int) {
        switch event {
        case .notice(let notice): note(notice, node)
        case .linksLost(let other):
            trace.add(now, nodes[node].id, "has no link to node \(other) any more")
            guard let other = place(other) else { return }
            checker.acquaintances[node * nodes.count + other].forget(isCertain: true)
        case .refused(let other):
            trace.add(now, nodes[node].id, "hears that the machine of node \(other) refuses its packets")
        case .linksBack(let other): trace.add(now, nodes[node].id, "has a link to node \(other)")
        case .dataMTU, .openSocket, .closeSocket, .answered: break
        }
    }

    private mutating func note(_ notice: LinksNotice, _ node: Int) {
        trace.add(now, nodes[node].id, notice.text)
        if notice.kind != nil {
            checker.noteTold(by: node, "node \(nodes[node].id)")
        }
        switch notice {
        case .linkUp(let host, let link):
            if let other = place(host.nodeID) { noteUp(node, other, Int(link.rawValue)) }
        case .linkDown(let host, let link):
            if let other = place(host.nodeID) { noteDown(node, other, Int(link.rawValue)) }
        case .linkMTU(let host, let link, let old, let new):
            if let other = place(host.nodeID) { noteMTU(node, other, Int(link.rawValue), from: old, to: new) }
        default: break
        }
    }

    private func place(_ node: NodeID) -> Int? { scenario.nodes.firstIndex(of: node) }
}
