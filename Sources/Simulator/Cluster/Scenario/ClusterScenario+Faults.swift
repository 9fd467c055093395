import Totem
import TotemWire

/// What goes wrong in a drawn scenario.
extension ClusterScenario {
    mutating func drawFaults(_ chance: inout SeededGenerator, token: UInt64) {
        for _ in 0..<chance.pick(0, 2, 4, 8, 12) { addFault(&chance, token) }
    }

    private mutating func addFault(_ chance: inout SeededGenerator, _ token: UInt64) {
        let time = chance.between(UInt64(0), calmAt)
        let node = chance.below(nodes.count)
        let back = time + chance.between(UInt64(1), token * 3)
        switch chance.below(24) {
        case ..<6:
            add(time, .crash(node: node, sending: chance.pick(0, 0, 1, 2, 5)))
            add(back, .restart(node: node))
        case ..<8:
            add(time, .leave(node: node))
            add(back, .restart(node: node))
        case ..<10:
            add(time, .pause(node: node, milliseconds: chance.between(UInt64(1), token * 3)))
        case ..<14:
            add(time, .partition(drawGroups(&chance)))
            add(back, .heal)
        case ..<16:
            add(time, .cut(from: drawSome(&chance), to: drawSome(&chance)))
            add(back, .heal)
        case ..<18: add(time, .heal)
        case ..<20:
            let type: PacketType = chance.pick(.orfToken, .mcast, .mcast, .join, .commitToken)
            let from = chance.oneIn(2) ? node : nil
            let to = chance.oneIn(2) ? chance.below(nodes.count) : nil
            add(time, .lose(LossRule(type, from: from, to: to, count: chance.between(1, 40))))
        case ..<22:
            add(time, .loss(perMillion: chance.pick(0, 20_000, 100_000, 300_000)))
            add(back, .loss(perMillion: 0))
        case ..<23: add(time, .own(.restartAll(inOrder: chance.oneIn(2), after: chance.between(UInt64(10), token * 2))))
        default: drawReload(&chance, time, node)
        }
    }

    private mutating func drawReload(_ chance: inout SeededGenerator, _ time: UInt64, _ node: Int) {
        guard chance.oneIn(2) else { return add(time, .own(.kill(node: node, by: chance.below(nodes.count)))) }
        guard let setting = configuration.totem.first(where: { $0.key == "token" }) else { return }
        let changed = setting.value + chance.between(UInt64(1), 300)
        add(time, .own(.change(.set(key: "token", value: changed), by: node)))
    }
}
