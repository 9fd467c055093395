import Basics
import Totem
import TotemWire

/// What only rings have that can be left out.
extension Scenario: ShrinkableCourse {
    package func without(_ kept: KeptNodes) -> Scenario {
        var smaller = self
        smaller.workload.paces = kept.of(workload.paces)
        smaller.clocks = kept.of(clocks)
        smaller.timeoutPercents = kept.of(timeoutPercents)
        smaller.callTimes = kept.of(callTimes)
        return smaller
    }

    package func renamed(_ ids: [NodeID]) -> Scenario {
        var renamed = self
        renamed.nodes = ids
        return renamed
    }

    package static func reduceWork(_ shrinker: inout Shrinker<Scenario>) -> Bool {
        var changed = shrinker.tryOut { $0.workload = Workload() }
        changed =
            shrinker.leaveOut(count: { $0.workload.paces.count { $0 != .silent } }) { scenario, piece in
                var smaller = scenario
                let senders = scenario.workload.paces.indices.filter { scenario.workload.paces[$0] != .silent }
                for place in senders[piece] { smaller.workload.paces[place] = .silent }
                return smaller
            } || changed
        changed = shrinker.tryOut { $0.workload.sizes = .small } || changed
        if shrinker.best.synchronizedState != 0 { changed = shrinker.tryOut { $0.synchronizedState = 0 } || changed }
        if shrinker.best.synchronizationRounds != 1 {
            changed = shrinker.tryOut { $0.synchronizationRounds = 1 } || changed
        }
        for place in shrinker.best.workload.paces.indices { changed = slowDown(place, &shrinker) || changed }
        let isSilent = shrinker.best.workload.paces.allSatisfy { $0 == .silent }
        while !isSilent, shrinker.best.workload.budget > 64, shrinker.tryOut({ $0.workload.budget /= 2 }) {
            changed = true
        }
        return changed
    }

    /// Fewer messages of one sender.
    private static func slowDown(_ place: Int, _ shrinker: inout Shrinker<Scenario>) -> Bool {
        var changed = false
        while true {
            let fewer: Workload.Pace
            switch shrinker.best.workload.paces[place] {
            case .silent: return changed
            case .saturating: fewer = .steady(microseconds: 5000)
            case .bursts(let count, let interval):
                fewer =
                    count > 1 ? .bursts(count: count / 2, microseconds: interval) : .steady(microseconds: interval)
            case .steady(let interval):
                guard interval < 500_000 else { return changed }
                fewer = .steady(microseconds: interval * 2)
            }
            guard shrinker.tryOut({ $0.workload.paces[place] = fewer }) else { return changed }
            changed = true
        }
    }

    package static func simplify(_ shrinker: inout Shrinker<Scenario>) -> Bool {
        var changed = false
        changed = shrinker.tryOut { $0.hasStranger = false } || changed
        changed = shrinker.tryOut { $0.hasForger = false } || changed
        changed = shrinker.tryOut { $0.machinesRefuse = false } || changed
        changed = shrinker.tryOut { $0.parameters.silence = 0 } || changed
        changed = shrinker.tryOut { $0.parameters.beat = 0 } || changed
        changed = shrinker.tryOut { $0.readingPause = 0 } || changed
        changed = shrinker.tryOut { $0.clocks = [] } || changed
        changed = shrinker.tryOut { $0.timeoutPercents = [] } || changed
        changed = shrinker.tryOut { $0.callTimes = [] } || changed
        changed = shrinker.tryOut { $0.parameters = .derived(token: 300, like: $0.parameters) } || changed
        changed =
            shrinker.tryOut { $0.parameters = .derived(token: $0.parameters.token, like: $0.parameters) } || changed
        changed = shrinker.tryOut { $0.parameters.sequenceStart = 0 } || changed
        return changed
    }
}
