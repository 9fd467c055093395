import Basics
import Links
import Simulator
import TotemWire

/// Families of small scenarios of links in which defects are hunted; each seed is one of the family.
enum LinksHuntingGround: String, Sendable, CaseIterable {
    /// As `rondo simulate` draws them.
    case drawn
    /// Large packets of which pieces are lost.
    case pieces
    /// A node stops in the middle of a large packet and begins anew, before anybody notices.
    case restarts
    /// A node stands still right after a ping was lost.
    case pauses
    /// One of two links is cut while much is sent.
    case cuts
    /// Somebody forges and sends recorded packets, and nothing else is wrong.
    case intrusion
    /// Paths and interfaces become smaller while full datagrams are sent.
    case narrowing
    /// One node sends so much that its numbers go round.
    case rounds

    func scenario(seed: UInt64) -> LinksScenario {
        var chance = SeededGenerator(seed: seed).fork(2000)
        switch self {
        case .drawn: return .drawn(seed: seed, nodes: nil)
        case .pieces:
            var scenario = Self.quiet(seed: seed, calmAt: 3000, every: 4000, .large)
            scenario.network.lossPerMillion = 150_000
            return scenario
        case .restarts: return Self.restarts(seed: seed, &chance)
        case .pauses:
            let time = chance.between(UInt64(900), 1100)
            var scenario = Self.quiet(seed: seed, calmAt: 2500, every: 0, .small)
            scenario.links = [LinkPlan(), LinkPlan()]
            return scenario.with(
                (time, .own(.cut(link: 0, from: [1], to: [0]))),
                (time + chance.between(UInt64(120), 205), .pause(node: 0, milliseconds: 1200)),
                (time + 300, .heal))
        case .cuts:
            var scenario = Self.quiet(seed: seed, calmAt: 7000, every: 3000, .small)
            scenario.links = [LinkPlan(), LinkPlan()]
            scenario.links[0].timing = LinkTiming(pingInterval: 200, timeout: 1000)
            return scenario.with((chance.between(UInt64(4500), 4800), .own(.cut(link: 0, from: [0, 1], to: [0, 1]))))
        case .intrusion:
            var scenario = Self.quiet(seed: seed, calmAt: 8000, every: 10_000, .mixed)
            scenario.hasIntruder = true
            if chance.oneIn(2) { scenario.protection = Protection(hasCipher: true, hashSize: 32) }
            return scenario
        case .narrowing: return Self.narrowing(seed: seed, &chance)
        case .rounds:
            var scenario = Self.quiet(seed: seed, calmAt: 3500, every: 0, .small)
            scenario.traffic[0].pace = 1000
            scenario.traffic[0].burst = 40
            scenario.network.duplicatePerMillion = 20_000
            scenario.hasIntruder = true
            return scenario
        }
    }

    private static func restarts(seed: UInt64, _ chance: inout SeededGenerator) -> LinksScenario {
        var scenario = quiet(seed: seed, calmAt: 5200, every: 25_000, .medium)
        scenario.links[0].timing = LinkTiming(pingInterval: 400, timeout: 1200)
        scenario.network.lossPerMillion = 150_000
        let time = chance.between(UInt64(2600), 2700)
        return scenario.with((time, .crash(node: 0, sending: chance.between(1, 20))), (time + 80, .restart(node: 0)))
    }

    private static func narrowing(seed: UInt64, _ chance: inout SeededGenerator) -> LinksScenario {
        var scenario = quiet(seed: seed, calmAt: 9000, every: 20_000, .large)
        scenario.probeInterval = 20_000
        scenario.tellsInterfaces = false
        let fault: LinkFault =
            seed % 2 == 0
            ? .path(link: 0, from: [0], to: [1], bytes: chance.between(700, 1400))
            : .interface(node: 0, link: 0, bytes: chance.between(700, 1400))
        return scenario.with((10, .own(.reports(seed % 2 == 1))), (chance.between(UInt64(2000), 4000), .own(fault)))
    }

    /// Two nodes with one link on which everything arrives.
    private static func quiet(
        seed: UInt64, calmAt: UInt64, every pace: UInt64, _ sizes: PacketTraffic.Sizes
    ) -> LinksScenario {
        var scenario = LinksScenario(seed: seed, nodes: [NodeID(1), NodeID(2)], calmAt: calmAt)
        for node in 0...1 {
            scenario.traffic[node].pace = pace
            scenario.traffic[node].sizes = sizes
        }
        return scenario
    }
}

extension LinksScenario {
    fileprivate func with(_ faults: (UInt64, LayerFault<LinkFault>)...) -> LinksScenario {
        var changed = self
        changed.faults += faults.map { PlannedLinkFault(.at(milliseconds: $0), $1) }
        return changed
    }
}
