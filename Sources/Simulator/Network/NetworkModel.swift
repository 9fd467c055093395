import TotemWire

/// When the copies of a datagram arrive, in nanoseconds; none when it is lost.
struct Fate {
    var first: UInt64?
    var second: UInt64?
}

/// The network between the nodes: who hears whom, and what happens to each datagram on its way.
struct NetworkModel: Sendable {
    var conditions: NetworkConditions
    private let count: Int
    private var blocked: [Bool]
    /// When the last datagram of each pair arrives, for networks that keep the order.
    private var lastArrival: [UInt64]
    private var rules: [LossRule] = []
    private var chance: SeededGenerator

    init(nodes: Int, conditions: NetworkConditions, chance: SeededGenerator) {
        count = nodes
        self.conditions = conditions
        blocked = Array(repeating: false, count: nodes * nodes)
        lastArrival = Array(repeating: 0, count: nodes * nodes)
        self.chance = chance
    }

    /// All hear each other again, also what was singled out to be lost.
    mutating func heal() {
        blocked = Array(repeating: false, count: count * count)
        rules = []
    }

    mutating func partition(_ groups: [UInt8]) {
        for from in 0..<count {
            for to in 0..<count where from < groups.count && to < groups.count {
                blocked[from * count + to] = groups[from] != groups[to]
            }
        }
    }

    mutating func cut(from senders: [Int], to receivers: [Int]) {
        for from in senders {
            for to in receivers where from != to { blocked[from * count + to] = true }
        }
    }

    mutating func lose(_ rule: LossRule) { rules.append(rule) }

    /// From now on nothing is lost or held up; datagrams are still delayed as usual, reordered and doubled.
    mutating func calmDown() {
        heal()
        conditions.lossPerMillion = 0
        conditions.flipPerMillion = 0
        conditions.slowPerMillion = 0
    }

    mutating func fate(from: Int, to: Int, type: PacketType?, now: UInt64) -> Fate {
        let pair = from * count + to
        if blocked[pair] || isSingledOut(from: from, to: to, type: type) { return Fate() }
        if chance.happens(perMillion: conditions.lossPerMillion) { return Fate() }
        var fate = Fate(first: arrival(pair, now: now))
        if conditions.duplicatePerMillion > 0, chance.happens(perMillion: conditions.duplicatePerMillion) {
            fate.second = arrival(pair, now: now)
        }
        return fate
    }

    /// The bit that is turned over on a datagram's way, if any is.
    mutating func flippedBit(ofBytes count: Int) -> Int? {
        guard conditions.flipPerMillion > 0, count > 0, chance.happens(perMillion: conditions.flipPerMillion) else {
            return nil
        }
        return chance.below(count * 8)
    }

    private mutating func arrival(_ pair: Int, now: UInt64) -> UInt64 {
        var nanoseconds =
            conditions.spread?.sample(&chance) ?? (conditions.delay + chance.below(conditions.jitter + 1)) * 1000
        if conditions.slowPerMillion > 0, chance.happens(perMillion: conditions.slowPerMillion) {
            nanoseconds += chance.below(conditions.slowness + 1) * 1000
        }
        var arrival = now + nanoseconds
        if conditions.keepsOrder {
            arrival = max(arrival, lastArrival[pair] + 1)
            lastArrival[pair] = arrival
        }
        return arrival
    }

    private mutating func isSingledOut(from: Int, to: Int, type: PacketType?) -> Bool {
        guard !rules.isEmpty else { return false }
        for index in rules.indices {
            let rule = rules[index]
            guard rule.type == type, rule.from == nil || rule.from == from, rule.to == nil || rule.to == to else {
                continue
            }
            rules[index].count -= 1
            if rules[index].count <= 0 { rules.remove(at: index) }
            return true
        }
        return false
    }
}
