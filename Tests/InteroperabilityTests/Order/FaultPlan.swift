import ClusterLab
import Testing

/// What is done to a ring of three under load, in turn, each time until all are in one ring again and have got on.
struct FaultPlan {
    let lab: Laboratory
    let mixture: Mixture
    let program: OrderProgram
    private(set) var counts: [String: Int] = [:]

    init(lab: Laboratory, mixture: Mixture, program: OrderProgram) {
        self.lab = lab
        self.mixture = mixture
        self.program = program
    }

    private enum Fault: String, CaseIterable {
        case death = "deaths"
        case partition = "partitions"
        case quickRestart = "restarts faster than the token"
        case deathInPartition = "deaths in a partition"
        case scattering = "scatterings"
        case deathAtMeeting = "deaths while rings meet"
        case loss = "times of lost packets"
        case leaving = "clean stops"
        case doubleDeath = "deaths of two at once"
    }

    /// Goes through the faults, with another node as the victim in each round, until the time is over.
    mutating func carryOut(for time: Duration) throws {
        let end = ContinuousClock.now + time
        var turn = 0
        try advance()
        while ContinuousClock.now < end {
            let fault = Fault.allCases[turn % Fault.allCases.count]
            let victim = (turn * 2 + turn / Fault.allCases.count) % 3 + 1
            try carryOut(fault, victim: victim)
            try advance()
            counts[fault.rawValue, default: 0] += 1
            turn += 1
        }
    }

    /// How often each fault was had, in the order of their first time.
    var summary: String {
        Fault.allCases.compactMap { fault in counts[fault.rawValue].map { "\($0) \(fault.rawValue)" } }
            .joined(separator: ", ")
    }

    private func carryOut(_ fault: Fault, victim: Int) throws {
        let others = [1, 2, 3].filter { $0 != victim }
        switch fault {
        case .death:
            try settling(others) { try lab.node(victim).killDaemon() }
            try settling { try start(victim) }
        case .partition:
            try settling(others) { try lab.partition([others, [victim]]) }
            try settling { try lab.heal() }
        case .quickRestart:
            try settling {
                try lab.node(victim).killDaemon()
                try start(victim)
            }
        case .deathInPartition:
            try settling(others) { try lab.partition([others, [victim]]) }
            try settling([others[0]]) { try lab.node(others[1]).killDaemon() }
            try settling {
                try start(others[1])
                try lab.heal()
            }
        case .scattering:
            try settling([victim]) { try lab.partition([[1], [2], [3]]) }
            try settling { try lab.heal() }
        case .deathAtMeeting:
            try settling(others) { try lab.partition([others, [victim]]) }
            try settling {
                let marks = lab.marks
                try lab.heal()
                try lab.wait(for: "the first sign of the other ring", within: lab.timings.afterMeeting + margin) {
                    lab.node(others[0]).log.entries(after: marks[others[0] - 1]).contains { $0.subsystem == "TOTEM" }
                }
                try lab.node(others[0]).killDaemon()
                try start(others[0])
            }
        case .loss:
            try lab.lose(percent: 3)
            try advance(by: 600)
            try lab.lose(percent: 0)
        case .leaving:
            try settling(others) {
                let status = try lab.node(victim).stop()
                #expect(status == .exited(0), "node \(victim), asked to stop under load")
            }
            try settling { try start(victim) }
        case .doubleDeath:
            try settling([victim]) { for other in others { try lab.node(other).killDaemon() } }
            try settling { for other in others { try start(other) } }
        }
    }

    private func start(_ number: Int) throws { try lab.node(number).start(mixture.engines[number - 1]) }

    /// Does something, and waits until these nodes, all by default, have formed a ring since.
    private func settling(_ numbers: [Int]? = nil, _ change: () throws -> Void) throws {
        let marks = lab.marks
        try change()
        try lab.awaitRing(
            numbers ?? [1, 2, 3], after: marks, within: lab.startLimit + lab.timings.afterMeeting + margin)
    }

    /// Waits until every node has been given a number of messages more.
    private func advance(by messages: Int = 600) throws {
        let before = program.written()
        try lab.wait(for: "\(messages) more messages on every node", within: .seconds(20)) {
            zip(program.written(), before).allSatisfy { $0 - $1 >= messages * 40 }
        }
    }
}
