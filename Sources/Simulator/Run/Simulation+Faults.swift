import Basics
import Totem
import TotemWire

/// Faults: nodes that stop, start and go on, and what can go wrong with rings only.
extension Simulation {
    mutating func strike(own fault: RingFault) {
        switch fault {
        case .forceGather(let node):
            guard nodes[node].isUp, !nodes[node].isPaused else { return }
            nodes[node].ring.forceGather(now: instant(node))
            settle(node)
        case .accuse(let node, let whom):
            accuse(whom, by: node)
        case .reject(let node, let milliseconds):
            reject(node, milliseconds: milliseconds)
        case .freeze(let node, let milliseconds):
            freeze(node, milliseconds: milliseconds)
        case .lag(let node, let milliseconds):
            lag(node, milliseconds: milliseconds)
        case .slow(let node, let microseconds):
            trace.add(now, nodes[node].id, "now needs \(microseconds) µs for each call")
            nodes[node].callTime = microseconds * 1000
            disturb()
        case .damageDisk(let node, let damage):
            nodes[node].damage = damage
        case .restartAll(let farewell, let milliseconds):
            trace.add(now, nil, "all nodes are stopped")
            for node in nodes.indices {
                if farewell { leave(node) }
                die(node, "stops dead")
                let wait = chance.between(UInt64(1), max(milliseconds, 1)) * 1_000_000
                queue.plan(.start(node: Int32(node)), at: now + wait)
            }
        }
    }

    mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        disturb()
        damageDisk(node)
        nodes[node].boot(scenario)
        #if PLANTED_DEFECTS
            nodes[node].ring.planted = planted
        #endif
        checker.started(node)
        recording?.note(.started, of: node, at: now)
        trace.add(now, nodes[node].id, "starts with stored ring sequence \(nodes[node].disk)")
        nodes[node].ring.start(now: instant(node))
        settle(node)
    }

    private mutating func damageDisk(_ node: Int) {
        guard let damage = nodes[node].damage else { return }
        nodes[node].damage = nil
        guard !isRemembered(node) else { return }
        switch damage {
        case .lost:
            trace.add(now, nodes[node].id, "has lost its ring id file")
            nodes[node].disk = 0
        case .torn:
            trace.add(now, nodes[node].id, "finds its ring id file torn")
            nodes[node].disk = 0
        case .garbage(let number):
            trace.add(now, nodes[node].id, "finds garbage in its ring id file")
            nodes[node].disk = number
        }
        checker.lostDisk(node)
    }

    /// Whether a ring of which the node was the representative may still be known to somebody, or to a datagram.
    private func isRemembered(_ node: Int) -> Bool {
        let id = nodes[node].id
        return now < nodes[node].stoppedAt + network.longestTravel
            || nodes.contains { other in
                other.isUp
                    && (other.isPaused || !other.inbox.isEmpty || other.ring.ringID.representative == id
                        || other.ring.progress.ring.representative == id)
            }
    }

    mutating func die(_ node: Int, _ how: String) {
        guard nodes[node].isUp else { return }
        trace.add(now, nodes[node].id, how)
        let witness = nodes.indices.first { $0 != node && nodes[$0].isUp }
        let others = witness.flatMap { companions(node, by: $0) }
        disturb()
        if let others, let bound = silenceBound(of: node, for: others), bound + farewellBound < farewellLimit * 3 / 2 {
            checker.parted(from: node, .silence, others: others, within: bound + farewellBound)
        }
        if let others, let bound = refusalBound(of: node, for: others), bound + farewellBound < farewellLimit * 3 / 2 {
            checker.parted(from: node, .refusal, others: others, within: bound + farewellBound)
        }
        nodes[node].isUp = false
        nodes[node].isPaused = false
        nodes[node].stoppedAt = now
        emptyInbox(node)
        checker.stopped(node)
        recording?.note(.stopped, of: node, at: now)
    }

    mutating func leave(_ node: Int) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        // One that dies in the middle of its farewell may have said it to nobody.
        let others = nodes[node].dyingAfter == nil ? companions(node, by: node) : nil
        nodes[node].ring.leave(now: instant(node))
        settle(node)
        guard nodes[node].isUp else { return }
        recording?.note(.left, of: node, at: now)
        die(node, "has said goodbye")
        if let others { checker.parted(from: node, .farewell, others: others, within: farewellBound) }
    }

    /// A node is told that another is gone. If that is true, those that are left go on without it at once.
    private mutating func accuse(_ whom: Int, by node: Int) {
        guard node != whom, nodes[node].isUp, !nodes[node].isPaused else { return }
        let others = !nodes[whom].isUp && nodes[node].dyingAfter == nil ? companions(whom, by: node) : nil
        disturb()
        // Before it is told: where it was the last one, the ring without the other is there at once.
        if let others { checker.parted(from: whom, .evidence, others: others, within: farewellBound) }
        trace.add(now, nodes[node].id, "is told that node \(nodes[whom].id) is gone")
        nodes[node].ring.learn(.confirmed, of: nodes[whom].id, now: instant(node))
        settle(node)
    }

    /// All other members of the node's ring, if nothing is wrong with it and no other node is up.
    ///
    /// - Parameter witness: a member that is up: the node itself unless it is down.
    private func companions(_ node: Int, by witness: Int) -> [Int]? {
        let ring = nodes[witness].ring.ringID
        let others = nodes.indices.filter { $0 != node && nodes[$0].isUp }
        let areTogether =
            nodes[witness].phase == .operational && others.count + 1 == nodes[witness].ring.members.count
            && nodes[witness].ring.members.contains(nodes[node].id)
            && others.allSatisfy {
                nodes[$0].phase == .operational && nodes[$0].ring.ringID == ring && !nodes[$0].isPaused
                    && nodes[$0].services.isComplete && nodes[$0].dyingAfter == nil
            }
        return areTogether && !others.isEmpty && farewellBound < farewellLimit ? others : nil
    }

    /// Half of the nanoseconds that it takes without a farewell.
    private var farewellLimit: UInt64 {
        (UInt64(scenario.parameters.token) + UInt64(scenario.parameters.consensus)) * 500_000
    }

    /// Nanoseconds within which a ring without the leaver is due: some rounds of joins, and the forming of the ring.
    private var farewellBound: UInt64 {
        let rotation = UInt64(nodes.count) * (checker.usualTravel + 20_000)
        return UInt64(scenario.parameters.join) * 5_000_000 + 40 * rotation
    }

    mutating func disturb() {
        checker.disturb()
        checker.isSlow = nodes.contains { $0.callTime > 0 }
    }

    /// After a pause both timers and packets are waiting; which come first is a matter of luck.
    mutating func goOn(_ node: Int) {
        disturb()
        checker.resumed(node)
        recording?.note(.resumed, of: node, at: now)
        trace.add(now, nodes[node].id, "goes on; \(nodes[node].inbox.count) datagrams wait")
        nodes[node].isPaused = false
        nodes[node].frozenUntil = 0
        if nodes[node].lagsUntil > 0, nodes[node].lagsUntil <= now { catchUpNow(node) }
        readRefusals(node)
        readAnswers(node)
        let timersFirst = chance.oneIn(2)
        if timersFirst { advance(node) }
        read(node)
        if !timersFirst { advance(node) }
    }

    private mutating func advance(_ node: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].ring.advance(to: instant(node))
        settle(node)
    }
}
