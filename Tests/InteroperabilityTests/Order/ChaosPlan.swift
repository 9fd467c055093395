import ClusterLab
import Testing

/// What is done to a large ring under load, drawn from a seed: several things at once, one after the other, without
/// waiting for the ring to recover in between more often than now and then.
struct ChaosPlan {
    let lab: Laboratory
    let mixture: Mixture
    let program: OrderProgram
    private var dice: Dice
    private(set) var counts: [Disturbance.Kind: Int] = [:]

    init(lab: Laboratory, mixture: Mixture, program: OrderProgram, seed: UInt64) {
        self.lab = lab
        self.mixture = mixture
        self.program = program
        dice = Dice(seed: seed)
    }

    /// How often each was had.
    var summary: String {
        Disturbance.Kind.allCases.compactMap { kind in counts[kind].map { "\($0) × \(kind.rawValue)" } }
            .joined(separator: ", ")
    }

    /// Goes on until the time is over and all nodes are in one ring and get messages.
    mutating func carryOut(for time: Duration) throws {
        let end = ContinuousClock.now + time
        try advance()
        while ContinuousClock.now < end {
            try bout()
            if dice.number(below: 3) == 0 { try recover() }
        }
        try recover()
    }

    /// One to three disturbances that overlap.
    private mutating func bout() throws {
        var spared = Array(1...lab.nodes.count)
        var begun: [Disturbance] = []
        for _ in 0...dice.number(below: 3) {
            guard let disturbance = draw(among: &spared, besides: begun) else { continue }
            try begin(disturbance)
            begun.append(disturbance)
            counts[disturbance.kind, default: 0] += 1
            try pass(milliseconds: dice.number(below: 1200))
        }
        try pass(milliseconds: dice.number(below: 3000))
        while !begun.isEmpty {
            try end(begun.remove(at: dice.number(below: begun.count)))
            try pass(milliseconds: dice.number(below: 600))
        }
    }

    /// A disturbance of a node that has none yet, or of the whole network if that has none.
    private mutating func draw(among spared: inout [Int], besides begun: [Disturbance]) -> Disturbance? {
        let kind = Disturbance.Kind.allCases[dice.number(below: Disturbance.Kind.allCases.count)]
        switch kind {
        case .partition:
            guard !begun.contains(where: { $0.kind == .partition }) else { return nil }
            var sides: [[Int]] = [[], []]
            for number in 1...lab.nodes.count { sides[dice.number(below: 2)].append(number) }
            return .partition(sides.filter { !$0.isEmpty })
        case .loss:
            guard !begun.contains(where: { $0.kind == .loss }) else { return nil }
            return .loss(percent: 1 + dice.number(below: 8))
        case .death, .leaving, .pause, .cable, .interface, .address:
            // What Corosync does when its own interface goes is no measure: its member list then has everybody twice.
            let possible = spared.filter {
                ![.interface, .address].contains(kind) || mixture.engines[$0 - 1] == .rondo
            }
            guard !possible.isEmpty else { return nil }
            let victim = possible[dice.number(below: possible.count)]
            spared.removeAll { $0 == victim }
            return .node(kind, victim)
        }
    }

    private func begin(_ disturbance: Disturbance) throws {
        switch disturbance {
        case .partition(let sides): try lab.partition(sides)
        case .loss(let percent): try lab.lose(percent: Double(percent))
        case .node(let kind, let number):
            let node = lab.node(number)
            switch kind {
            case .death: try node.killDaemon()
            case .leaving:
                let status = try node.stop()
                #expect(status == .exited(0), "node \(number), asked to stop")
            case .pause: node.pause()
            case .cable: try lab.plug(number, in: false)
            case .interface: try node.setInterface(up: false)
            case .address: try node.setAddress(present: false)
            case .partition, .loss: break
            }
        }
    }

    private func end(_ disturbance: Disturbance) throws {
        switch disturbance {
        case .partition: try lab.heal()
        case .loss: try lab.lose(percent: 0)
        case .node(let kind, let number):
            let node = lab.node(number)
            switch kind {
            case .death, .leaving: try node.start(mixture.engines[number - 1])
            case .pause: node.resume()
            case .cable: try lab.plug(number, in: true)
            case .interface: try node.setInterface(up: true)
            case .address: try node.setAddress(present: true)
            case .partition, .loss: break
            }
        }
    }

    /// Waits for one ring of all in which everybody gets messages.
    private func recover() throws {
        let limit = lab.startLimit + lab.timings.afterMeeting + lab.timings.afterDeath + margin
        try lab.awaitRing(Array(1...lab.nodes.count), within: limit)
        try advance()
    }

    private func advance() throws {
        let before = program.written()
        try lab.wait(for: "more messages on every node", within: .seconds(20)) {
            zip(program.written(), before).allSatisfy { $0 - $1 >= 200 * 40 }
        }
    }

    /// Lets time pass, watching that no daemon ends.
    private func pass(milliseconds: Int) throws { try [lab].rest(.milliseconds(milliseconds)) }
}

/// Something done to a node, or to the network between them.
enum Disturbance {
    enum Kind: String, CaseIterable {
        case death
        case leaving = "clean stop"
        case pause
        case partition
        case loss = "lost packets"
        case cable = "cable pulled"
        case interface = "interface down"
        case address = "address removed"
    }

    case partition([[Int]])
    case loss(percent: Int)
    /// The other kinds, and the node.
    case node(Kind, Int)

    var kind: Kind {
        switch self {
        case .partition: .partition
        case .loss: .loss
        case .node(let kind, _): kind
        }
    }
}

/// Numbers from a seed (splitmix64), so that a run can be had again.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(below limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((value ^ value >> 31) % UInt64(limit))
    }
}
