import Basics
import Totem
import TotemWire

extension Scenario {
    /// The scenario that belongs to a seed.
    ///
    /// - Parameter nodes: the number of nodes, 1 to 384, when it is not to be drawn.
    package static func drawn(seed: UInt64, nodes: Int? = nil) -> Scenario {
        var chance = SeededGenerator(seed: seed)
        let drawn = nodeCount(&chance)
        let count = min(max(nodes ?? drawn, 1), TotemLimits.processorCount)
        let network = network(&chance)
        let parameters = parameters(&chance, nodes: count, network: network)
        let token = UInt64(parameters.token)
        var scenario = Scenario(
            seed: seed, nodes: names(&chance, count), parameters: parameters, network: network,
            workload: workload(&chance, nodes: count),
            calmAt: token * (chance.oneIn(8) ? chance.between(12, 60) : chance.between(3, 12)))
        scenario.drawNodes(&chance)
        scenario.starts = starts(&chance, nodes: count, token: token)
        scenario.comesBack = (0..<count).map { _ in !chance.oneIn(4) }
        scenario.losesDisk = (0..<count).map { _ in chance.oneIn(8) }
        scenario.synchronizationRounds = chance.pick(1, 1, 2, 3)
        scenario.synchronizedState = chance.pick(0, 0, 100, 2000, 9000)
        scenario.hasStranger = chance.oneIn(5)
        scenario.readingPause = chance.oneIn(2) ? 0 : chance.between(10, 200)
        scenario.drawFaults(&chance)
        if chance.oneIn(15) { scenario.network.flipPerMillion = chance.pick(500, 10_000, 100_000) }
        scenario.drawLateness(token: token)
        // With numbers of its own, so that older seeds keep their courses.
        var forgeries = SeededGenerator(seed: seed).fork(21)
        scenario.hasForger = forgeries.oneIn(8)
        var accusations = SeededGenerator(seed: seed).fork(22)
        if count > 1, accusations.oneIn(4) { scenario.drawAccusations(&accusations) }
        var refusals = SeededGenerator(seed: seed).fork(23)
        if count > 1, !refusals.oneIn(4) { scenario.drawRefusals(&refusals) }
        var silences = SeededGenerator(seed: seed).fork(24)
        if count > 1, scenario.parameters.beat > 0, !silences.oneIn(4) { scenario.drawSilences(&silences) }
        var lags = SeededGenerator(seed: seed).fork(25)
        if lags.oneIn(4) { scenario.drawLags(&lags) }
        return scenario
    }

    private static func nodeCount(_ chance: inout SeededGenerator) -> Int {
        switch chance.below(100) {
        case ..<3: 1
        case ..<18: 2
        case ..<48: 3
        case ..<73: chance.between(4, 5)
        case ..<88: chance.between(6, 8)
        case ..<96: chance.between(9, 16)
        case ..<99: chance.between(17, 32)
        default: chance.oneIn(4) ? chance.between(33, 128) : chance.between(17, 32)
        }
    }

    /// What sets the nodes apart: their clocks, their configurations and how fast they are.
    private mutating func drawNodes(_ chance: inout SeededGenerator) {
        if chance.oneIn(3) {
            let most: Int = chance.pick(100, 1_000, 5_000)
            clocks = nodes.map { _ in
                let drift = Int64(chance.between(-most, most))
                return NodeClock(offset: chance.oneIn(2) ? 0 : chance.next() >> 20, drift: drift)
            }
        }
        if chance.oneIn(5) {
            timeoutPercents = nodes.map { _ in UInt32(chance.between(75, 140)) }
        }
        if chance.oneIn(6) {
            // A token must not wait for longer than its timeout behind the messages of a rotation, nor joins for longer
            // than until the next ones come.
            let messages = UInt64(min(parameters.windowSize, 64) + 20)
            let longest = min(
                UInt64(parameters.token) * 1000 / (20 * messages),
                UInt64(parameters.join) * 1000 / (8 * UInt64(nodes.count)))
            let everybody = chance.oneIn(3)
            callTimes = nodes.map { _ in
                everybody || chance.oneIn(3) ? chance.between(UInt64(1), max(longest, 1)) : 0
            }
        }
    }

    /// Usually 1, 2, 3 …, sometimes numbers as addresses make them, up to the highest there is.
    private static func names(_ chance: inout SeededGenerator, _ count: Int) -> [NodeID] {
        guard chance.oneIn(4) else { return (1...count).map { NodeID(UInt32($0)) } }
        var names: [NodeID] = chance.oneIn(2) ? [NodeID(.max)] : []
        while names.count < count {
            let name = NodeID(UInt32(truncatingIfNeeded: chance.between(1, UInt64(UInt32.max))))
            if !names.contains(name) { names.append(name) }
        }
        return names.sorted()
    }

    private static func network(_ chance: inout SeededGenerator) -> NetworkConditions {
        var network = NetworkConditions()
        network.delay = chance.between(20, 300)
        network.jitter = chance.between(0, 200)
        switch chance.below(10) {
        case ..<4:
            break
        case ..<7:
            network.keepsOrder = false
            network.jitter = chance.between(100, 1500)
            network.duplicatePerMillion = chance.pick(0, 1_000, 20_000)
        case ..<9:
            network.keepsOrder = chance.oneIn(2)
            network.lossPerMillion = UInt32(chance.between(1_000, 50_000))
            network.duplicatePerMillion = chance.pick(0, 0, 50_000)
            network.slowPerMillion = chance.pick(0, 1_000)
            network.slowness = chance.between(1_000, 20_000)
        default:
            network.keepsOrder = false
            network.jitter = chance.between(500, 3000)
            network.lossPerMillion = UInt32(chance.between(50_000, 200_000))
            network.duplicatePerMillion = chance.pick(0, 100_000)
            network.slowPerMillion = chance.pick(0, 10_000)
            network.slowness = chance.between(10_000, 200_000)
        }
        let usual = network.usualDelay * 1000
        switch chance.below(8) {
        case 0: network.spread = .exponential(p99: usual)
        case 1: network.spread = .logNormal(p99: usual, sigma: chance.pick(0.5, 1, 1.5))
        case 2: network.spread = .pareto(shortest: max(usual / 10, 1))
        default: break
        }
        return network
    }

    private static func parameters(
        _ chance: inout SeededGenerator, nodes: Int, network: NetworkConditions
    ) -> RingParameters {
        // A rotation must take a small part of the token timeout, or calm would not be calm.
        let rotation = UInt64(nodes) * (network.usualDelay + 200) / 1000
        let token = max(chance.pick(200, 300, 500, 1000), rotation * 10)
        var parameters = RingParameters.derived(
            token: UInt32(clamping: token), retransmits: chance.pick(4, 4, 4, 10), join: chance.pick(20, 50),
            merge: chance.pick(50, 200))
        if chance.oneIn(3) { parameters.sequenceUnchangedConstant = UInt32(chance.between(2, 30)) }
        if chance.oneIn(4) { parameters.windowSize = UInt32(chance.between(2, 300)) }
        if chance.oneIn(4) { parameters.maxMessages = UInt32(chance.between(1, 50)) }
        if chance.oneIn(8) { parameters.failToReceiveConstant = UInt32(chance.between(10, 200)) }
        if chance.oneIn(4) { parameters.missCountConstant = UInt32(chance.between(1, 8)) }
        parameters.cancelHoldOnRetransmit = chance.oneIn(3)
        if chance.oneIn(10) { parameters.netMTU = chance.pick(256, 9000 - 90, 65_446) }
        if chance.oneIn(4) {
            // Where numbers wrap, where they change sign, and where the comparison's own step lies (totem.md 5.5).
            let edge: UInt32 = chance.pick(0, 0, 0, 0x8000_0000, 0x8001_0000, 0x1_0000)
            parameters.sequenceStart = edge &- UInt32(chance.between(1, 400))
        }
        return parameters
    }

    private static func workload(_ chance: inout SeededGenerator, nodes: Int) -> Workload {
        var workload = Workload()
        workload.sizes = chance.pick(.small, .small, .frames, .large, .mixed)
        workload.budget = chance.pick(20_000, 100_000, 300_000, 1_500_000)
        let everybody = chance.oneIn(3)
        for _ in 0..<nodes {
            guard everybody || chance.oneIn(2) else {
                workload.paces.append(.silent)
                continue
            }
            workload.paces.append(
                chance.pick(
                    .steady(microseconds: chance.between(1_000, 300_000)),
                    .steady(microseconds: chance.between(1_000, 30_000)),
                    .bursts(count: chance.between(2, 60), microseconds: chance.between(10_000, 500_000)),
                    .saturating))
        }
        return workload
    }

    private static func starts(_ chance: inout SeededGenerator, nodes: Int, token: UInt64) -> [UInt64] {
        let spread: UInt64 = chance.pick(0, 1, 20, token, 3 * token) * 1_000_000
        return (0..<nodes).map { _ in chance.between(UInt64(0), spread) }
    }
}
