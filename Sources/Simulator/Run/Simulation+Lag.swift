import Totem

/// Local programs that do not keep up with what the ring brings.
extension Simulation {
    mutating func lag(_ node: Int, milliseconds: UInt64) {
        guard nodes[node].isUp, !nodes[node].isPaused, nodes[node].lagsUntil == 0, milliseconds > 0 else { return }
        trace.add(now, nodes[node].id, "its local programs do not keep up for \(milliseconds) ms")
        let end = min(now + milliseconds * 1_000_000, scenario.calmAt * 1_000_000)
        nodes[node].lagsUntil = end
        queue.plan(.catchUp(node: Int32(clamping: node)), at: end)
        checker.nodes[node].isLagging = true
        nodes[node].ring.setBackPressure(true, now: instant(node))
        settle(node)
    }

    mutating func catchUp(_ node: Int) {
        guard nodes[node].lagsUntil == now, nodes[node].isUp, !nodes[node].isPaused else { return }
        catchUpNow(node)
    }

    mutating func catchUpNow(_ node: Int) {
        trace.add(now, nodes[node].id, "its local programs have caught up")
        nodes[node].lagsUntil = 0
        checker.nodes[node].isLagging = false
        checker.nodes[node].caughtUpAt = now
        nodes[node].ring.setBackPressure(false, now: instant(node))
        settle(node)
    }
}
