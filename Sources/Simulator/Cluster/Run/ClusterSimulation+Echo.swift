import Basics
import TotemWire

/// Machines that are asked whether they are there. They answer whatever becomes of their daemons: here only processes end.
extension ClusterSimulation {
    /// Asks a machine at its address on each link.
    mutating func askMachine(of id: NodeID, by node: Int) {
        guard let machine = nodes.firstIndex(where: { $0.id == id }) else { return }
        var arrivals: [(link: Int, arrival: UInt64)] = []
        let time = now
        if let links = linkNetwork?.links.indices {
            for link in links where linkNetwork?.obstacle(link, from: node, to: machine, size: 0) == nil {
                if let arrival = linkNetwork?.links[link].fate(from: node, to: machine, type: nil, size: 0, now: time)
                    .first?.arrival
                {
                    arrivals.append((link, arrival))
                }
            }
        } else if let arrival = smallArrival(from: node, to: machine) {
            arrivals.append((0, arrival))
        }
        for (link, arrival) in arrivals {
            queue.plan(
                .question(node: Int32(clamping: machine), by: Int32(clamping: node), link: UInt8(clamping: link)),
                at: arrival)
        }
    }

    mutating func answer(_ node: Int, to asker: Int, link: Int) {
        let time = now
        var arrival: UInt64?
        if linkNetwork != nil {
            guard linkNetwork?.obstacle(link, from: node, to: asker, size: 0) == nil else { return }
            arrival =
                linkNetwork?.links[link].fate(from: node, to: asker, type: nil, size: 0, now: time).first?.arrival
        } else {
            arrival = smallArrival(from: node, to: asker)
        }
        guard let arrival else { return }
        queue.plan(.answer(node: Int32(clamping: asker), by: Int32(clamping: node)), at: arrival)
    }

    /// A node hears that a machine is there. (One that is paused does not: that was long ago when it goes on.)
    mutating func hearAnswer(_ node: Int, of machine: Int) {
        guard let box = nodes[node].box, !nodes[node].isPaused else { return }
        box.engine.machineAnswered(nodes[machine].id, now: instant(node))
        settle(node)
    }
}
