import Basics
import Links
import TotemWire

/// One seed in three of up to sixteen nodes has knet links, drawn on top of everything else by a generator of their own, so
/// that the others take the course they would take anyway.
extension ClusterScenario {
    mutating func drawLinks(token: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(80)
        guard chance.oneIn(3), nodes.count <= 16 else { return }
        var links = NodeLinks(links: chance.pick(1, 2, 2, 2, 3))
        for link in links.links.indices {
            links.links[link].priority = UInt8(chance.pick(1, 1, chance.between(0, 9)))
            links.links[link].interfaceMTU = chance.pick(1500, 1500, 1500, 9000, chance.between(1280, 9000))
        }
        links.policy = chance.pick(.passive, .passive, .active, .roundRobin)
        links.protection = .drawn(&chance)
        if chance.oneIn(10) { links.mtu = UInt32(chance.between(576, 1280)) }
        if chance.oneIn(6) { links.compressionThreshold = UInt32(chance.pick(60, 100, 1000)) }
        configuration.links = links
        // What links do for a ring shows where nothing else is wrong.
        if chance.oneIn(2) {
            faults = []
            network.lossPerMillion = 0
            network.slowPerMillion = 0
            network.flipPerMillion = 0
            calmAt = token * chance.between(15, 30)
        }
        for _ in 0..<chance.pick(1, 2, 4, 8) { drawLinkFault(&chance, token) }
        sortFaults()
    }

    mutating func sortFaults() {
        faults.sort { first, second in
            guard case .at(let one) = first.occasion, case .at(let other) = second.occasion else { return false }
            return one < other
        }
    }

    private mutating func add(_ time: UInt64, link fault: LinkFault) { add(time, .own(.link(fault))) }

    private mutating func drawLinkFault(_ chance: inout SeededGenerator, _ token: UInt64) {
        let link = chance.below(configuration.links?.links.count ?? 1)
        let node = chance.below(nodes.count)
        // What knet_mtu says administrators see to.
        let least = max(576, Int(configuration.links?.mtu ?? 0))
        let time = chance.oneIn(6) ? chance.between(UInt64(0), token) : chance.between(UInt64(0), calmAt)
        let later = time + chance.between(UInt64(1), chance.pick(token / 8, token, 8 * token) + 1)
        let isMended = !chance.oneIn(3)
        let all = Array(nodes.indices)
        switch chance.below(12) {
        case ..<4:
            add(time, link: .cut(link: link, from: all, to: all))
            if isMended { add(later, link: .mend(link: link, from: all, to: all)) }
        case ..<6:
            let (from, to) = (drawSome(&chance), drawSome(&chance))
            add(time, link: .cut(link: link, from: from, to: to))
            if isMended { add(later, link: .mend(link: link, from: from, to: to)) }
        case 6: drawFlapping(&chance, token, link, from: time)
        case 7:
            add(time, link: .loss(link: link, perMillion: chance.pick(20_000, 100_000, 500_000)))
            if isMended { add(later, link: .loss(link: link, perMillion: 0)) }
        case 8: add(time, link: .delay(link: link, microseconds: network.delay * chance.pick(1, 2, 4)))
        case 9:
            let from = chance.oneIn(2) ? all : drawSome(&chance)
            add(time, link: .path(link: link, from: from, to: all, bytes: chance.between(least, 1500)))
            if chance.oneIn(2) { add(0, link: .reports(false)) }
        case 10:
            add(time, link: .interface(node: node, link: link, bytes: chance.between(least, chance.pick(1500, 9000))))
        default:
            add(time, link: .interfaceGone(node: node, link: link))
            if isMended { add(later, link: .interfaceBack(node: node, link: link)) }
        }
    }

    /// A link that is cut and mended again and again.
    private mutating func drawFlapping(
        _ chance: inout SeededGenerator, _ token: UInt64, _ link: Int, from start: UInt64
    ) {
        let all = Array(nodes.indices)
        let longest = chance.pick(token / 8, token / 2, 2 * token) + 1
        var time = start
        for _ in 0..<chance.between(3, 12) {
            add(time, link: .cut(link: link, from: all, to: all))
            time += chance.between(UInt64(1), longest)
            add(time, link: .mend(link: link, from: all, to: all))
            time += chance.between(UInt64(1), longest)
        }
    }
}
