import Basics
import Totem
import TotemWire

/// Faults: machines that stop and go on, and what administrators do.
extension ClusterSimulation {
    mutating func strike(own fault: NodeFault) {
        switch fault {
        case .restartAll(let inOrder, let pause): restartAll(inOrder: inOrder, after: pause)
        case .change(let what, let node): change(what, by: node)
        case .kill(let node, let killer):
            tell(killer, .cfg, LibraryRequests.kill(nodes[node].id.rawValue))
        case .link(let fault): strike(fault)
        }
    }

    mutating func die(_ node: Int, _ how: String) {
        guard nodes[node].isUp else { return }
        disturbRing()
        trace.add(now, nodes[node].id, how)
        nodes[node].box = nil
        nodes[node].running = nil
        nodes[node].isPaused = false
        nodes[node].isReady = false
        emptyInbox(node)
        for trip in nodes[node].trips { packets.release(trip.packet) }
        nodes[node].trips = []
        checker.stopped(node)
        recording?.note(.stopped, of: node, at: now)
        let cut = nodes[node].connections
        nodes[node].connections = []
        for connection in cut { disconnect(connection) }
    }

    mutating func leave(_ node: Int) {
        guard let box = nodes[node].box, !nodes[node].isPaused, !nodes[node].isLeaving else { return }
        disturbRing()
        trace.add(now, nodes[node].id, "is told to end")
        nodes[node].isLeaving = true
        checker.leaving(node, in: box.engine.look().ring)
        box.engine.shutDown(now: instant(node))
        carryOutDirectives(node)
        settle(node)
    }

    /// After a pause timers, packets and requests are waiting; which come first is a matter of luck.
    mutating func goOn(_ node: Int) {
        recording?.note(.resumed, of: node, at: now)
        trace.add(now, nodes[node].id, "goes on; \(nodes[node].inbox.count) datagrams wait")
        nodes[node].isPaused = false
        disturbRing()
        doubtWindow(node)
        nodes[node].wakeAt = .max
        let timersFirst = chance.oneIn(2)
        if timersFirst { advance(node) }
        let waiting = nodes[node].inbox
        nodes[node].inbox = []
        for packet in waiting { receive(node, packet) }
        let trips = nodes[node].trips
        nodes[node].trips = []
        for trip in trips { receive(trip) }
        if !timersFirst { advance(node) }
        settle(node)
        for connection in nodes[node].hangups { queue.plan(.hangup(connection: Int32(connection)), at: now + 1000) }
        nodes[node].hangups = []
        checker.resumed(node)
        for connection in nodes[node].connections where !connections[connection].requests.isEmpty {
            planService(connection)
        }
    }

    private mutating func advance(_ node: Int) {
        guard let box = nodes[node].box else { return }
        box.engine.advance(to: instant(node))
    }

    private mutating func restartAll(inOrder: Bool, after pause: UInt64) {
        trace.add(now, nil, inOrder ? "all nodes are ended in order" : "all nodes stop dead")
        for node in nodes.indices where nodes[node].isUp {
            if inOrder { leave(node) } else { die(node, "stops dead") }
            queue.plan(.start(node: Int32(node)), at: now + pause * 1_000_000 + chance.below(UInt64(50_000_000)))
        }
    }

    /// Without its ring id file a node may create a ring with the id of an earlier one. That no node is still in that
    /// one is for the administrator to see to, so it does not happen here either.
    mutating func loseDisk(_ node: Int) {
        let id = nodes[node].id
        for other in nodes {
            guard let box = other.box else { continue }
            let outlook = box.engine.look()
            if outlook.ring.representative == id || outlook.installed.representative == id { return }
        }
        trace.add(now, id, "has lost its ring id file")
        nodes[node].disk.ringSequence = 0
        checker.lostDisk(node)
    }
}
