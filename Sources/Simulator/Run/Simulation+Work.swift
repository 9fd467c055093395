import Totem
import TotemWire

/// Applications that send.
extension Simulation {
    mutating func work(_ node: Int) {
        guard !isCalm, senders.isActive(node) else { return }
        let turn = senders.turn(node)
        queue.plan(.work(node: Int32(node)), at: now + max(turn.pause, 10) * 1000)
        // As in the daemon, applications wait while the services synchronise.
        guard nodes[node].isUp, !nodes[node].isPaused, nodes[node].services.isComplete else { return }
        for _ in 0..<turn.count {
            let size = senders.nextSize(
                netMTU: scenario.parameters.netMTU, largest: TotemRing.maximumMessageSize)
            guard submit(node, .ordinary, size: size) else { break }
            senders.spend(size)
            guard senders.isActive(node) else { break }
        }
        settle(node)
    }
}
