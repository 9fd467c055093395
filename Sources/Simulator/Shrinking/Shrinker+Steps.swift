import Basics
import TotemWire

/// The ways to make a course of either layer smaller, each true when it succeeded at all.
extension Shrinker {
    /// What would happen after the failure has nothing to do with it.
    mutating func dropLateFaults() -> Bool {
        let time = violation.time / 1_000_000
        return tryOut { scenario in
            scenario.faults.removeAll { planned in
                if case .at(let milliseconds) = planned.occasion { milliseconds > time } else { false }
            }
        }
    }

    mutating func dropFaults() -> Bool {
        leaveOut(count: { $0.faults.count }, otherSeeds: 1) { scenario, piece in
            var smaller = scenario
            smaller.faults.removeSubrange(piece)
            return smaller
        }
    }

    mutating func dropNodes() -> Bool {
        leaveOut(count: { $0.nodes.count }, keeping: 1, otherSeeds: 3) { scenario, piece in
            scenario.without(nodes: Array(piece))
        }
    }

    mutating func calmNetwork() -> Bool {
        if tryOut(otherSeeds: 1, { $0.network = NetworkConditions() }) { return true }
        var changed = false
        changed = tryOut { $0.network.flipPerMillion = 0 } || changed
        changed = tryOut { $0.network.lossPerMillion = 0 } || changed
        changed = tryOut { $0.network.duplicatePerMillion = 0 } || changed
        changed =
            tryOut {
                $0.network.slowPerMillion = 0
                $0.network.slowness = 0
            } || changed
        changed = tryOut { $0.network.keepsOrder = true } || changed
        changed = tryOut { $0.network.spread = nil } || changed
        changed = tryOut { $0.network.jitter = 50 } || changed
        changed = tryOut { $0.network.delay = 100 } || changed
        return changed
    }

    /// Everything that makes a course odd without being a fault.
    mutating func simplify() -> Bool {
        var changed = C.simplify(&self)
        changed = tryOut { $0.starts = Array(repeating: 0, count: $0.nodes.count) } || changed
        changed = tryOut { $0.losesDisk = Array(repeating: false, count: $0.nodes.count) } || changed
        changed = tryOut { $0.comesBack = Array(repeating: true, count: $0.nodes.count) } || changed
        changed =
            tryOut { course in
                course = course.renamed(course.nodes.indices.map { NodeID(UInt32(clamping: $0 + 1)) })
            } || changed
        return changed
    }

    /// The same in less time.
    mutating func shorten() -> Bool {
        var changed = false
        // What lies before the first fault, and between any two, is made shorter.
        for divisor in [2, 4, 10] as [UInt64] {
            for place in best.faults.indices {
                guard place < best.faults.count, case .at(let time) = best.faults[place].occasion else { continue }
                let earlier = best.faults.compactMap { planned -> UInt64? in
                    if case .at(let other) = planned.occasion, other < time { other } else { nil }
                }.max()
                let gap = time - (earlier ?? 0)
                let gain = gap / divisor
                guard gain >= 5 else { continue }
                changed = tryOut { Self.move(&$0, from: time, by: gain) } || changed
            }
        }
        let last = best.faults.compactMap { planned -> UInt64? in
            if case .at(let time) = planned.occasion { time } else { nil }
        }.max()
        let least = max(last ?? 0, 1)
        if best.calmAt > least { changed = tryOut { $0.calmAt = least } || changed }
        while best.calmAt > least + 10, tryOut({ $0.calmAt -= ($0.calmAt - least) / 2 }) { changed = true }
        while best.calmAt > least + 10, tryOut({ $0.calmAt -= ($0.calmAt - least) / 4 }) { changed = true }
        return changed
    }

    private static func move(_ scenario: inout C, from time: UInt64, by gain: UInt64) {
        for place in scenario.faults.indices {
            guard case .at(let moved) = scenario.faults[place].occasion, moved >= time else { continue }
            scenario.faults[place].occasion = .at(milliseconds: moved - gain)
        }
        scenario.calmAt = max(scenario.calmAt - min(gain, scenario.calmAt - 1), 1)
    }

    /// Each fault in its simplest form.
    mutating func simplifyFaults() -> Bool {
        var changed = false
        for place in best.faults.indices {
            while let simpler = best.faults[place].fault.simpler, tryOut({ $0.faults[place].fault = simpler }) {
                changed = true
            }
        }
        return changed
    }
}
