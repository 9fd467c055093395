import Basics
import Links

/// The end of the faults, and what must come of it.
extension LinksSimulation {
    private static let step: UInt64 = 10_000_000

    mutating func probe() {
        checkLinks()
        if isCalm, now >= calmFrom, now - Self.step < calmFrom { reassess() }
        let current = epoch
        let ids = scenario.nodes
        checker.settleDues(epoch: current) { packet, receiver in
            "packet \(packet.number) of node \(ids[packet.sender]) does not reach node \(ids[receiver])"
        }
        if !isCalm {
            if now >= scenario.calmAt * 1_000_000 { calmDown() }
        } else if settledAt == nil {
            lookForRest()
        } else if now > (settledAt ?? 0) + 2 * longestTravel + 60_000_000 {
            finishRest()
        }
        if !isOver { queue.plan(.probe, at: now + Self.step) }
    }

    private mutating func calmDown() {
        isCalm = true
        // Behind what was held up other things wait.
        calmFrom = network.links.map(\.latestArrival).max() ?? now
        network.each { $0.calmDown() }
        for link in scenario.links.indices {
            for node in nodes.indices { network.setGone(link, of: node, false) }
        }
        for node in nodes.indices {
            nodes[node].dyingAfter = nil
            if nodes[node].isPaused { nodes[node].resumeAt = now }
            resume(node)
            if !nodes[node].isUp, scenario.comesBack[node] { start(node) }
        }
        trace.add(now, nil, "calm sets in")
        reassess()
    }

    /// Nanoseconds from calm within which everything is in order.
    private var restBound: UInt64 {
        let links = scenario.links.indices.map { settlingBound($0) }.max() ?? 0
        let keys = keysChangeUntil - min(keysChangeUntil, scenario.calmAt * 1_000_000)
        // A path that has grown is noticed at the next search, which then takes its time; so does one that fails.
        return calmFrom - min(calmFrom, scenario.calmAt * 1_000_000) + keys + links + scenario.probeInterval * 2_000_000
            + 5_000_000_000
    }

    private mutating func lookForRest() {
        let start = scenario.calmAt * 1_000_000
        figures.settlingBound = restBound
        guard let problem = now < calmFrom ? "packets are under way" : firstProblem else {
            settledAt = now
            figures.settlingTime = now - min(start, now)
            epoch += 1
            if !scenario.isLenient { sendLastPackets() }
            return
        }
        guard now - min(start, now) > restBound else { return }
        fail(.liveness, problem)
    }

    /// What is not yet as it has to be.
    private var firstProblem: String? {
        if now < keysChangeUntil { return "keys are being changed" }
        for node in nodes.indices where nodes[node].isUp {
            guard let box = nodes[node].box else { continue }
            if now - nodes[node].freeSince <= restartBelief { return "node \(nodes[node].id) has just begun" }
            for other in nodes.indices where other != node && nodes[other].isUp {
                guard box.links.isReachable(nodes[other].id) else {
                    return "node \(nodes[node].id) does not reach node \(nodes[other].id)"
                }
                guard !acquaintance(of: node, with: other).hasLostCount(of: nodes[other].number, now: now) else {
                    return "node \(nodes[node].id) does not know how far node \(nodes[other].id) has counted"
                }
                for status in box.links.links(to: nodes[other].id) {
                    let link = Int(status.number.rawValue)
                    guard status.isConnected else { return "\(name(node, other, link)) is down" }
                    let exact = exactMTU(node, other, link)
                    guard status.mtu == exact else {
                        return "\(name(node, other, link)) has MTU \(status.mtu), where \(exact) would do"
                    }
                }
            }
        }
        return nil
    }

    /// Now that all is well, a packet of each kind has to arrive everywhere.
    private mutating func sendLastPackets() {
        for length in [PacketLedger.least, 1400, 20_000] {
            for node in nodes.indices where nodes[node].isUp {
                sendPacket(length, from: node, to: nil)
                let packet = PacketOrigin(
                    kind: .data, sender: node, life: nodes[node].life, number: nodes[node].number)
                for other in nodes.indices where other != node && nodes[other].isUp {
                    guard !acquaintance(of: other, with: node).looksOld(packet.number) else { continue }
                    let deadline = now + longestTravel + 1_000_000
                    checker.dues.append(
                        LinksChecker.Due(packet: packet, receiver: other, deadline: deadline, epoch: epoch))
                }
            }
        }
    }

    private func acquaintance(of node: Int, with other: Int) -> Acquaintance {
        checker.acquaintances[node * nodes.count + other]
    }

    private mutating func finishRest() {
        isOver = true
        trace.add(now, nil, "all is well")
    }
}
