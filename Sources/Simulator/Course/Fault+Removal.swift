import TotemWire

/// What is left of a fault when nodes are left out.
extension LayerFault {
    /// With nodes at their new places; nil when it is about a node that is gone.
    func renumbered(_ places: [Int?]) -> Self? {
        switch self {
        case .crash(let node, let sending): return places[node].map { .crash(node: $0, sending: sending) }
        case .restart(let node): return places[node].map { .restart(node: $0) }
        case .leave(let node): return places[node].map { .leave(node: $0) }
        case .pause(let node, let time): return places[node].map { .pause(node: $0, milliseconds: time) }
        case .late(let node, let time): return places[node].map { .late(node: $0, microseconds: time) }
        case .partition(let groups): return .partition(zip(groups, places).compactMap { $1 == nil ? nil : $0 })
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
        case .heal, .conditions, .loss: return self
        case .own(let own): return own.renumbered(places).map { .own($0) }
        }
    }

    /// Who no longer hears whom, of those that are left; nil when nobody is, on one of the sides.
    private static func direction(_ from: [Int], _ to: [Int], _ places: [Int?]) -> ([Int], [Int])? {
        let (senders, receivers) = (from.compactMap { places[$0] }, to.compactMap { places[$0] })
        return senders.isEmpty || receivers.isEmpty ? nil : (senders, receivers)
    }

    /// The same with less of it; nil when there is no less.
    var simpler: Self? {
        switch self {
        case .crash(let node, let sending) where sending > 0: .crash(node: node, sending: sending / 2)
        case .pause(let node, let time) where time > 20: .pause(node: node, milliseconds: time / 2)
        case .lose(let rule) where rule.count > 1:
            .lose(LossRule(rule.type, from: rule.from, to: rule.to, count: rule.count / 2))
        case .late(let node, let time) where time > 1000: .late(node: node, microseconds: time / 2)
        case .sever(let pairs) where pairs.count > 1: .sever(Array(pairs.dropLast()))
        case .cut(let from, let to) where from.count > 1: .cut(from: Array(from.dropLast()), to: to)
        case .cut(let from, let to) where to.count > 1: .cut(from: from, to: Array(to.dropLast()))
        case .partition(let groups) where (groups.max() ?? 0) > 1: .partition(groups.map { min($0, 1) })
        case .own(let own): own.simpler.map { .own($0) }
        default: nil
        }
    }
}

extension Occasion {
    func renumbered(_ places: [Int?]) -> Occasion? {
        switch self {
        case .at: self
        case .entering(let node, let phase, let count, let beforeSending):
            places[node].map { .entering(node: $0, phase: phase, count: count, beforeSending: beforeSending) }
        }
    }
}
