import TotemWire

extension Scenario {
    /// The same without the nodes at `places`, and without what only they did.
    func without(nodes places: [Int]) -> Scenario {
        var kept: [Int?] = []
        var count = 0
        for index in nodes.indices {
            if places.contains(index) {
                kept.append(nil)
            } else {
                kept.append(count)
                count += 1
            }
        }
        func remaining<Element>(_ list: [Element]) -> [Element] {
            zip(list, kept).compactMap { $1 == nil ? nil : $0 }
        }
        var smaller = self
        smaller.nodes = remaining(nodes)
        smaller.starts = remaining(starts)
        smaller.comesBack = remaining(comesBack)
        smaller.losesDisk = remaining(losesDisk)
        smaller.workload.paces = remaining(workload.paces)
        smaller.clocks = remaining(clocks)
        smaller.timeoutPercents = remaining(timeoutPercents)
        smaller.callTimes = remaining(callTimes)
        smaller.faults = faults.compactMap { planned in
            guard let occasion = planned.occasion.renumbered(kept), let fault = planned.fault.renumbered(kept) else {
                return nil
            }
            return PlannedFault(occasion, fault)
        }
        return smaller
    }
}

extension Occasion {
    /// With nodes at their new places; nil when it is about a node that is gone.
    fileprivate func renumbered(_ places: [Int?]) -> Occasion? {
        switch self {
        case .at: self
        case .entering(let node, let phase, let count, let beforeSending):
            places[node].map { .entering(node: $0, phase: phase, count: count, beforeSending: beforeSending) }
        }
    }
}

extension Fault {
    fileprivate func renumbered(_ places: [Int?]) -> Fault? {
        switch self {
        case .crash(let node, let sending): return places[node].map { .crash(node: $0, sending: sending) }
        case .restart(let node): return places[node].map { .restart(node: $0) }
        case .leave(let node): return places[node].map { .leave(node: $0) }
        case .pause(let node, let time): return places[node].map { .pause(node: $0, milliseconds: time) }
        case .forceGather(let node): return places[node].map { .forceGather(node: $0) }
        case .partition(let groups):
            return .partition(zip(groups, places).compactMap { $1 == nil ? nil : $0 })
        case .slow(let node, let time): return places[node].map { .slow(node: $0, microseconds: time) }
        case .damageDisk(let node, let damage): return places[node].map { .damageDisk(node: $0, damage) }
        case .cut(let from, let to):
            return Self.direction(from, to, places).map { .cut(from: $0, to: $1) }
        case .mend(let from, let to):
            return Self.direction(from, to, places).map { .mend(from: $0, to: $1) }
        case .sever(let pairs):
            let left = pairs.compactMap { pair -> NodePair? in
                guard let first = places[pair.first], let second = places[pair.second] else { return nil }
                return NodePair(first, second)
            }
            return left.isEmpty ? nil : .sever(left)
        case .lose(var rule):
            if let from = rule.from {
                guard let place = places[from] else { return nil }
                rule.from = place
            }
            if let to = rule.to {
                guard let place = places[to] else { return nil }
                rule.to = place
            }
            return .lose(rule)
        case .heal, .conditions, .restartAll: return self
        }
    }

    /// Who no longer hears whom, of those that are left; nil when nobody is, on one of the sides.
    private static func direction(_ from: [Int], _ to: [Int], _ places: [Int?]) -> ([Int], [Int])? {
        let (senders, receivers) = (from.compactMap { places[$0] }, to.compactMap { places[$0] })
        return senders.isEmpty || receivers.isEmpty ? nil : (senders, receivers)
    }
}
