import TotemWire

/// The programs of a drawn scenario.
extension ClusterScenario {
    mutating func drawPrograms(_ chance: inout SeededGenerator, token: UInt64) {
        // On every node one who tells what the node says of quorum and of votes.
        for node in nodes.indices {
            programs.append(ProgramPlan(node: node, kind: .quorumWatcher(model: 1), pace: 10_000))
        }
        let most = nodes.count > 16 ? 8 : nodes.count * 3
        for _ in 0..<chance.between(1, max(most, 2)) { drawMember(&chance) }
        let others = chance.pick(0, 1, 2, 4)
        for _ in 0..<others { drawOther(&chance) }
    }

    private mutating func drawMember(_ chance: inout SeededGenerator) {
        let names = ["alpha", "beta", "gamma"]
        var habits = GroupHabits(groups: Array(names.prefix(chance.pick(1, 1, 1, 2, 3))))
        habits.wantsRing = !chance.oneIn(5)
        habits.sizes = chance.pick(.small, .small, .small, .frames, .large, .mixed)
        habits.burst = chance.pick(0, 1, 1, 3, 20)
        habits.leavesOneIn = chance.pick(0, 0, 20, 60)
        habits.diesOneIn = chance.pick(0, 0, 20, 60)
        var plan = ProgramPlan(
            node: chance.below(nodes.count), kind: .groupMember(habits), pace: chance.between(2_000, 60_000))
        plan.reading = reading(&chance)
        plan.keepsProcess = chance.oneIn(2)
        programs.append(plan)
    }

    private mutating func drawOther(_ chance: inout SeededGenerator) {
        let node = chance.below(nodes.count)
        let kinds: [ProgramPlan.Kind] =
            switch chance.below(5) {
            case 0: [.quorumWatcher(model: UInt32(chance.below(2)))]
            case 1: [.mapWriter, .mapWatcher]
            case 2: [.administrator]
            default: [.voteWatcher]
            }
        for kind in kinds {
            var plan = ProgramPlan(node: node, kind: kind, pace: chance.between(5_000, 100_000))
            if kind != .mapWriter { plan.reading = reading(&chance) }
            programs.append(plan)
        }
    }

    private func reading(_ chance: inout SeededGenerator) -> ProgramPlan.Reading {
        switch chance.below(8) {
        case 0: .slowly(microseconds: chance.between(1_000, 50_000))
        case 1: .atTheEnd
        default: .atOnce
        }
    }
}
