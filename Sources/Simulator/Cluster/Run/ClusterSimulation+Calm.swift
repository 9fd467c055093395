import ClusterEngine
import ClusterMap
import Totem
import TotemWire

/// The end: faults and programs stop, and the cluster must come to rest in time.
extension ClusterSimulation {
    /// True when the run is over.
    mutating func probe() -> Bool {
        defer { planProbe() }
        guard isCalm else {
            becomeCalm()
            return false
        }
        let since = now - scenario.calmAt * 1_000_000
        if now >= backlogEnd, !isBacklogRead {
            // Only from here on do all hear each other without delay.
            isBacklogRead = true
            figures.settlingBound = since + settlingBound()
        }
        let late = spreadConfiguration()
        // A falsified order to read the file may never be obeyed, and those who know different lists find no common ring;
        // nor is it known who has understood that its version is an old one.
        let isUnpredictable = scenario.isLenient && (edition > 0 || !scenario.versions.isEmpty)
        let unrest = isUnpredictable ? nil : late ?? unrest()
        if let settled = settledAt {
            if let unrest { disturbed(unrest, after: settled) } else if since > settled + restingTime { return rest() }
        } else if unrest == nil {
            if closeChanges() { return false }
            settledAt = since
            figures.settlingTime = since
            checker.settled()
            trace.add(now, nil, "all in one ring, everything delivered, \(since / 1_000_000) ms after the faults")
        } else if since > figures.settlingBound {
            let bound = figures.settlingBound / 1_000_000
            checker.fail(
                .liveness,
                "\(since / 1_000_000) ms after the faults stopped (at most \(bound) ms are due): \(unrest ?? "")")
        }
        return false
    }

    /// What went wrong before calm set in can come to light as late as a lost token; nothing may after that.
    private mutating func disturbed(_ what: String, after settled: UInt64) {
        let token = nodes.compactMap { $0.box?.engine.look().parameters.token }.max() ?? 0
        let backlog = backlogEnd - scenario.calmAt * 1_000_000 + linkBounds.settling + linkBounds.fitting
        let aftermath = (UInt64(token) + scenario.network.slowness / 1000 + 10) * 1_000_000 + backlog
        if settled >= aftermath {
            checker.fail(.liveness, "the cluster had come to rest and did not stay so: \(what)")
        }
        settledAt = nil
    }

    /// With falsified messages it is not looked at whether any still wait: an order to end may be one of them, and the others then
    /// have to find together without that node.
    mutating func orderCarriedOut() {
        guard isCalm, scenario.isLenient else { return }
        settledAt = nil
        figures.settlingBound = now - scenario.calmAt * 1_000_000 + settlingBound()
    }

    private mutating func becomeCalm() {
        isCalm = true
        trace.add(now, nil, "faults and programs stop")
        disturbRing()
        eachNetwork { $0.calmDown() }
        let links = linkNetwork?.links.indices ?? 0..<0
        for link in links { for node in nodes.indices { giveInterface(link, backTo: node) } }
        for node in nodes.indices {
            fileArrives(at: node)
            nodes[node].dyingAfter = nil
            if nodes[node].isUp, nodes[node].isPaused { goOn(node) }
            if !nodes[node].isUp, scenario.comesBack[node], isListed(node) {
                if scenario.losesDisk[node] { loseDisk(node) }
                start(node)
            }
        }
        for connection in connections.indices where connections[connection].isOpen { readAll(connection) }
        reassessLinks()
        var backlogEnd = now
        eachNetwork { backlogEnd = max(backlogEnd, $0.latestArrival) }
        self.backlogEnd = backlogEnd
        figures.settlingBound = settlingBound() + backlogEnd - now
    }

    /// Nanoseconds that the cluster may take, from any state: twice to notice a lost token and to agree, once to find
    /// and join other rings, then to synchronise the services, and to repeat and send what waits.
    private func settlingBound() -> UInt64 {
        let outlooks = nodes.compactMap { $0.box?.engine.look() }
        let rotation = UInt64(nodes.count) * (scenario.network.usualDelay + 20)
        var bound: UInt64 = 0
        var frames: UInt64 = 0
        for outlook in outlooks { frames += UInt64(outlook.framesWaiting + max(outlook.window, 0)) }
        for connection in connections where connection.isOpen {
            for request in connection.requests { frames += UInt64(request.count / 1000 + 1) }
        }
        for outlook in outlooks {
            let parameters = outlook.parameters
            let milliseconds =
                2 * parameters.formation + parameters.discovery(rotation: rotation) + parameters.repetition
                + scenario.network.slowness / 1000
            // Every service's round of synchronisation costs a few rotations, as does each lost piece of it.
            let rotations = 2 * (frames / parameters.framesPerRotation + 200)
            bound = max(bound, milliseconds * 1_000_000 + rotations * rotation * 1000)
        }
        // Those that are on their way out have their own time.
        bound += 600_000_000 + strangersWait() + linkBounds.settling + linkBounds.fitting
        // As long again for those that still have to hear of a new file, and for what follows from it.
        return edition > 0 ? 2 * bound : bound
    }

    /// For how long the cluster is watched at rest, in nanoseconds.
    private var restingTime: UInt64 {
        (nodes.compactMap { $0.box?.engine.look().parameters.rest }.max() ?? 0) * 1_000_000
    }

    /// What is not yet as it should be; nil when all is.
    private func unrest() -> String? {
        let up = nodes.indices.filter { nodes[$0].isUp && isListed($0) }
        let members = up.map { nodes[$0].id }
        var ring: RingID?
        for node in up {
            guard let box = nodes[node].box else { continue }
            let id = nodes[node].id
            let outlook = box.engine.look()
            if nodes[node].mustEnd {
                return
                    "node \(id) runs on with configuration version \(nodes[node].version), after it has met a newer one"
            }
            if nodes[node].isLeaving { return "node \(id) has not ended" }
            guard outlook.phase == .operational else { return "node \(id) is in state \(outlook.phase)" }
            guard outlook.members == members else {
                return "node \(id) is in ring \(outlook.ring) of \(outlook.members), up are \(members)"
            }
            guard outlook.ring == ring ?? outlook.ring else { return "node \(id) is in ring \(outlook.ring)" }
            ring = outlook.ring
            // A falsified message may be one that the services wait for.
            if scenario.isLenient { continue }
            guard !outlook.isSynchronizing else { return "node \(id) has not finished synchronisation" }
            guard nodes[node].isReady else { return "node \(id) is not ready" }
            guard outlook.framesWaiting == 0 else {
                return "on node \(id) \(outlook.framesWaiting) messages still wait to be sent"
            }
        }
        // Those that are no longer on the list run until the others have come together without them.
        if scenario.isLenient || nodes.indices.contains(where: { nodes[$0].isUp && !isListed($0) }) { return nil }
        for connection in connections where connection.isOpen {
            if !connection.requests.isEmpty { return "requests of program \(connection.program) wait" }
            if let question = programs[connection.program].question {
                return "program \(connection.program) waits for the answer to \(question)"
            }
        }
        return checker.unrest
    }

    /// Everything rests: what programs see now must be the whole truth.
    private mutating func rest() -> Bool {
        guard !scenario.isLenient else { return true }
        for node in nodes {
            guard let box = node.box else { continue }
            let outlook = box.engine.look()
            if outlook.buffersInUse > max(outlook.window, 0) {
                checker.fail(
                    .liveness,
                    "node \(node.id) keeps \(outlook.buffersInUse) messages, of which only \(outlook.window) can be "
                        + "asked for")
            }
        }
        inquire()
        checker.finish()
        return true
    }
}
