import Basics
import Totem
import TotemWire

/// What is drawn on top of everything else, by a generator of its own, so that seeds without it take the course they
/// always took.
extension ClusterScenario {
    mutating func drawAdditions(token: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(78)
        if chance.oneIn(6) { drawChangesOfNodes(&chance, token) }
        if chance.oneIn(12) { drawChangesOfTimeouts(&chance, token) }
        if chance.oneIn(15) { drawLongMessages(&chance) }
        if chance.oneIn(15) { drawDepartures(&chance, token) }
        if chance.oneIn(12) {
            versions = nodes.map { _ in chance.pick(nil, 0, 4, 5, 5, 5, 6) }
            if versions.allSatisfy({ $0 == nil }) { versions = [] }
        }
    }

    // MARK: The nodelist

    private mutating func drawChangesOfNodes(_ chance: inout SeededGenerator, _ token: UInt64) {
        for _ in 0..<chance.pick(0, 1, 1, 2) { drawNewcomer(&chance) }
        for _ in 0..<chance.pick(0, 1, 1, 2) { drawRemoval(&chance, token) }
    }

    /// A node that is put on the list in the course of the run: one beyond all others, or one of those there are.
    private mutating func drawNewcomer(_ chance: inout SeededGenerator) {
        var node = chance.below(nodes.count)
        if configuration.members.count < 3 || !configuration.lists(node) || chance.oneIn(2) {
            node = addNode(&chance)
        } else {
            _ = configuration.apply(.strike(node: node), ids: nodes)
            starts[node] = .max
        }
        let time = chance.between(calmAt / 4, calmAt - 1)
        add(time, .own(.change(.enlist(node: node, votes: 1), by: chance.below(nodes.count))))
    }

    /// - Returns: its place.
    private mutating func addNode(_ chance: inout SeededGenerator) -> Int {
        let node = nodes.count
        nodes.append(NodeID((nodes.last?.rawValue ?? 0) + 1))
        starts.append(.max)
        drifts.append(0)
        comesBack.append(true)
        losesDisk.append(false)
        for index in faults.indices {
            guard case .partition(let groups) = faults[index].fault else { continue }
            faults[index].fault = .partition(groups + [UInt8(chance.below(2))])
        }
        programs.append(ProgramPlan(node: node, kind: .quorumWatcher(model: 1), pace: 10_000))
        programs.append(
            ProgramPlan(node: node, kind: .groupMember(GroupHabits(groups: ["alpha"])), pace: 20_000))
        return node
    }

    private mutating func drawRemoval(_ chance: inout SeededGenerator, _ token: UInt64) {
        let node = chance.below(nodes.count)
        let time = chance.between(calmAt / 4, calmAt - 1)
        // Administrators end a node before they take it off the list, unless they make a mistake.
        switch chance.below(3) {
        case 0: break
        case 1: add(time - min(time, token), .crash(node: node, sending: 0))
        default: add(time - min(time, token), .leave(node: node))
        }
        add(time, .own(.change(.strike(node: node), by: chance.below(nodes.count))))
        // And may have thought better of it.
        guard chance.oneIn(4) else { return }
        let back = time + chance.between(UInt64(1), token * 2)
        add(back, .own(.change(.enlist(node: node, votes: 1), by: chance.below(nodes.count))))
    }

    /// Nodes that go one after the other and stay away for long, for what last_man_standing makes of it.
    private mutating func drawDepartures(_ chance: inout SeededGenerator, _ token: UInt64) {
        guard configuration.quorum.isPlainMajority, nodes.count > 2, configuration.members.count == nodes.count else {
            return
        }
        configuration.quorum = QuorumOptions(votes: Array(repeating: 1, count: nodes.count))
        configuration.quorum.lastManStanding = UInt32(chance.between(50, 300))
        var time = chance.between(token, 3 * token)
        for _ in 0..<chance.between(1, min(nodes.count - 1, 4)) {
            let node = chance.below(nodes.count)
            add(time, chance.oneIn(2) ? .leave(node: node) : .crash(node: node, sending: 0))
            time += chance.between(UInt64(1), 3 * token)
        }
    }

    // MARK: Timeouts

    private mutating func drawChangesOfTimeouts(_ chance: inout SeededGenerator, _ token: UInt64) {
        for _ in 0..<chance.between(1, 4) {
            let key = chance.pick("token", "token", "token_coefficient", "join", "merge")
            guard let setting = configuration.totem.first(where: { $0.key == key }) else { continue }
            let value =
                switch key {
                // Never shorter, or calm might not be calm.
                case "token": setting.value + chance.between(UInt64(0), token)
                // It counts for each node: with dozens of them the timeouts would be minutes, in which all call all.
                case "token_coefficient":
                    setting.value + chance.between(UInt64(0), token) / (nodes.count > 12 ? UInt64(nodes.count) : 1)
                default: setting.value * chance.pick(1, 2, 4)
                }
            let time = chance.between(UInt64(0), calmAt - 1)
            add(time, .own(.change(.set(key: key, value: value), by: chance.below(nodes.count))))
        }
    }

    // MARK: Messages

    private mutating func drawLongMessages(_ chance: inout SeededGenerator) {
        let members = programs.indices.filter {
            guard case .groupMember = programs[$0].kind else { return false }
            return true
        }
        guard !members.isEmpty else { return }
        for _ in 0..<chance.between(1, 2) {
            let program = members[chance.below(members.count)]
            guard case .groupMember(var habits) = programs[program].kind else { continue }
            habits.inPiecesOneIn = chance.pick(1, 3, 10)
            programs[program].kind = .groupMember(habits)
        }
        budgetInPieces = nodes.count > 8 ? 2_500_000 : chance.pick(2_500_000, 6_000_000, 9_000_000)
    }
}
