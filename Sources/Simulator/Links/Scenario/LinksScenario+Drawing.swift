import Basics
import Links
import TotemWire

/// Scenarios from seeds.
extension LinksScenario {
    package static func drawn(seed: UInt64, nodes: Int?) -> LinksScenario {
        var chance = SeededGenerator(seed: seed).fork(101)
        let count = min(nodes ?? chance.pick(2, 2, 2, 3, 3, 4, chance.between(2, 8)), 64)
        let numbers = (1...max(count, 1)).map { UInt32($0) * (seed % 5 == 0 ? 257 : 1) }
        var scenario = LinksScenario(
            seed: seed, nodes: numbers.map { NodeID(min($0, 65_535)) }, links: [],
            calmAt: chance.between(UInt64(2500), 9000))
        scenario.drawLinks(&chance)
        scenario.drawNetwork(&chance)
        scenario.drawTraffic(&chance)
        scenario.drawFaults(&chance)
        scenario.drawSettings()
        return scenario
    }

    /// Drawn on top of everything else by a generator of its own, so that seeds without it take the course they would take
    /// anyway.
    private mutating func drawSettings() {
        var chance = SeededGenerator(seed: seed).fork(102)
        if chance.oneIn(6) { compressionThreshold = chance.pick(60, 100, 1000) }
        guard chance.oneIn(8) else { return }
        mtu = chance.between(576, 1280)
        // What knet_mtu says administrators see to.
        for index in faults.indices {
            if case .own(.path(let link, let from, let to, let bytes)) = faults[index].fault {
                faults[index].fault = .own(.path(link: link, from: from, to: to, bytes: max(bytes, mtu)))
            }
        }
    }

    private mutating func drawLinks(_ chance: inout SeededGenerator) {
        let count = chance.pick(1, 1, 2, 2, 2, 3, chance.oneIn(4) ? 8 : 2)
        let interval = chance.between(UInt64(50), chance.pick(200, 400, 800))
        for _ in 0..<count {
            var link = LinkPlan()
            let own = chance.oneIn(4) ? chance.between(interval, 2 * interval) : interval
            link.timing = LinkTiming(
                pingInterval: UInt32(own), timeout: UInt32(own * chance.pick(2, 2, 2, 3)),
                pongCount: UInt8(chance.pick(2, 2, 2, 1, 5)))
            link.priority = UInt8(chance.pick(1, 1, chance.between(0, 9)))
            link.isIPv6 = chance.oneIn(6)
            link.interfaceMTU = chance.pick(1500, 1500, 1500, 9000, chance.between(1280, 9000))
            links.append(link)
        }
        policy = chance.pick(.passive, .passive, .active, .roundRobin)
        probeInterval = chance.between(UInt64(500), 4000)
        protection = .drawn(&chance)
        tellsInterfaces = !chance.oneIn(3)
        hasIntruder = chance.oneIn(3)
    }

    private mutating func drawNetwork(_ chance: inout SeededGenerator) {
        let shortest = links.map { UInt64($0.timing.timeout) }.min() ?? 100
        network.delay = chance.between(UInt64(20), shortest * 1000 / chance.pick(400, 100, 40))
        network.jitter = chance.between(UInt64(0), network.delay)
        network.keepsOrder = chance.oneIn(2)
        if chance.oneIn(2) { network.duplicatePerMillion = UInt32(chance.between(UInt64(0), 50_000)) }
        if chance.oneIn(4) { network.lossPerMillion = UInt32(chance.between(UInt64(0), 100_000)) }
        if chance.oneIn(5) { network.flipPerMillion = UInt32(chance.between(UInt64(0), 50_000)) }
        if chance.oneIn(8) {
            network.slowPerMillion = UInt32(chance.between(UInt64(1), 20_000))
            network.slowness = chance.between(UInt64(1000), 200_000)
        }
    }

    private mutating func drawTraffic(_ chance: inout SeededGenerator) {
        // Few seeds count round: 65535 numbers take their time.
        let isFast = nodes.count == 2 && chance.oneIn(24)
        for node in nodes.indices where !chance.oneIn(6) {
            traffic[node].pace = chance.between(UInt64(1000), chance.pick(10_000, 60_000, 300_000))
            traffic[node].burst = chance.pick(1, 1, 1, 1, chance.between(2, 40))
            traffic[node].sizes = chance.pick(.small, .medium, .large, .mixed)
            if traffic[node].sizes == .large || traffic[node].sizes == .mixed {
                traffic[node].pace *= UInt64(traffic[node].burst) * 4
            }
        }
        guard isFast else { return }
        traffic[0].pace = 1000
        traffic[0].burst = chance.between(30, 80)
        traffic[0].sizes = .small
        calmAt = min(calmAt, 4000)
    }
}

extension Protection {
    static func drawn(_ chance: inout SeededGenerator) -> Protection {
        if chance.oneIn(3) { return .clear }
        return Protection(hasCipher: !chance.oneIn(4), hashSize: chance.pick(16, 20, 32, 48, 64))
    }
}

/// What goes wrong.
extension LinksScenario {
    private mutating func drawFaults(_ chance: inout SeededGenerator) {
        if chance.oneIn(3) {
            for node in starts.indices { starts[node] = chance.between(0, calmAt * 200_000) }
        }
        for _ in 0..<chance.between(0, 10) {
            let time = chance.between(UInt64(200), calmAt)
            if chance.oneIn(3) { drawCommonFault(at: time, &chance) } else { drawLinkFault(at: time, &chance) }
        }
        if chance.oneIn(8) { add(chance.between(0, calmAt / 2), .own(.reports(false))) }
        faults.sort { first, second in
            guard case .at(let one) = first.occasion, case .at(let other) = second.occasion else { return false }
            return one < other
        }
    }

    private mutating func drawCommonFault(at time: UInt64, _ chance: inout SeededGenerator) {
        let node = chance.below(nodes.count)
        let later = time + chance.between(UInt64(1), chance.pick(50, 500, 3000))
        switch chance.below(8) {
        case 0, 1, 2:
            add(time, .crash(node: node, sending: chance.oneIn(2) ? 0 : chance.between(1, 60)))
            // A process takes its time to begin.
            add(later + 80, .restart(node: node))
        case 3, 4: add(time, .pause(node: node, milliseconds: later - time))
        case 5:
            add(time, .partition(drawGroups(&chance)))
            add(later, .heal)
        case 6:
            add(time, .cut(from: drawSome(&chance), to: drawSome(&chance)))
            add(later, .heal)
        default: add(time, .loss(perMillion: UInt32(chance.pick(0, chance.between(UInt64(0), 300_000)))))
        }
    }

    private mutating func drawLinkFault(at time: UInt64, _ chance: inout SeededGenerator) {
        let link = chance.below(links.count)
        let node = chance.below(nodes.count)
        let later = time + chance.between(UInt64(1), chance.pick(100, 1000, 4000))
        let all = Array(nodes.indices)
        switch chance.below(12) {
        case 0, 1, 2:
            add(time, .own(.cut(link: link, from: all, to: all)))
            if !chance.oneIn(3) { add(later, .own(.mend(link: link, from: all, to: all))) }
        case 3, 4:
            let (from, to) = (drawSome(&chance), drawSome(&chance))
            add(time, .own(.cut(link: link, from: from, to: to)))
            if !chance.oneIn(3) { add(later, .own(.mend(link: link, from: from, to: to))) }
        case 5: add(time, .own(.loss(link: link, perMillion: UInt32(chance.pick(0, chance.between(0, 500_000))))))
        case 6: add(time, .own(.delay(link: link, microseconds: network.delay * chance.pick(1, 2, 4))))
        case 7, 8:
            let least = links[link].isIPv6 ? 1280 : 576
            let bytes = chance.pick(chance.between(least, 1500), chance.between(least, 9000))
            add(time, .own(.path(link: link, from: chance.oneIn(2) ? all : drawSome(&chance), to: all, bytes: bytes)))
        case 9:
            add(time, .own(.interface(node: node, link: link, bytes: chance.between(1280, chance.pick(1500, 9000)))))
        case 10:
            add(time, .own(.interfaceGone(node: node, link: link)))
            if !chance.oneIn(3) { add(later, .own(.interfaceBack(node: node, link: link))) }
        default:
            let next = Protection.drawn(&chance)
            // What is signed only counts as clear where that is taken, with the digest as its end.
            let isSealed = next.isSealed && protections.allSatisfy(\.isSealed)
            let late = isSealed && chance.oneIn(2) ? chance.below(nodes.count) : nil
            add(time, .own(.changeKeys(next, late: late, milliseconds: late == nil ? 0 : later - time)))
        }
    }
}
