import Totem
import TotemWire

/// The end: faults stop, and the cluster must come to rest in time.
extension Simulation {
    /// True when the run is over.
    mutating func probe() -> Bool {
        guard isCalm else {
            becomeCalm()
            planProbe()
            return false
        }
        let unrest = unrest()
        if figures.settlingTime > 0, unrest != nil || checker.installations != checker.restingInstallations {
            disturbed(unrest ?? "there was another configuration change")
        }
        if figures.settlingTime == 0 {
            settle(unrest)
        } else if sinceCalm > figures.settlingTime + restingTime {
            checkBuffers()
            return true
        }
        planProbe()
        return false
    }

    private var sinceCalm: UInt64 { now - scenario.calmAt * 1_000_000 }

    private mutating func settle(_ unrest: String?) {
        let (since, bound) = (sinceCalm, figures.settlingBound)
        guard let unrest else {
            figures.settlingTime = since
            checker.rested()
            return trace.add(
                now, nil, "all in one ring, everything delivered, \(since / 1_000_000) ms after the faults")
        }
        checker.require(since <= bound, .liveness) { _ in
            "\(since / 1_000_000) ms after the faults stopped (at most \(bound / 1_000_000) ms are due): \(unrest)"
        }
    }

    /// What went wrong before calm set in can come to light as late as a lost token; nothing may after that.
    private mutating func disturbed(_ what: String) {
        let aftermath =
            slowest(UInt64(scenario.parameters.token) + scenario.network.slowness / 1000 + 10) * 1_000_000 + backlog
        checker.require(figures.settlingTime < aftermath, .liveness) { _ in
            "the cluster had come to rest and did not stay so: \(what)"
        }
        figures.settlingTime = 0
    }

    private mutating func becomeCalm() {
        isCalm = true
        trace.add(now, nil, "faults and senders stop")
        network.calmDown()
        waitingFaults = []
        for index in nodes.indices {
            nodes[index].dyingAfter = nil
            nodes[index].callTime = scenario.callTime(of: index) * 1000
            if nodes[index].lagsUntil > 0, nodes[index].isUp, !nodes[index].isPaused { catchUpNow(index) }
            if nodes[index].isUp, nodes[index].isPaused { goOn(index) }
            if !nodes[index].isUp, scenario.comesBack[index] {
                if scenario.losesDisk[index] { nodes[index].damage = .lost }
                start(index)
            }
        }
        checker.disturb()
        checker.isSlow = nodes.contains { $0.callTime > 0 }
        backlog = leftovers()
        figures.settlingBound = settlingBound()
    }

    /// Nanoseconds until all that was under way has arrived and been read.
    private func leftovers() -> UInt64 {
        var reading: UInt64 = 0
        for node in nodes { reading = max(reading, UInt64(node.inbox.count) * node.callTime) }
        return max(network.latestArrival, now) - now + reading
    }

    /// What the slowest clock and the longest timeouts make of so many milliseconds.
    private func slowest(_ milliseconds: UInt64) -> UInt64 {
        var percent: UInt64 = 100
        for node in nodes.indices {
            let drift = UInt64(scenario.clock(of: node).drift.magnitude) / 10_000 + 1
            percent = max(percent, UInt64(scenario.timeoutPercent(of: node)) + drift)
        }
        return milliseconds * percent / 100
    }

    private var hasUnlikeTimeouts: Bool {
        nodes.indices.contains { scenario.timeoutPercent(of: $0) != scenario.timeoutPercent(of: 0) }
    }

    /// Nanoseconds that the cluster may take, from any state: twice to notice a lost token and to agree, once to find
    /// and join other rings, and then to repeat and send what waits. Where timeouts are unlike, those who are short of
    /// patience count others as failed that have not yet counted the dead: once more to agree.
    private func settlingBound() -> UInt64 {
        let parameters = scenario.parameters
        var rotation = UInt64(nodes.count) * (scenario.network.usualHop + scenario.readingPause + 20)
        let perRotation = parameters.framesPerRotation
        for node in nodes.indices { rotation += scenario.callTime(of: node) * (perRotation + 2) }
        var frames: UInt64 = 0
        for node in nodes where node.isUp {
            let progress = node.ring.progress
            // Recovery has every member repeat what any of them may lack.
            frames += UInt64(node.ring.framesWaiting)
            frames += UInt64(progress.highest.distance(from: progress.released))
        }
        let formations = (hasUnlikeTimeouts ? 3 : 2) * parameters.formation
        let milliseconds =
            slowest(formations + parameters.discovery(rotation: rotation) + parameters.repetition)
            + scenario.network.slowness / 1000
        return milliseconds * 1_000_000 + backlog + strangersWait() + 2 * (frames / perRotation + 100) * rotation * 1000
    }

    /// For how long the cluster is watched at rest, in nanoseconds.
    private var restingTime: UInt64 { scenario.parameters.rest * 1_000_000 }

    /// What is not yet as it should be; nil when all is.
    private func unrest() -> String? {
        let up = nodes.indices.filter { nodes[$0].isUp }
        let members = up.map { nodes[$0].id }
        guard let first = up.first else { return nil }
        for index in up {
            let node = nodes[index]
            guard node.phase == .operational else { return "node \(node.id) is in state \(node.ring.stateName)" }
            guard node.ring.members == members else {
                return "node \(node.id) is in ring \(node.ring.ringID) of \(node.ring.members), up are \(members)"
            }
            guard node.ring.ringID == nodes[first].ring.ringID else {
                return "node \(node.id) is in ring \(node.ring.ringID), node \(nodes[first].id) in "
                    + "\(nodes[first].ring.ringID)"
            }
            // A falsified message may be one that the services wait for.
            if checker.isLenient { continue }
            guard node.services.isComplete else { return "node \(node.id) has not finished synchronisation" }
            guard node.ring.framesWaiting == 0 else {
                return "on node \(node.id) \(node.ring.framesWaiting) messages still wait to be sent"
            }
            if let missing = checker.missing(index) { return missing }
        }
        return nil
    }

    private mutating func checkBuffers() {
        for node in nodes where node.isUp {
            let progress = node.ring.progress
            let window = Int(progress.highest.distance(from: progress.released))
            checker.require(node.ring.buffersInUse <= window, .robustness) { _ in
                "node \(node.id) keeps \(node.ring.buffersInUse) messages, of which only \(window) can be asked for"
            }
        }
    }
}
