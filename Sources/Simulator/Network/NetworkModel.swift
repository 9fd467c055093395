import TotemWire

/// The copies of a datagram that arrive; none when it is lost.
struct Fate {
    struct Copy {
        /// Nanoseconds.
        var arrival: UInt64
        /// The bit that is turned over on the way, if any is.
        var flippedBit: Int?
    }

    var first: Copy?
    var second: Copy?
}

/// The network between the nodes: who hears whom, and what happens to each datagram on its way.
struct NetworkModel: Sendable {
    var conditions: NetworkConditions
    private let count: Int
    private var blocked: [Bool]
    /// When the last datagram of each pair arrives, for networks that keep the order.
    private var lastArrival: [UInt64]
    private var rules: [LossRule] = []
    /// Nanoseconds by which each node hears everything later; empty when none does.
    private var lateness: [UInt64] = []
    /// Nanoseconds after which nothing takes longer; set when calm sets in.
    private var longest = UInt64.max
    /// When the last datagram under way arrives.
    private(set) var latestArrival: UInt64 = 0
    /// The longest that a datagram has been under way, in nanoseconds.
    private(set) var longestTravel: UInt64 = 0
    /// When a datagram was last lost, falsified or held up.
    private(set) var lastTrouble: UInt64 = 0
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

    mutating func mend(from senders: [Int], to receivers: [Int]) {
        for from in senders {
            for to in receivers where from != to { blocked[from * count + to] = false }
        }
    }

    mutating func sever(_ pairs: [NodePair]) {
        for pair in pairs {
            cut(from: [pair.first], to: [pair.second])
            cut(from: [pair.second], to: [pair.first])
        }
    }

    /// Whether no packets are singled out to be lost, and no node hears later than the others.
    var isImpartial: Bool { rules.isEmpty && lateness.allSatisfy { $0 == 0 } }

    /// Whether nothing that one node sends reaches the other.
    func isBlocked(from: Int, to: Int) -> Bool { blocked[from * count + to] }

    mutating func delay(_ node: Int, by nanoseconds: UInt64) {
        if lateness.isEmpty { lateness = Array(repeating: 0, count: count) }
        lateness[node] = nanoseconds
    }

    mutating func lose(_ rule: LossRule) { rules.append(rule) }

    /// From now on nothing is lost or held up; datagrams are still delayed as usual, reordered and doubled.
    mutating func calmDown() {
        heal()
        longest = conditions.usualDelay * 1000
        conditions.lossPerMillion = 0
        conditions.flipPerMillion = 0
        conditions.slowPerMillion = 0
    }

    /// - Parameter size: of the datagram, in bytes.
    mutating func fate(from: Int, to: Int, type: PacketType?, size: Int, now: UInt64) -> Fate {
        let pair = from * count + to
        guard !blocked[pair], !isSingledOut(from: from, to: to, type: type),
            !isLost(size)
        else {
            lastTrouble = now
            return Fate()
        }
        var fate = Fate(first: Fate.Copy(arrival: arrival(pair, type: type, now: now)))
        if conditions.duplicatePerMillion > 0, chance.happens(perMillion: conditions.duplicatePerMillion) {
            fate.second = Fate.Copy(arrival: arrival(pair, type: type, now: now))
        }
        fate.first?.flippedBit = flippedBit(ofBytes: size, now: now)
        if fate.second != nil { fate.second?.flippedBit = flippedBit(ofBytes: size, now: now) }
        return fate
    }

    /// Whether any piece of a packet of so many bytes is lost.
    private mutating func isLost(_ size: Int) -> Bool {
        let loss = conditions.lossPerMillion
        guard conditions.pieceSize > 0, size > conditions.pieceSize, loss > 0 else {
            return chance.happens(perMillion: loss)
        }
        return (0..<(size - 1) / conditions.pieceSize + 1).contains { _ in chance.happens(perMillion: loss) }
    }

    /// The bit that is turned over on a datagram's way, if any is.
    private mutating func flippedBit(ofBytes count: Int, now: UInt64) -> Int? {
        guard conditions.flipPerMillion > 0, count > 0, chance.happens(perMillion: conditions.flipPerMillion) else {
            return nil
        }
        lastTrouble = now
        return chance.below(count * 8)
    }

    private mutating func arrival(_ pair: Int, type: PacketType?, now: UInt64) -> UInt64 {
        var nanoseconds =
            conditions.spread?.sample(&chance) ?? (conditions.delay + chance.below(conditions.jitter + 1)) * 1000
        if conditions.slowPerMillion > 0, chance.happens(perMillion: conditions.slowPerMillion) {
            nanoseconds += chance.below(conditions.slowness + 1) * 1000
        }
        if !lateness.isEmpty { nanoseconds += lateness[pair % count] }
        nanoseconds = min(nanoseconds, longest)
        if nanoseconds > conditions.usualDelay * 1000 { lastTrouble = now }
        var arrival = now + nanoseconds
        if type == .orfToken { arrival += conditions.turn }
        if conditions.keepsOrder {
            arrival = max(arrival, lastArrival[pair] + 1)
            lastArrival[pair] = arrival
            // Behind one that is held up.
            if arrival - now > 2 * conditions.usualDelay * 1000 + conditions.turn { lastTrouble = now }
        }
        latestArrival = max(latestArrival, arrival)
        longestTravel = max(longestTravel, arrival - now)
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
