import Basics

/// Around a node's machine: what waits for it, when it is called, and how much of what it sends gets out.
extension VirtualCluster {
    /// Keeps a datagram until the node reads it, as a socket does, up to its buffer.
    ///
    /// - Returns: false when it is lost.
    mutating func keep(_ packet: Int32, for node: Int) -> Bool {
        guard nodes[node].inbox.count < 2000 else {
            packets.release(packet)
            return false
        }
        nodes[node].inbox.append(packet)
        return true
    }

    /// Whatever waits for a node that stops is lost.
    mutating func emptyInbox(_ node: Int) {
        for packet in nodes[node].inbox { packets.release(packet) }
        nodes[node].inbox.removeAll()
    }

    /// The cluster is looked at every two milliseconds.
    mutating func planProbe() { queue.plan(.probe, at: now + 2_000_000) }

    mutating func planWake(_ node: Int, at deadline: Instant) {
        guard !nodes[node].isPaused else { return }
        // A call takes some time: a ring of one node must not go round for ever in none.
        let time = max(nodes[node].clock.time(of: deadline.nanoseconds), now + 1000, nodes[node].busyUntil)
        guard time < nodes[node].wakeAt else { return }
        nodes[node].wakeAt = time
        queue.plan(.wake(node: Int32(node)), at: time)
    }

    /// Counts one more datagram that a node sends; false when it is to die before that, and does.
    mutating func getsOut(_ node: Int) -> Bool {
        guard let left = nodes[node].dyingAfter else { return true }
        guard left > 0 else {
            die(node, "stops dead while it sends")
            return false
        }
        nodes[node].dyingAfter = left - 1
        return true
    }
}
