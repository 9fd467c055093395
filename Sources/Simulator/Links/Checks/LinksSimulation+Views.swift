import Basics
import Links
import TotemWire

/// How the links look to each node, and what follows for when they are up, and for what has to arrive.
extension LinksSimulation {
    typealias Standing = LinksChecker.Standing

    private func timing(_ link: Int) -> LinkTiming { scenario.links[link].timing }
    private func interval(_ link: Int) -> UInt64 { UInt64(timing(link).pingInterval) * 1_000_000 }
    private func timeout(_ link: Int) -> UInt64 { UInt64(timing(link).timeout) * 1_000_000 }
    /// Nanoseconds that a datagram is under way at most, where nothing is held up.
    private func travel(_ link: Int) -> UInt64 { network.links[link].conditions.usualDelay * 1000 + 100_000 }
    var longestTravel: UInt64 { scenario.links.indices.map { travel($0) }.max() ?? 0 }
    private static let slack: UInt64 = 20_000_000

    /// Nanoseconds without an answer after which a link is doubted.
    private func doubt(_ link: Int) -> UInt64 { max(min(100_000_000, timeout(link) / 4), 8 * travel(link)) }

    /// Within which a link that carries comes up.
    func upBound(_ link: Int) -> UInt64 {
        (UInt64(timing(link).pongCount) + 1) * interval(link) + 4 * travel(link) + Self.slack
    }

    /// Within which one that does not carry goes down, where another can be trusted.
    private func downBound(_ link: Int) -> UInt64 {
        timeout(link) + interval(link) + doubt(link) + 6 * travel(link) + Self.slack
    }

    /// The same where none can: libknet's patience (spec: knet.md 8).
    private func patientDownBound(_ link: Int) -> UInt64 {
        min(10 * timeout(link), 9_000_000_000 + timeout(link)) + downBound(link)
    }

    /// Within which a link that does not carry is not relied on any more.
    private func failover(_ link: Int) -> UInt64 {
        interval(link) + doubt(link) + 4 * travel(link) + Self.slack
    }

    /// Within which a host that has begun anew is believed to have.
    var restartBelief: UInt64 {
        let longest = scenario.links.indices.map { interval($0) }.max() ?? 0
        return 3 * longest + 700_000_000 + 4 * longestTravel
    }

    /// Within which all is as it will be on a link that carries.
    ///
    /// A link whose probes were not answered shortly before it went down counts as useless until one is, a second later.
    func settlingBound(_ link: Int) -> UInt64 { upBound(link) + restartBelief + 1_200_000_000 }

    /// Within which datagrams are made to fit a path that has become smaller, once one has not.
    private func fittingBound(_ link: Int) -> UInt64 {
        let wait = max(50_000_000, 6 * travel(link))
        return 2_500_000_000 + 16 * wait
    }

    // MARK: Standing

    /// Something has changed: looks anew at every link from both ends.
    mutating func reassess() {
        epoch += 1
        for node in nodes.indices {
            for other in nodes.indices where other != node {
                for link in scenario.links.indices {
                    let standing = standing(node, other, link)
                    let place = checker.place(node, other, link)
                    guard checker.views[place].standing != standing else { continue }
                    checker.views[place].standing = standing
                    checker.views[place].since = now
                }
            }
        }
    }

    private func standing(_ node: Int, _ other: Int, _ link: Int) -> Standing {
        guard nodes[node].isUp else { return .unsure }
        guard nodes[other].runs, !network.isBlocked(link, from: node, to: other),
            !network.isBlocked(link, from: other, to: node), understands(node, other), understands(other, node)
        else { return .bad }
        // Behind what was held up other things wait.
        return network.isSound(link, timeout: timeout(link)) && now >= calmFrom ? .good : .unsure
    }

    /// Whether a node takes what another one sends, as far as keys go.
    private func understands(_ node: Int, _ sender: Int) -> Bool {
        guard let box = nodes[node].box, let other = nodes[sender].box else { return false }
        guard let key = nodes[sender].keys[other.links.keys.inUse] else { return box.links.keys.isClearAllowed }
        return [KeySlot.first, .second].contains { slot in
            nodes[node].keys[slot]?.generation == key.generation && box.links.keys.isFilled(slot)
        }
    }

    /// The path of a link is another one from now on, or carries another size.
    mutating func resize(_ node: Int, _ other: Int, _ link: Int) {
        guard node != other else { return }
        let place = checker.place(node, other, link)
        checker.views[place].sizedSince = now
        checker.views[place].oversizedSince = nil
        checker.views[place].refusedAt = nil
    }

    // MARK: Promises

    /// Whether a packet that leaves now has to arrive.
    func promises(_ packet: PacketOrigin, to other: Int, length: Int) -> Bool {
        let node = packet.sender
        guard nodes[other].runs, now - nodes[node].freeSince > failoverOfAll else { return false }
        // Pieces of a packet are given up when the 33rd newer one comes.
        let traffic = scenario.traffic[node]
        if length > 400, traffic.pace * 1000 * 8 < longestTravel * UInt64(traffic.burst + 1) || traffic.burst > 8 {
            return false
        }
        var hasGood = false
        for link in scenario.links.indices {
            let view = checker.views[checker.place(node, other, link)]
            switch view.standing {
            case .good: if now - view.since > settlingBound(link) { hasGood = true }
            case .bad: if scenario.policy != .active, now - view.since <= failover(link) { return false }
            case .unsure: if scenario.policy != .active { return false }
            }
        }
        return hasGood
    }

    private var failoverOfAll: UInt64 { scenario.links.indices.map { failover($0) }.max() ?? 0 }

    // MARK: Checks

    /// Whether links are up that carry, and down that do not.
    mutating func checkLinks() {
        for node in nodes.indices where nodes[node].runs {
            guard let box = nodes[node].box else { continue }
            for other in nodes.indices where other != node {
                for status in box.links.links(to: nodes[other].id) {
                    check(node, other, Int(status.number.rawValue), isUp: status.isConnected)
                }
            }
        }
    }

    private mutating func check(_ node: Int, _ other: Int, _ link: Int, isUp: Bool) {
        let view = checker.views[checker.place(node, other, link)]
        let time = now - max(view.since, nodes[node].freeSince)
        switch view.standing {
        case .good:
            guard !isUp, time > upBound(link) else { return }
            fail(.up, "\(name(node, other, link)) is not up \(time / 1_000_000) ms after it began to carry")
        case .bad:
            let bound = isCovered(node, other, besides: link) ? downBound(link) : patientDownBound(link)
            guard isUp, time > bound else { return }
            fail(.down, "\(name(node, other, link)) is up \(time / 1_000_000) ms after it ceased to carry")
        case .unsure: return
        }
    }

    /// Another link between them has been trusted for as long as this one does not carry.
    private func isCovered(_ node: Int, _ other: Int, besides link: Int) -> Bool {
        let since = checker.views[checker.place(node, other, link)].since
        return scenario.links.indices.contains { third in
            let view = checker.views[checker.place(node, other, third)]
            return third != link && view.standing == .good
                && max(view.since, nodes[node].freeSince) + settlingBound(third) < since
        }
    }

    func name(_ node: Int, _ other: Int, _ link: Int) -> String {
        "link \(link) of node \(nodes[node].id) to node \(nodes[other].id)"
    }

    /// A machine has said that a link is up.
    mutating func noteUp(_ node: Int, _ other: Int, _ link: Int) {
        let place = checker.place(node, other, link)
        let view = checker.views[place]
        let time = now - max(view.since, nodes[node].freeSince)
        if view.standing == .bad, time > timeout(link) + 4 * travel(link) + Self.slack {
            fail(.down, "\(name(node, other, link)) comes up \(time / 1_000_000) ms after it ceased to carry")
        }
        let needed = Int(timing(link).pongCount) + 1
        if view.pongs < needed, !(view.isDataLast && view.pongs > 0) {
            fail(.pongs, "\(name(node, other, link)) comes up with \(view.pongs) pongs, where \(needed) are needed")
        }
    }

    mutating func noteDown(_ node: Int, _ other: Int, _ link: Int) {
        let place = checker.place(node, other, link)
        checker.views[place].pongs = 0
        checker.views[place].pongNumbers = NumberSet()
        checker.views[place].isDataLast = false
        let view = checker.views[place]
        guard view.standing == .good, now - view.since > failover(link) + interval(link) else { return }
        fail(.up, "\(name(node, other, link)) goes down although it carries")
    }

    /// A pong or data has come by a link.
    mutating func notePong(_ flight: LinkFlight, _ origin: PacketOrigin) {
        guard let from = flight.from, from != flight.to, origin.kind == .pong || origin.kind == .data else { return }
        let place = checker.place(flight.to, from, flight.link)
        // Answers to forged pings bear any number.
        if origin.kind == .pong, flight.nature == .genuine, origin.number < 1 << 20,
            !checker.views[place].pongNumbers.contains(origin.number)
        {
            checker.views[place].pongNumbers.insert(origin.number)
            checker.views[place].pongs += 1
        }
        checker.views[place].isDataLast = origin.kind == .data
    }

    // MARK: Path MTU

    /// A datagram of data leaves.
    mutating func noteSize(_ size: Int, _ node: Int, _ other: Int, _ link: Int) {
        guard scenario.mtu == 0, size > network.carried(link, from: node, to: other) else { return }
        isOversized = true
        let place = checker.place(node, other, link)
        let view = checker.views[place]
        guard view.standing == .good else {
            checker.views[place].oversizedSince = nil
            return
        }
        let since = max(view.since, view.sizedSince, nodes[node].freeSince)
        guard let first = view.oversizedSince, first >= since else {
            checker.views[place].oversizedSince = now
            return
        }
        guard now - first > fittingBound(link), now - since > settlingBound(link) else { return }
        let path = network.carried(link, from: node, to: other)
        fail(
            .pathMTU,
            "\(name(node, other, link)) gets datagrams of \(size) bytes \((now - first) / 1_000_000) ms after the first "
                + "that was too long for a path of \(path)")
    }

    /// The kernel has said that a datagram of data is too long for the interface: no later packet may be.
    mutating func noteRefusal(_ size: Int, _ node: Int, _ other: Int, _ link: Int) {
        let place = checker.place(node, other, link)
        let view = checker.views[place]
        guard scenario.mtu == 0, view.standing == .good,
            now - max(view.since, nodes[node].freeSince) > settlingBound(link)
        else { return }
        guard let first = view.refusedAt else { return checker.views[place].refusedAt = now }
        // What was under way together is cut alike.
        guard now - first > 2_000_000 else { return }
        fail(.pathMTU, "\(name(node, other, link)) gets datagrams of \(size) bytes after the kernel has refused such")
    }

    /// A machine has said that a link's MTU has changed.
    mutating func noteMTU(_ node: Int, _ other: Int, _ link: Int, from old: Int, to new: Int) {
        let view = checker.views[checker.place(node, other, link)]
        let since = max(view.since, view.sizedSince, nodes[node].freeSince)
        guard new < old, view.standing == .good, now - since > settlingBound(link) + fittingBound(link),
            new < exactMTU(node, other, link)
        else { return }
        fail(.pathMTU, "\(name(node, other, link)) loses MTU for nothing, from \(old) to \(new)")
    }

    /// The link MTU that its path allows, or the file says.
    func exactMTU(_ node: Int, _ other: Int, _ link: Int) -> Int {
        let protection = scenario.protections[nodes[node].generation]
        let sizes = LinkSizes(scenario.links[link].family, protection.overhead)
        return sizes.linkMTU(path: scenario.mtu > 0 ? scenario.mtu : network.carried(link, from: node, to: other))
    }
}
