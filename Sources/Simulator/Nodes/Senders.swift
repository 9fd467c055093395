import TotemWire

/// The applications of all nodes: when they send, and what.
struct Senders: Sendable {
    private let workload: Workload
    private var chance: SeededGenerator
    private var spent = 0
    /// The message being written; one buffer serves all.
    private(set) var body: [UInt8] = []

    init(workload: Workload, nodes: Int, chance: SeededGenerator) {
        self.workload = workload
        self.chance = chance
    }

    func pace(_ node: Int) -> Workload.Pace {
        workload.paces.indices.contains(node) ? workload.paces[node] : .silent
    }

    func isActive(_ node: Int) -> Bool { pace(node) != .silent && spent < workload.budget }

    /// How many messages a node sends at its turn, and how many microseconds later its next turn is.
    mutating func turn(_ node: Int) -> (count: Int, pause: UInt64) {
        switch pace(node) {
        case .silent: (0, 1_000_000)
        case .steady(let interval): (1, chance.between(interval / 2, interval * 3 / 2))
        case .bursts(let count, let interval): (count, chance.between(interval / 2, interval * 3 / 2))
        case .saturating: (64, 1000)
        }
    }

    mutating func nextSize(netMTU: Int, largest: Int) -> Int {
        let drawn: Int =
            switch workload.sizes {
            case .small: chance.between(MessageBody.smallest, 100)
            case .frames: netMTU - 30 + chance.below(60)
            case .large: chance.between(2000, 40_000)
            case .mixed: mixedSize(netMTU: netMTU)
            case .exactly(let size): size
            }
        return min(max(drawn, MessageBody.smallest), largest)
    }

    private mutating func mixedSize(netMTU: Int) -> Int {
        switch chance.below(100) {
        case ..<60: chance.between(MessageBody.smallest, 300)
        case ..<80: netMTU - 30 + chance.below(60)
        case ..<99: chance.between(300, 20_000)
        default: 1 << 20
        }
    }

    mutating func spend(_ bytes: Int) { spent += bytes }

    mutating func write(number: Int, kind: MessageKind, ring: RingID?, round: Int, size: Int) {
        MessageBody.write(
            into: &body, number: number, kind: kind, ring: ring, round: round, size: size, chance: &chance)
    }
}
