import Basics
import Links
import TotemWire

/// One seed in two with knet links changes its keys while it runs, drawn by a generator of its own, too.
extension ClusterScenario {
    mutating func drawKeyChanges(token: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(81)
        guard configuration.links != nil, chance.oneIn(2) else { return }
        for _ in 0..<chance.pick(1, 1, 2, 3) {
            let time = chance.between(calmAt / 4, calmAt - 1)
            let node = chance.below(nodes.count)
            let next = Protection.drawn(&chance)
            // What is signed only counts as clear where that is taken, with the digest as its end.
            let isSealed = (protections + [next]).allSatisfy(\.isSealed)
            let late = isSealed && chance.oneIn(4) ? chance.below(nodes.count) : nil
            let wait = late == nil ? 0 : chance.between(UInt64(1), 4 * token)
            add(time, .own(.change(.protect(next, late: late, milliseconds: wait), by: node)))
            drawDisturbance(&chance, token, at: time)
        }
        sortFaults()
    }

    /// What happens to one node in the middle of a change, if anything does.
    private mutating func drawDisturbance(_ chance: inout SeededGenerator, _ token: UInt64, at time: UInt64) {
        let node = chance.below(nodes.count)
        let others = nodes.indices.filter { $0 != node }
        let begin = time - min(time, chance.below(UInt64(3))) + chance.below(UInt64(6))
        let end = begin + chance.between(UInt64(1), chance.pick(token / 4, 2 * token) + 1)
        switch chance.below(8) {
        case ..<3: break
        case 3:
            add(begin, .crash(node: node, sending: chance.pick(0, 0, 1, 3)))
            add(end, .restart(node: node))
        case 4: add(begin, .pause(node: node, milliseconds: end - begin))
        case 5:
            let isCutBothWays = chance.oneIn(2)
            add(begin, .cut(from: others, to: [node]))
            if isCutBothWays { add(begin, .cut(from: [node], to: others)) }
            add(end, .heal)
        default:
            // Before the order to read the file leaves.
            let rule = LossRule(.mcast, from: nil, to: node, count: chance.between(1, chance.pick(3, 20, 60)))
            add(time - min(time, 1), .lose(rule))
        }
    }
}
