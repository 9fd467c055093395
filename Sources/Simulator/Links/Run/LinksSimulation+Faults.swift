import Basics
import Links
import TotemWire

/// What goes wrong, and right again.
extension LinksSimulation {
    mutating func strike(_ fault: LayerFault<LinkFault>) {
        figures.faults += 1
        trace.add(now, nil, fault.words(scenario.nodes))
        switch fault {
        case .crash(let node, let sending):
            if nodes[node].isUp, sending > 0 { nodes[node].dyingAfter = sending } else { die(node, "stops dead") }
        case .restart(let node): start(node)
        case .pause(let node, let milliseconds): pause(node, milliseconds)
        case .partition(let groups): network.each { $0.partition(groups) }
        case .cut(let from, let to): network.each { $0.cut(from: from, to: to) }
        case .mend(let from, let to): network.each { $0.mend(from: from, to: to) }
        case .sever(let pairs): network.each { $0.sever(pairs) }
        case .heal: network.each { $0.heal() }
        case .conditions(let conditions): network.each { $0.conditions = conditions }
        case .loss(let perMillion): network.each { $0.conditions.lossPerMillion = perMillion }
        case .own(let own): strike(own)
        // Texts with these are refused.
        case .leave, .late, .lose: break
        }
        reassess()
    }

    private mutating func strike(_ fault: LinkFault) {
        switch fault {
        case .cut(let link, let from, let to): network.links[link].cut(from: from, to: to)
        case .mend(let link, let from, let to): network.links[link].mend(from: from, to: to)
        case .loss(let link, let perMillion): network.links[link].conditions.lossPerMillion = perMillion
        case .delay(let link, let time): network.links[link].conditions.delay = time
        case .path(let link, let from, let to, let bytes):
            for sender in from {
                for receiver in to {
                    network.setPath(link, from: sender, to: receiver, bytes)
                    resize(sender, receiver, link)
                }
            }
        case .interface(let node, let link, let bytes):
            network.setInterface(link, of: node, bytes)
            for other in nodes.indices { resize(node, other, link) }
            tellInterface(node, link)
        case .interfaceGone(let node, let link): network.setGone(link, of: node, true)
        case .interfaceBack(let node, let link): network.setGone(link, of: node, false)
        case .reports(let isOn): network.reports = isOn
        case .changeKeys(_, let late, let time): beginChange(late: late, milliseconds: time)
        }
    }

    func tellsInterface(_ node: Int) -> Bool { scenario.tellsInterfaces }

    private mutating func tellInterface(_ node: Int, _ link: Int) {
        guard scenario.tellsInterfaces else { return }
        let (bytes, instant) = (network.interface(link, of: node), instant)
        call(node) { $0.links.interface(of: SocketNumber(UInt8(link)), mtu: bytes, now: instant) == () }
    }

    // MARK: Processes

    /// Nanoseconds that it takes at least from a process's end to the next one's first word.
    private static let leastStart: UInt64 = 60_000_000

    mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        if let ended = nodes[node].endedAt, now < ended + Self.leastStart {
            return queue.plan(.start(node), at: ended + Self.leastStart)
        }
        nodes[node].life += 1
        nodes[node].number = 0
        nodes[node].isPaused = false
        nodes[node].dyingAfter = nil
        nodes[node].wakeAt = .max
        nodes[node].startedAt = now
        nodes[node].freeSince = now
        nodes[node].generation = nodes[node].configured
        ledger.beginLife(node)
        intruder.forget(node)
        let protection = scenario.protections[nodes[node].generation]
        nodes[node].keys = NodeKeys()
        if protection.isSealed {
            nodes[node].keys[.first] = NodeKeys.key(
                protection, generation: nodes[node].generation, sender: node, life: nodes[node].life)
        }
        let secret = LinkSecret(chance.next(), chance.next())
        nodes[node].box = makeMachine(node, protection, secret)
        // Another one that is told the same costs as much again.
        nodes[node].twin = node == 0 ? makeMachine(node, protection, secret) : nil
        for other in nodes.indices where other != node {
            checker.acquaintances[node * nodes.count + other].forget(isCertain: true)
            for link in scenario.links.indices {
                let place = checker.place(node, other, link)
                checker.views[place].pongs = 0
                checker.views[place].pongNumbers = NumberSet()
                checker.views[place].isDataLast = false
                resize(node, other, link)
            }
        }
        trace.add(now, nodes[node].id, "starts")
        reassess()
        if scenario.tellsInterfaces { for link in scenario.links.indices { tellInterface(node, link) } }
        call(node) { _ in true }
    }

    private func makeMachine(_ node: Int, _ protection: Protection, _ secret: LinkSecret) -> LinksBox? {
        guard let me = HostID(nodes[node].id) else { return nil }
        let settings = KnetSettings(
            policy: scenario.policy, mtu: scenario.mtu, probeInterval: scenario.probeInterval,
            compressionThreshold: scenario.compressionThreshold)
        let box = LinksBox(
            KnetLinks(
                me: me, settings: settings, keys: KeySlots(isSealed: protection.isSealed),
                overhead: protection.overhead, secret: secret, now: instant))
        #if PLANTED_DEFECTS
            box.links.planted = planted
        #endif
        for link in scenario.links.indices {
            for other in nodes.indices where other != node {
                guard let host = HostID(nodes[other].id), let number = LinkNumber(UInt8(link)) else { continue }
                let plan = scenario.links[link]
                try? box.links.add(
                    LinkSettings(
                        number: number, own: address(node, link), remote: address(other, link), timing: plan.timing,
                        priority: plan.priority),
                    to: host, now: instant)
            }
        }
        return box
    }

    mutating func die(_ node: Int, _ how: String) {
        guard nodes[node].isUp else { return }
        trace.add(now, nodes[node].id, how)
        nodes[node].endedAt = now
        nodes[node].box = nil
        nodes[node].twin = nil
        nodes[node].isPaused = false
        for flight in nodes[node].inbox { packets.release(flight.packet) }
        nodes[node].inbox.removeAll()
        reassess()
    }

    private mutating func pause(_ node: Int, _ milliseconds: UInt64) {
        guard nodes[node].runs else { return }
        nodes[node].isPaused = true
        nodes[node].resumeAt = now + milliseconds * 1_000_000
        queue.plan(.resume(node), at: nodes[node].resumeAt)
    }

    mutating func resume(_ node: Int) {
        guard nodes[node].isUp, nodes[node].isPaused, nodes[node].resumeAt == now else { return }
        trace.add(now, nodes[node].id, "goes on")
        nodes[node].isPaused = false
        nodes[node].freeSince = now
        nodes[node].wakeAt = .max
        reassess()
        checker.noteAnswers(of: node)
        let waiting = nodes[node].inbox
        nodes[node].inbox.removeAll()
        for flight in waiting { arrive(flight) }
        let instant = instant
        call(node) { $0.links.advance(to: instant) == () }
    }

    // MARK: Keys

    private static let keyStep: UInt64 = 5_000_000

    private mutating func beginChange(late: Int?, milliseconds: UInt64) {
        guard keysChangeUntil <= now else { return }
        guard let latest = nodes.map(\.configured).max(), latest + 1 < scenario.protections.count else { return }
        let generation = latest + 1
        keysChangeUntil = now + milliseconds * 1_000_000 + 4 * Self.keyStep + 2 * longestTravel
        for node in nodes.indices {
            let begin = now + (node == late ? milliseconds * 1_000_000 : 0)
            for step in 0...2 {
                // What was sealed with the old key before a step is to have arrived when the old key goes.
                let time = begin + UInt64(step) * (Self.keyStep + longestTravel) + chance.below(Self.keyStep)
                queue.plan(.keys(node: node, step: step, generation: generation), at: time)
            }
        }
    }

    mutating func changeKeys(_ node: Int, step: Int, generation: Int) {
        if step == 0 { nodes[node].configured = generation }
        guard let box = nodes[node].box, step == 0 || nodes[node].generation == generation,
            nodes[node].generation != generation || step > 0
        else { return }
        // A process that has started with the new key has nothing to change.
        if step > 0, box.links.keys.next == nil { return }
        let old = scenario.protections[max(generation - 1, 0)]
        let next = scenario.protections[generation]
        var keys = box.links.keys
        switch step {
        case 0:
            keys.prepare(isSealed: next.isSealed)
            if let slot = keys.next, next.isSealed {
                nodes[node].keys[slot] = NodeKeys.key(
                    next, generation: generation, sender: node, life: nodes[node].life)
            }
            nodes[node].generation = generation
        case 1: keys.select()
        default:
            keys.settle()
            for slot in [KeySlot.first, .second] where !keys.isFilled(slot) { nodes[node].keys[slot] = nil }
        }
        let overhead = step == 0 ? old.overhead : next.overhead
        let (changed, instant) = (keys, instant)
        for other in nodes.indices { for link in scenario.links.indices { resize(node, other, link) } }
        call(node) { $0.links.seal(changed, overhead: overhead, now: instant) == () }
        reassess()
    }
}
