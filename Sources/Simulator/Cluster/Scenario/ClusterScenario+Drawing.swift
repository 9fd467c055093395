import Basics
import Totem
import TotemWire

extension ClusterScenario {
    /// The scenario that belongs to a seed.
    ///
    /// - Parameter nodes: the number of nodes, 1 to 384, when it is not to be drawn.
    package static func drawn(seed: UInt64, nodes: Int? = nil) -> ClusterScenario {
        var chance = SeededGenerator(seed: seed).fork(77)
        let drawn = nodeCount(&chance)
        let count = min(max(nodes ?? drawn, 1), TotemLimits.processorCount)
        let network = network(&chance)
        let names = (1...count).map { NodeID(UInt32($0)) }
        var text = ConfigurationText(nodes: names, quorum: quorum(&chance, count))
        var patience = SeededGenerator(seed: seed).fork(78)
        if patience.oneIn(3) { text.rondo = [("silence", 0)] }
        let token = timings(&chance, nodes: count, network: network, &text)
        var scenario = ClusterScenario(
            seed: seed, nodes: names, configuration: text, network: network, calmAt: token * chance.between(4, 10))
        let spread: UInt64 = chance.pick(0, 1, 20, token, 2 * token) * 1_000_000
        scenario.starts = (0..<count).map { _ in chance.between(UInt64(0), spread) }
        if chance.oneIn(3) { scenario.drifts = (0..<count).map { _ in Int64(chance.below(2_001)) - 1_000 } }
        scenario.comesBack = (0..<count).map { _ in !chance.oneIn(5) }
        scenario.losesDisk = (0..<count).map { _ in chance.oneIn(10) }
        scenario.budget = chance.pick(20_000, 50_000, 200_000, 800_000)
        scenario.drawPrograms(&chance, token: token)
        scenario.drawFaults(&chance, token: token)
        scenario.drawAdditions(token: token)
        if chance.oneIn(25) { scenario.network.flipPerMillion = chance.pick(500, 10_000, 50_000) }
        scenario.drawLateness(token: token)
        scenario.drawLinks(token: token)
        scenario.drawKeyChanges(token: token)
        return scenario
    }

    private static func nodeCount(_ chance: inout SeededGenerator) -> Int {
        switch chance.below(200) {
        case ..<6: 1
        case ..<40: 2
        case ..<110: 3
        case ..<155: chance.between(4, 5)
        case ..<180: chance.between(6, 8)
        case ..<194: chance.between(9, 16)
        case ..<199: chance.between(17, 32)
        default: chance.between(33, 64)
        }
    }

    private static func network(_ chance: inout SeededGenerator) -> NetworkConditions {
        var network = NetworkConditions()
        network.delay = chance.between(50, 400)
        network.jitter = chance.between(0, 200)
        switch chance.below(10) {
        case ..<5: break
        case ..<7:
            network.keepsOrder = false
            network.jitter = chance.between(100, 1500)
            network.duplicatePerMillion = chance.pick(0, 1_000, 20_000)
        default:
            network.keepsOrder = chance.oneIn(2)
            network.lossPerMillion = UInt32(chance.between(1_000, 60_000))
            network.duplicatePerMillion = chance.pick(0, 0, 50_000)
            network.slowPerMillion = chance.pick(0, 1_000)
            network.slowness = chance.between(1_000, 20_000)
        }
        return network
    }

    /// - Returns: the token timeout in force, in milliseconds.
    private static func timings(
        _ chance: inout SeededGenerator, nodes: Int, network: NetworkConditions, _ text: inout ConfigurationText
    ) -> UInt64 {
        // A rotation must take a small part of the token timeout, or calm would not be calm.
        let rotation = UInt64(nodes) * (network.usualDelay + 200) / 1000
        let token = max(chance.pick(300, 400, 600, 1000), rotation * 10)
        // In GATHER every node calls all others, at every join interval and for as long as the consensus timeout: with
        // dozens of nodes and timeouts of half a minute a single seed would take minutes.
        let isLarge = nodes > 12
        let coefficient: UInt64 = chance.pick(0, 0, 20, isLarge ? 60 : 650)
        let join: UInt64 = chance.pick(isLarge ? 50 : 30, 50)
        text.totem = [
            ("token", token), ("token_coefficient", coefficient), ("join", join),
            ("merge", chance.pick(50, 200)),
        ]
        if chance.oneIn(4) { text.totem.append(("window_size", UInt64(chance.between(5, 300)))) }
        if chance.oneIn(4) { text.totem.append(("max_messages", UInt64(chance.between(2, 50)))) }
        if chance.oneIn(4) { text.totem.append(("seqno_unchanged_const", UInt64(chance.between(2, 30)))) }
        if chance.oneIn(6) { text.totem.append(("token_retransmits_before_loss_const", chance.pick(5, 8))) }
        if chance.oneIn(10) { text.totem.append(("netmtu", chance.pick(600, 9000))) }
        let scaled = token + coefficient * UInt64(max(nodes - 2, 0))
        return min(scaled, token * 3)
    }

    private static func quorum(_ chance: inout SeededGenerator, _ count: Int) -> QuorumOptions {
        var options = QuorumOptions(votes: Array(repeating: 1, count: count))
        if chance.oneIn(6) { options.votes = options.votes.map { _ in UInt32(chance.between(1, 3)) } }
        if chance.oneIn(10) { options.expectedVotes = options.sum + UInt32(chance.below(2)) }
        if chance.oneIn(25), count > 2 { options.expectedVotes = options.sum - 1 }
        switch chance.below(12) {
        case 0, 1: options.waitForAll = true
        case 2, 3: options.autoTieBreaker = true
        case 4: options.lastManStanding = UInt32(chance.between(50, 800))
        case 5:
            options.lastManStanding = UInt32(chance.between(50, 800))
            options.waitForAll = true
        case 6: options.allowDownscale = true
        case 7: options.tracksExpectedVotes = true
        default: break
        }
        if count == 2, chance.oneIn(2), !options.autoTieBreaker {
            options.twoNode = true
            options.votes = [1, 1]
            if options.expectedVotes != nil { options.expectedVotes = 2 }
            if chance.oneIn(4) { options.waitForAll = false }
        }
        if options.autoTieBreaker {
            switch chance.below(4) {
            case 0: options.tieBreakerNode = "highest"
            case 1: options.tieBreakerNode = "\(count) 1"
            case 2: options.tieBreakerNode = "lowest"
            default: break
            }
        }
        return options
    }
}
