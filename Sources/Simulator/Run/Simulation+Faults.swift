import Deadlines
import Totem
import TotemWire

/// Faults: nodes that stop, start and pause, and the network's.
extension Simulation {
    mutating func strike(_ fault: Fault) {
        guard !isCalm else { return }
        switch fault {
        case .crash(let node, let sending):
            guard nodes[node].isUp else { return }
            if sending == 0 {
                die(node, "stops dead")
            } else {
                nodes[node].dyingAfter = sending
                trace.add(now, nodes[node].id, "will stop dead after \(sending) datagrams")
            }
        case .restart(let node):
            start(node)
        case .leave(let node):
            leave(node)
        case .pause(let node, let milliseconds):
            pause(node, milliseconds)
        case .partition(let groups):
            trace.add(now, nil, "partition: \(groups)")
            network.partition(groups)
        case .cut(let from, let to):
            let (deaf, silent) = (names(to), names(from))
            trace.add(now, nil, "nodes \(deaf) no longer hear \(silent)")
            network.cut(from: from, to: to)
        case .heal:
            trace.add(now, nil, "all hear each other again")
            network.heal()
        case .conditions(let conditions):
            trace.add(now, nil, "loss is now \(conditions.lossPerMillion) per million")
            network.conditions = conditions
        case .lose(let rule):
            trace.add(now, nil, "the next \(rule.count) copies of \(rule.type.logName) will be lost")
            network.lose(rule)
        case .forceGather(let node):
            guard nodes[node].isUp, !nodes[node].isPaused else { return }
            nodes[node].ring.forceGather(now: instant)
            settle(node)
        }
    }

    private func names(_ places: [Int]) -> [NodeID] { places.map { nodes[$0].id } }

    /// Lets the faults strike that wait for `node` to enter the state it is in.
    mutating func strikeUponState(_ node: Int, beforeSending: Bool) {
        guard !waitingFaults.isEmpty, !isCalm else { return }
        var index = 0
        while index < waitingFaults.count {
            let planned = scenario.faults[waitingFaults[index]]
            guard case .entering(let watched, let phase, let count, let before) = planned.occasion,
                watched == node, before == beforeSending, nodes[node].phase == phase,
                nodes[node].entered[Int(phase.rawValue)] == count
            else {
                index += 1
                continue
            }
            waitingFaults.remove(at: index)
            strike(planned.fault)
            guard nodes[node].isUp else { return }
        }
    }

    mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        nodes[node].boot(scenario)
        checker.started(node)
        trace.add(now, nodes[node].id, "starts with stored ring sequence \(nodes[node].disk)")
        nodes[node].ring.start(now: instant)
        settle(node)
    }

    /// Without its ring id file a node may create a ring with the id of an earlier one. That no node is still in that
    /// one is for the administrator to see to, so it does not happen here either.
    mutating func loseDisk(_ node: Int) {
        let id = nodes[node].id
        let isRemembered = nodes.contains { other in
            other.isUp
                && (other.ring.ringID.representative == id || other.ring.progress.ring.representative == id)
        }
        guard !isRemembered else { return }
        trace.add(now, nodes[node].id, "has lost its ring id file")
        nodes[node].disk = 0
        checker.lostDisk(node)
    }

    mutating func die(_ node: Int, _ how: String) {
        guard nodes[node].isUp else { return }
        trace.add(now, nodes[node].id, how)
        nodes[node].isUp = false
        nodes[node].isPaused = false
        for packet in nodes[node].inbox { packets.release(packet) }
        nodes[node].inbox.removeAll()
        checker.stopped(node)
    }

    private mutating func leave(_ node: Int) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        nodes[node].ring.leave(now: instant)
        settle(node)
        die(node, "has said goodbye")
    }

    private mutating func pause(_ node: Int, _ milliseconds: UInt64) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        trace.add(now, nodes[node].id, "is paused for \(milliseconds) ms")
        nodes[node].isPaused = true
        nodes[node].resumeAt = now + milliseconds * 1_000_000
        queue.plan(.resume(node: Int32(node)), at: nodes[node].resumeAt)
    }

    mutating func resume(_ node: Int) {
        guard nodes[node].isUp, nodes[node].isPaused, nodes[node].resumeAt == now else { return }
        goOn(node)
    }

    /// After a pause both timers and packets are waiting; which come first is a matter of luck.
    mutating func goOn(_ node: Int) {
        trace.add(now, nodes[node].id, "goes on; \(nodes[node].inbox.count) datagrams wait")
        nodes[node].isPaused = false
        let timersFirst = chance.oneIn(2)
        if timersFirst { advance(node) }
        read(node)
        if !timersFirst { advance(node) }
    }

    private mutating func advance(_ node: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].ring.advance(to: instant)
        settle(node)
    }
}
