import ClientProtocol

/// A program on a node: one process with one connection to the daemon, if it has any.
struct Program: Sendable {
    /// What it has asked and waits to be answered; libraries do nothing else meanwhile.
    enum Question: Sendable, Equatable {
        case join(String)
        case leave
        case membership(String)
        case finalize
        case piece
        case selectModel
        case track
        case isQuorate
        case voteInfo(UInt32)
        case set(String, UInt32)
        case delete(String)
        case get(String)
        case status
        case reload
        case kill
    }

    enum Standing: Sendable, Equatable {
        case outside
        /// Its join has been taken.
        case inside(String)
        /// Its leave has been taken.
        case leaving
    }

    let plan: ProgramPlan
    let index: Int
    var chance: SeededGenerator
    var pid: UInt32
    var connection: Int?
    var question: Question?
    var standing = Standing.outside
    var isTracking = false
    /// What is still to be sent of a message that takes several requests.
    var pieces: [[UInt8]] = []
    /// How often the daemon would not take the next one.
    var attempts = 0

    init(_ plan: ProgramPlan, index: Int, chance: SeededGenerator) {
        self.plan = plan
        self.index = index
        self.chance = chance
        pid = UInt32(1000 + index)
    }

    /// The process is another one, or the same that starts anew.
    mutating func startAnew() {
        connection = nil
        question = nil
        standing = .outside
        isTracking = false
        pieces = []
        attempts = 0
        if !plan.keepsProcess { pid &+= 10_000 }
    }

    mutating func nextPause() -> UInt64 { chance.between(plan.pace / 2, plan.pace * 3 / 2) * 1000 }
}
