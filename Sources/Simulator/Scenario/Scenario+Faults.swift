import Totem
import TotemWire

/// What goes wrong in a drawn scenario.
extension Scenario {
    mutating func drawFaults(_ chance: inout SeededGenerator) {
        let count = chance.pick(0, 2, 5, 10, 16)
        for _ in 0..<count {
            let occasion = occasion(&chance)
            addFault(at: occasion, &chance)
        }
    }

    private func occasion(_ chance: inout SeededGenerator) -> Occasion {
        guard chance.oneIn(3) else { return .at(milliseconds: chance.between(UInt64(0), calmAt)) }
        return .entering(
            node: chance.below(nodes.count),
            phase: chance.pick(.gather, .commit, .commit, .recovery, .recovery, .operational),
            count: chance.between(1, 6), beforeSending: chance.oneIn(2))
    }

    private mutating func addFault(at occasion: Occasion, _ chance: inout SeededGenerator) {
        // A fault upon a state is most telling when it strikes the node that has just entered it.
        var node = chance.below(nodes.count)
        if case .entering(let entering, _, _, _) = occasion, !chance.oneIn(3) { node = entering }
        switch chance.below(20) {
        case ..<5:
            faults.append(PlannedFault(occasion, .crash(node: node, sending: chance.pick(0, 0, 1, 2, 5))))
            guard case .at(let time) = occasion else { break }
            let back = time + chance.between(UInt64(1), UInt64(parameters.token) * 4)
            if back < calmAt {
                faults.append(PlannedFault(.at(milliseconds: back), .restart(node: node)))
            }
        case ..<6:
            faults.append(PlannedFault(occasion, .leave(node: node)))
        case ..<8:
            let pause = chance.between(UInt64(1), UInt64(parameters.token) * 3)
            faults.append(PlannedFault(occasion, .pause(node: node, milliseconds: pause)))
        case ..<11:
            faults.append(PlannedFault(occasion, .partition(groups(&chance))))
        case ..<13:
            faults.append(PlannedFault(occasion, .cut(from: some(&chance), to: some(&chance))))
        case ..<16:
            faults.append(PlannedFault(occasion, .heal))
        case ..<18:
            let type: PacketType = chance.pick(.orfToken, .mcast, .mcast, .join, .commitToken, .holdCancel)
            let from = chance.oneIn(2) ? node : nil
            let to = chance.oneIn(2) ? chance.below(nodes.count) : nil
            let rule = LossRule(type, from: from, to: to, count: chance.between(1, 40))
            faults.append(PlannedFault(occasion, .lose(rule)))
        case ..<19:
            var conditions = network
            conditions.lossPerMillion = chance.pick(0, 20_000, 100_000, 300_000)
            faults.append(PlannedFault(occasion, .conditions(conditions)))
        default:
            faults.append(PlannedFault(occasion, .forceGather(node: node)))
        }
    }

    private func groups(_ chance: inout SeededGenerator) -> [UInt8] {
        let count = chance.pick(2, 2, 3)
        return nodes.map { _ in UInt8(chance.below(count)) }
    }

    private func some(_ chance: inout SeededGenerator) -> [Int] {
        if chance.oneIn(2) { return [chance.below(nodes.count)] }
        return nodes.indices.filter { _ in chance.oneIn(2) }
    }
}
