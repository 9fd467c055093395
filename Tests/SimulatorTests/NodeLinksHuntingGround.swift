import Basics
import Links
import TotemWire

@testable import Simulator

/// Families of small scenarios of whole nodes over links in which faults are hunted; each seed is one of the family.
enum NodeLinksHuntingGround: String, Sendable, CaseIterable {
    /// One of two links is cut, long after the ring has formed.
    case cuts
    /// Nodes stop dead and are back before anybody has missed them.
    case restarts
    /// Messages that take many datagrams, which overtake each other.
    case pieces
    /// All links to one node carry less than before, and nobody tells.
    case narrowing
    /// Keys are changed under load, and one node does not hear some of what the others say of it at first.
    case keys

    func scenario(seed: UInt64) -> ClusterScenario {
        var chance = SeededGenerator(seed: seed).fork(3000)
        switch self {
        case .cuts:
            var scenario = Self.quiet(seed: seed, calmAt: 7000, .small, every: 10_000)
            scenario.configuration.links?.policy = chance.pick(.passive, .active, .roundRobin)
            let all = [0, 1, 2]
            let link = chance.below(2)
            let (from, to) = chance.oneIn(2) ? (all, all) : ([chance.below(3)], all)
            return scenario.with((chance.between(5000, 6000), .own(.link(.cut(link: link, from: from, to: to)))))
        case .restarts:
            var scenario = Self.quiet(seed: seed, calmAt: 3000, .small, every: 3000)
            scenario.configuration.links?.protection = Protection(hasCipher: true, hashSize: 32)
            let node = chance.below(3)
            let time = chance.between(UInt64(1500), 2000)
            // Did their machines refuse packets, they would be missed at once.
            return scenario.with(
                (0, .own(.link(.reports(false)))), (time, .crash(node: node, sending: 0)),
                (time + 60, .restart(node: node)))
        case .pieces:
            var scenario = Self.quiet(seed: seed, calmAt: 3000, .large, every: 20_000)
            scenario.network.keepsOrder = false
            scenario.network.jitter = 800
            return scenario
        case .narrowing:
            let scenario = Self.quiet(seed: seed, calmAt: 3000, .frames, every: 10_000)
            let time = chance.between(UInt64(1500), 2500)
            let bytes = chance.between(700, 1300)
            return scenario.with(
                (0, .own(.link(.reports(false)))),
                (time, .own(.link(.path(link: 0, from: [0, 2], to: [1], bytes: bytes)))),
                (time, .own(.link(.path(link: 1, from: [0, 2], to: [1], bytes: bytes)))))
        case .keys:
            var scenario = Self.quiet(seed: seed, calmAt: 5000, .small, every: 2000)
            scenario.network.keepsOrder = false
            scenario.network.jitter = 800
            let (sealed, signed) = (
                Protection(hasCipher: true, hashSize: 32), Protection(hasCipher: false, hashSize: 64)
            )
            scenario.configuration.links?.protection = chance.pick(.clear, sealed)
            let times = [chance.between(1500, 2000), chance.between(3000, 4000)] as [UInt64]
            for time in times {
                let next = chance.pick(sealed, sealed, signed, .clear)
                let rule = LossRule(.mcast, from: nil, to: chance.below(3), count: chance.between(1, 8))
                scenario = scenario.with(
                    (time - 1, .lose(rule)),
                    (time, .own(.change(.protect(next, late: nil, milliseconds: 0), by: chance.below(3)))))
            }
            return scenario
        }
    }

    /// Three nodes with two links on which everything arrives, and a program on each that sends.
    private static func quiet(
        seed: UInt64, calmAt: UInt64, _ sizes: Workload.Sizes, every pace: UInt64
    ) -> ClusterScenario {
        let ids = (1...3).map { NodeID(UInt32($0)) }
        var text = ConfigurationText(nodes: ids, quorum: QuorumOptions(votes: [1, 1, 1]))
        text.totem = [("token", 400)]
        text.links = NodeLinks(links: 2)
        var scenario = ClusterScenario(seed: seed, nodes: ids, configuration: text, calmAt: calmAt)
        scenario.budget = 2_000_000
        for node in 0..<3 {
            var habits = GroupHabits(groups: ["alpha"])
            habits.sizes = sizes
            scenario.programs.append(ProgramPlan(node: node, kind: .groupMember(habits), pace: pace))
        }
        return scenario
    }
}

extension ClusterScenario {
    fileprivate func with(_ faults: (UInt64, ClusterFault)...) -> ClusterScenario {
        var changed = self
        changed.faults += faults.map { PlannedClusterFault(.at(milliseconds: $0), $1) }
        return changed
    }
}
