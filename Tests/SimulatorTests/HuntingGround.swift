import Totem
import TotemWire

@testable import Simulator

/// Families of small scenarios in which defects are hunted; each seed is one of the family.
enum HuntingGround: String, Sendable, CaseIterable {
    /// As `rondo simulate` draws them, but of four nodes that send little.
    case drawn
    /// Datagrams are lost, doubled and overtaken.
    case loss
    /// A node says goodbye.
    case farewell
    /// A node dies for good.
    case death
    /// Nodes die while they send much, with gaps among their last messages, and rings break while they are formed.
    case breaking
    /// A process ends for good, and its machine refuses packets.
    case end
    /// Machines of living nodes refuse packets for moments.
    case refusals
    /// Nodes beat and heed silence; some no longer hear each other, one hears nobody.
    case cuts
    /// The same; processes stand still on machines that answer.
    case stalls
    /// Local programs of some or of all nodes do not keep up.
    case lags
    /// Somebody who does not belong sends forged packets.
    case strangers

    func scenario(seed: UInt64) -> Scenario {
        var chance = SeededGenerator(seed: seed).fork(1000)
        switch self {
        case .drawn:
            var scenario = Scenario.drawn(seed: seed, nodes: 4)
            scenario.workload.budget = min(scenario.workload.budget, 60_000)
            scenario.network.flipPerMillion = 0
            scenario.hasForger = false
            return scenario
        case .loss:
            var scenario = Scenario.quiet(nodes: 3, seed: seed, calmAt: 700)
            scenario.network.lossPerMillion = 100_000
            scenario.network.duplicatePerMillion = 50_000
            scenario.network.keepsOrder = false
            return scenario
        case .farewell:
            return .quiet(nodes: 4, seed: seed, calmAt: 1000).with(
                PlannedFault(.at(milliseconds: chance.between(300, 600)), .leave(node: chance.below(4))))
        case .death:
            let node = chance.below(4)
            var scenario = Scenario.quiet(nodes: 4, seed: seed, calmAt: 1000).with(
                PlannedFault(.at(milliseconds: chance.between(200, 400)), .crash(node: node, sending: 0)))
            scenario.comesBack[node] = false
            return scenario
        case .breaking:
            return breaking(seed: seed, &chance)
        case .end:
            var scenario = HuntingGround.death.scenario(seed: seed)
            scenario.parameters = .derived(token: 1000, beat: 60)
            scenario.calmAt = 3000
            scenario.machinesRefuse = true
            scenario.faults = scenario.faults.map { PlannedFault(.at(milliseconds: 1500), $0.fault) }
            return scenario
        case .refusals:
            var scenario = Scenario.quiet(nodes: 3, seed: seed, calmAt: 4000)
            scenario.parameters = .derived(token: 200, beat: 150)
            scenario.machinesRefuse = true
            scenario.hasForger = true
            scenario.workload = .steady(nodes: 3, microseconds: 10_000)
            scenario.faults = (0..<60).map { _ in
                let fault = RingFault.reject(node: chance.below(3), milliseconds: chance.between(35, 46))
                return PlannedFault(.at(milliseconds: chance.between(300, 3900)), .own(fault))
            }
            return scenario
        case .cuts:
            var scenario = heedingSilence(seed: seed)
            let (one, other, alone) = (chance.below(2), chance.between(2, 3), 4)
            let others = (0..<4).map { $0 }
            scenario.faults = [
                PlannedFault(.at(milliseconds: 1000), .sever([NodePair(one, other)])),
                PlannedFault(.at(milliseconds: 3000), .heal),
                PlannedFault(.at(milliseconds: 5000), .cut(from: others, to: [alone])),
                PlannedFault(.at(milliseconds: 5000), .cut(from: [alone], to: others)),
            ]
            return scenario
        case .stalls:
            var scenario = heedingSilence(seed: seed)
            scenario.faults = [PlannedFault(.at(milliseconds: 1000), .pause(node: chance.below(5), milliseconds: 1500))]
            return scenario
        case .lags:
            var scenario = Scenario.quiet(nodes: 3, seed: seed, calmAt: 4000)
            scenario.workload = .steady(nodes: 3, microseconds: 2_000)
            let some = chance.below(3)
            scenario.faults = [PlannedFault(.at(milliseconds: 1000), .own(.lag(node: some, milliseconds: 800)))]
            scenario.faults += (0..<3).map {
                PlannedFault(.at(milliseconds: 2000), .own(.lag(node: $0, milliseconds: chance.between(500, 1500))))
            }
            return scenario
        case .strangers:
            var scenario = Scenario.quiet(nodes: 3, seed: seed, calmAt: 1500)
            scenario.workload = .steady(nodes: 3, microseconds: 2_000)
            scenario.hasStranger = true
            return scenario
        }
    }

    /// Five nodes with a token that is missed late, and silence that counts soon.
    private func heedingSilence(seed: UInt64) -> Scenario {
        var scenario = Scenario.quiet(nodes: 5, seed: seed, calmAt: 8000)
        scenario.parameters = .derived(token: 3000, beat: 60)
        scenario.parameters.silence = 600
        return scenario
    }

    private func breaking(seed: UInt64, _ chance: inout SeededGenerator) -> Scenario {
        let (first, second) = (chance.below(5), chance.below(5))
        let time = chance.between(UInt64(200), 400)
        var scenario = Scenario.quiet(nodes: 5, seed: seed, calmAt: 1800).with(
            PlannedFault(
                .at(milliseconds: time), .lose(LossRule(.mcast, from: first, count: 4 * chance.between(1, 4)))),
            PlannedFault(.at(milliseconds: time), .crash(node: first, sending: chance.between(2, 20))),
            PlannedFault(
                .entering(node: second, phase: .recovery, count: 2, beforeSending: chance.oneIn(2)),
                .partition((0..<5).map { _ in UInt8(chance.below(2)) })),
            PlannedFault(.at(milliseconds: time + 800), .restart(node: first)),
            PlannedFault(.at(milliseconds: time + 900), .heal))
        scenario.workload.paces = Array(repeating: .bursts(count: 12, microseconds: 8_000), count: 5)
        scenario.workload.sizes = .frames
        scenario.workload.budget = 2_000_000
        scenario.network.lossPerMillion = 5_000
        scenario.synchronizedState = 4_000
        return scenario
    }
}
