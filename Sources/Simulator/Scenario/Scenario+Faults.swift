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
        switch chance.below(29) {
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
            faults.append(PlannedFault(occasion, .partition(drawGroups(&chance))))
        case ..<13:
            faults.append(PlannedFault(occasion, .cut(from: drawSome(&chance), to: drawSome(&chance))))
        case ..<16:
            faults.append(PlannedFault(occasion, .heal))
        case ..<18:
            let type: PacketType = chance.pick(.orfToken, .mcast, .mcast, .join, .commitToken, .holdCancel)
            let from = chance.oneIn(2) ? node : nil
            let to = chance.oneIn(2) ? chance.below(nodes.count) : nil
            let rule = LossRule(type, from: from, to: to, count: chance.between(1, 40))
            faults.append(PlannedFault(occasion, .lose(rule)))
        case ..<19:
            faults.append(PlannedFault(occasion, .sever(pairs(&chance))))
        case ..<20:
            flap(&chance)
        case ..<21:
            let time = chance.pick(200, 2_000, 20_000) as UInt64
            faults.append(PlannedFault(occasion, .own(.slow(node: node, microseconds: time))))
        case ..<23:
            crashWithDisk(node, &chance)
        case ..<26:
            lastWords(at: occasion, of: node, &chance)
        case ..<27:
            let spread = chance.between(UInt64(1), UInt64(parameters.token) * 2)
            faults.append(PlannedFault(occasion, .own(.restartAll(farewell: chance.oneIn(2), milliseconds: spread))))
        case ..<28:
            var conditions = network
            conditions.lossPerMillion = chance.pick(0, 20_000, 100_000, 300_000)
            faults.append(PlannedFault(occasion, .conditions(conditions)))
        default:
            faults.append(PlannedFault(occasion, .own(.forceGather(node: node))))
        }
    }

    /// Somebody is told that another is gone: anybody, of anybody, at any moment, rightly or not. Whatever finds out who is
    /// gone may be wrong; that must cost time at most.
    mutating func drawAccusations(_ chance: inout SeededGenerator) {
        for _ in 0..<chance.pick(1, 3, 10, 30) {
            let (node, whom) = (chance.below(nodes.count), chance.below(nodes.count))
            guard chance.oneIn(3) else {
                faults.append(PlannedFault(occasion(&chance), .own(.accuse(node: node, whom: whom))))
                continue
            }
            let time = chance.between(UInt64(0), calmAt)
            let later = time + chance.pick(0, 1, 10, UInt64(parameters.token) / 2)
            faults.append(PlannedFault(.at(milliseconds: time), .crash(node: whom, sending: 0)))
            faults.append(PlannedFault(.at(milliseconds: later), .own(.accuse(node: node, whom: whom))))
            let back = later + chance.between(UInt64(1), UInt64(parameters.token) * 4)
            if back < calmAt { faults.append(PlannedFault(.at(milliseconds: back), .restart(node: whom))) }
        }
    }

    /// The nodes beat, and machines refuse what nobody receives: of processes that have ended, and sometimes, as a firewall
    /// that is being loaded does, of those that live.
    mutating func drawRefusals(_ chance: inout SeededGenerator) {
        parameters.beat = UInt32(clamping: chance.pick(20, 60, UInt64(parameters.token) / 12, 240))
        machinesRefuse = !chance.oneIn(5)
        guard machinesRefuse, chance.oneIn(3) else { return }
        for _ in 0..<chance.pick(1, 2, 6) {
            let time: UInt64 = chance.pick(5, 15, 30, 60, 200, UInt64(parameters.token))
            let fault = RingFault.reject(node: chance.below(nodes.count), milliseconds: time)
            faults.append(PlannedFault(occasion(&chance), .own(fault)))
        }
    }

    /// Machines that are silent are parted with, and nodes that are cut off give up. Sometimes whole machines stand still, and
    /// nodes are cut off for about as long as that takes.
    mutating func drawSilences(_ chance: inout SeededGenerator) {
        let silence = UInt64(parameters.token) * chance.pick(3, 7, 8) / 10
        parameters.silence = UInt32(clamping: max(silence, 100))
        parameters.beat = min(parameters.beat, max(parameters.silence / chance.pick(8, 10), 10))
        // Else a process that has ended is told by what its machine refuses, before its silence can tell.
        if chance.oneIn(2) { machinesRefuse = false }
        for _ in 0..<chance.pick(0, 1, 3, 6) {
            let node = chance.below(nodes.count)
            let longest = max(silence * chance.pick(1, 2, 5) / 2, 2)
            guard chance.oneIn(2) else {
                let fault = RingFault.freeze(node: node, milliseconds: chance.between(UInt64(1), longest))
                faults.append(PlannedFault(occasion(&chance), .own(fault)))
                continue
            }
            let others = nodes.indices.filter { $0 != node && !chance.oneIn(8) }
            guard !others.isEmpty else { continue }
            let (begin, isDeaf, isMute) = (chance.between(UInt64(0), calmAt), !chance.oneIn(3), !chance.oneIn(3))
            let end = begin + chance.between(UInt64(1), longest)
            for (isWanted, from, to) in [(isDeaf, others, [node]), (isMute, [node], others)] where isWanted {
                faults.append(PlannedFault(.at(milliseconds: begin), .cut(from: from, to: to)))
                if end < calmAt { faults.append(PlannedFault(.at(milliseconds: end), .mend(from: from, to: to))) }
            }
        }
    }

    /// Local programs that do not keep up for a while, on one node or on all at once.
    mutating func drawLags(_ chance: inout SeededGenerator) {
        for _ in 0..<chance.pick(1, 3, 8) {
            let occasion = occasion(&chance)
            let time = chance.between(UInt64(1), UInt64(parameters.token) * 3)
            let nodes = chance.oneIn(4) ? Array(self.nodes.indices) : [chance.below(self.nodes.count)]
            for node in nodes { faults.append(PlannedFault(occasion, .own(.lag(node: node, milliseconds: time)))) }
        }
    }

    /// Of the last messages of a node that dies the earlier ones are lost and later ones come through: the survivors are
    /// left with gaps that nobody can fill, and with messages behind them.
    private mutating func lastWords(at occasion: Occasion, of node: Int, _ chance: inout SeededGenerator) {
        let lost = max(nodes.count - 1, 1) * chance.between(1, 4)
        faults.append(PlannedFault(occasion, .lose(LossRule(.mcast, from: node, count: lost))))
        faults.append(PlannedFault(occasion, .crash(node: node, sending: chance.between(2, 30))))
    }

    /// A node goes down and finds its ring id file damaged when it comes back.
    private mutating func crashWithDisk(_ node: Int, _ chance: inout SeededGenerator) {
        let time = chance.between(UInt64(0), calmAt)
        let back = time + chance.between(UInt64(1), UInt64(parameters.token) * 4)
        // What lies between is not seen as garbage, and no other node believes it.
        let damage: DiskDamage = chance.pick(
            .lost, .torn, .garbage(chance.next() | 1 << 62), .garbage(chance.next() >> 20))
        faults.append(PlannedFault(.at(milliseconds: time), .crash(node: node, sending: 0)))
        faults.append(PlannedFault(.at(milliseconds: time), .own(.damageDisk(node: node, damage))))
        if back < calmAt { faults.append(PlannedFault(.at(milliseconds: back), .restart(node: node))) }
    }

    /// A link that comes and goes.
    private mutating func flap(_ chance: inout SeededGenerator) {
        let (from, to) = (drawSome(&chance), drawSome(&chance))
        let isOneWay = chance.oneIn(2)
        let longest = UInt64(parameters.token) * chance.pick(1, 2, 10) / 5
        var time = chance.between(UInt64(0), calmAt)
        for _ in 0..<chance.between(2, 12) {
            faults.append(PlannedFault(.at(milliseconds: time), .cut(from: from, to: to)))
            if !isOneWay { faults.append(PlannedFault(.at(milliseconds: time), .cut(from: to, to: from))) }
            time += chance.between(UInt64(1), longest)
            faults.append(PlannedFault(.at(milliseconds: time), .mend(from: from, to: to)))
            if !isOneWay { faults.append(PlannedFault(.at(milliseconds: time), .mend(from: to, to: from))) }
            time += chance.between(UInt64(1), longest)
        }
    }

    private func pairs(_ chance: inout SeededGenerator) -> [NodePair] {
        (0..<chance.between(1, nodes.count)).map { _ in
            NodePair(chance.below(nodes.count), chance.below(nodes.count))
        }
    }
}
