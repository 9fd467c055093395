import ClusterLab
import Testing

/// What is done to a ring of three under load, in turn, each time until all are in one ring again and have got on.
struct FaultPlan {
    let lab: Laboratory
    let mixture: Mixture
    let program: OrderProgram
    /// The path of `Clients/client.c`, built.
    let guestProgram: String
    private(set) var counts: [String: Int] = [:]

    init(lab: Laboratory, mixture: Mixture, program: OrderProgram, guestProgram: String) {
        self.lab = lab
        self.mixture = mixture
        self.program = program
        self.guestProgram = guestProgram
    }

    private enum Fault: String, CaseIterable {
        case death
        case partition
        case guests = "guests in the group"
        case quickRestart = "restart faster than the token"
        case deathInPartition = "death in a partition"
        case pause = "pause longer than the token"
        case scattering
        case loss = "lost packets"
        case deathAtMeeting = "death while rings meet"
        case leaving = "clean stop"
        case doubleDeath = "death of two at once"
        case oneWay = "link that fails one way"
        case deathAmidLoss = "death amid lost packets"
    }

    /// Goes through the faults, with another node as the victim in each round, until the time is over.
    ///
    /// - Parameter first: The number of the fault to begin with.
    mutating func carryOut(for time: Duration, first: Int) throws {
        let end = ContinuousClock.now + time
        // Not every fault has its turn in a short time: each mixture begins with another one.
        var turn = first
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
        Fault.allCases.compactMap { fault in
            counts[fault.rawValue].map { $0 == 1 ? fault.rawValue : "\($0) × \(fault.rawValue)" }
        }
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
        case .guests:
            try receiveGuests()
        case .pause:
            try settling(others) { lab.node(victim).pause() }
            try settling { lab.node(victim).resume() }
        case .oneWay:
            let marks = lab.marks
            // The link the token takes.
            try lab.cut(from: victim, to: victim % 3 + 1)
            try lab.wait(for: "another ring", within: lab.timings.afterDeath + margin) {
                lab.nodes.contains { !$0.log.memberships(after: marks[$0.number - 1]).isEmpty }
            }
            try settling { try lab.heal() }
        case .deathAmidLoss:
            try lab.lose(percent: 3)
            try settling(others) { try lab.node(victim).killDaemon() }
            try settling { try start(victim) }
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

    /// A further process of each node joins the group; one leaves it, one closes its connection, one dies.
    private func receiveGuests() throws {
        let guests = try lab.nodes.map { try $0.launch([guestProgram]) }
        for guest in guests { guest.type("1 cpg 0 initialize\n2 cpg 0 join \(OrderProgram.group)\n") }
        for guest in guests { try guest.awaitOutput("#2\n") }
        try advance(by: 50)
        guests[0].type("3 cpg 0 leave \(OrderProgram.group)\n")
        guests[1].type("3 cpg 0 finalize\n")
        guests[2].type("3 die 9\n")
        for guest in guests.dropLast() { try guest.awaitOutput("#3\n") }
        _ = try guests[2].awaitEnd()
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
