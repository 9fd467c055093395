import ClusterLab

/// What three nodes are told when all is well: one ring, then node 3 parts from the others, then one ring again.
struct Story {
    static let whole = RingName(1, 4)
    static let pair = RingName(1, 8)
    static let alone = RingName(3, 8)
    static let healed = RingName(1, 12)

    var histories: [NodeHistory]

    init(_ engines: [Engine] = [.rondo, .rondo, .rondo]) {
        let joins = (1...3).map { node in Self.change(members: Array(1...UInt32(node)), joined: [UInt32(node)]) }
        let first = [(1, 0), (2, 0), (3, 0), (1, 1), (3, 1), (2, 1), (1, 2), (3, 2)].map { Self.message($0.0, $0.1) }
        let lastOnes = [
            Self.message(1, 4), Self.message(3, 5), Self.message(2, 4), Self.message(1, 5, isLast: true),
            Self.message(3, 6, isLast: true), Self.message(2, 5, isLast: true),
        ]
        histories = (1...3).map { node in
            var events = [joins[node - 1], .ring(Self.whole, members: [1, 2, 3])] + joins[node...] + first
            if node < 3 {
                events += [
                    Self.message(2, 2), Self.change(members: [1, 2], left: [3]), .ring(Self.pair, members: [1, 2]),
                    Self.message(1, 3), Self.message(2, 3), Self.change(members: [1, 2, 3], found: [3]),
                ]
            } else {
                events += [
                    Self.message(3, 3), Self.change(members: [3], left: [1, 2]), .ring(Self.alone, members: [3]),
                    Self.message(3, 4), Self.change(members: [1, 2, 3], found: [2, 1]),
                ]
            }
            events += [.ring(Self.healed, members: [1, 2, 3])] + lastOnes
            var life = Life(number: 1, process: Self.process(UInt32(node)))
            life.entries = events.map { Life.Entry(event: $0) }
            life.accepted = node == 3 ? 7 : 6
            life.ending = .closed
            var history = NodeHistory(node: UInt32(node), engine: engines[node - 1].description)
            history.lives = [life]
            history.rings = [[Self.whole, node < 3 ? Self.pair : Self.alone, Self.healed]]
            return history
        }
    }

    static func process(_ node: UInt32) -> GroupProcess { GroupProcess(node: node, number: node * 10) }

    static func message(_ node: UInt32, _ number: UInt64, isLast: Bool = false) -> Event {
        let name = MessageName(sender: process(node), life: 1, number: number)
        return .delivery(
            Delivery(
                sender: process(node), name: name, lowByte: UInt8(truncatingIfNeeded: number), length: 100,
                digest: UInt64(node) << 32 | number, isLast: isLast))
    }

    static func change(members: [UInt32], left: [UInt32] = [], joined: [UInt32] = [], found: [UInt32] = []) -> Event {
        func moves(_ nodes: [UInt32], _ reason: UInt32) -> [GroupChange.Move] {
            nodes.map { GroupChange.Move(process: process($0), reason: reason) }
        }
        return .change(
            GroupChange(members: members.map(process), left: moves(left, 3), joined: moves(joined, 1) + moves(found, 4))
        )
    }

    // MARK: Spoiling it

    /// Changes what a node was told.
    mutating func edit(_ node: Int, _ change: (inout [Life.Entry]) -> Void) {
        change(&histories[node - 1].lives[0].entries)
    }

    /// Takes something away from nodes.
    mutating func drop(_ event: Event, at nodes: Int...) {
        for node in nodes { edit(node) { entries in entries.removeAll { $0.event.isSame(as: event) } } }
    }

    /// Puts something behind something else.
    mutating func insert(_ event: Event, behind other: Event, at nodes: Int...) {
        for node in nodes {
            edit(node) { entries in
                guard let index = entries.firstIndex(where: { $0.event.isSame(as: other) }) else { return }
                entries.insert(Life.Entry(event: event), at: index + 1)
            }
        }
    }

    /// Puts something in the place of something else.
    mutating func replace(_ event: Event, by other: Event, at nodes: Int...) {
        for node in nodes {
            edit(node) { entries in
                for index in entries.indices where entries[index].event.isSame(as: event) {
                    entries[index].event = other
                }
            }
        }
    }

    /// Exchanges two things.
    mutating func swap(_ first: Event, _ second: Event, at nodes: Int...) {
        for node in nodes {
            edit(node) { entries in
                guard let one = entries.firstIndex(where: { $0.event.isSame(as: first) }),
                    let other = entries.firstIndex(where: { $0.event.isSame(as: second) })
                else { return }
                entries.swapAt(one, other)
            }
        }
    }

    var findings: [String] { OrderComparison(histories).findings }
}
