import Basics
import Totem
import TotemWire

/// A node: its ring machine, its disk, its services, and the application that sends.
struct SimulatedNode: VirtualNode, Sendable {
    /// Its place in `Scenario.nodes`.
    let place: Int
    let id: NodeID
    var ring: TotemRing
    var isUp = false
    var isPaused = false
    let clock: NodeClock
    /// Content of the ring id file.
    var disk: UInt64 = 0
    /// What has happened to it since the node stopped.
    var damage: DiskDamage?
    var stoppedAt: UInt64 = 0
    var services: Synchronization
    /// Datagrams that came and have not been read.
    var inbox: [Int32] = []
    /// When they are to be read; `.max` when that is not planned.
    var readAt = UInt64.max
    /// Until when its machine refuses all that comes for it.
    var rejectsUntil: UInt64 = 0
    /// Places of the nodes whose machines have refused something, not taken in yet.
    var refusals: [Int] = []
    /// The same of those whose machines have answered.
    var answers: [Int] = []
    /// Until when its whole machine stands still.
    var frozenUntil: UInt64 = 0
    /// Until when its local programs do not keep up; 0 when they do.
    var lagsUntil: UInt64 = 0
    /// Nanoseconds that a call takes, and the end of the present one.
    var callTime: UInt64 = 0
    var busyUntil: UInt64 = 0
    /// The share in the token's backlog count when the last token was accepted.
    var backlogShare: UInt32 = 0
    /// The earliest planned call of the ring.
    var wakeAt = UInt64.max
    var phase = RingPhase.idle
    /// How often each phase was entered, in all lives.
    var entered = [Int](repeating: 0, count: RingPhase.allCases.count)
    /// The node dies after so many more datagrams.
    var dyingAfter: Int?
    /// Distinguishes pauses and lives, so that what was planned for an earlier one is void.
    var resumeAt: UInt64 = 0
}

/// The stretch of time in which a node is down ends with a new machine that knows only its disk.
extension SimulatedNode {
    var strangersWaitUntil: Instant? { ring.strangersWaitUntil }

    init(_ place: Int, of scenario: Scenario) {
        self.place = place
        id = scenario.nodes[place]
        clock = scenario.clock(of: place)
        ring = TotemRing(
            me: id, configured: scenario.nodes, parameters: scenario.parameters(of: place), storedRingSequence: 0)
        services = Synchronization(rounds: scenario.synchronizationRounds)
    }

    mutating func boot(_ scenario: Scenario) {
        ring = TotemRing(
            me: id, configured: scenario.nodes, parameters: scenario.parameters(of: place), storedRingSequence: disk)
        services = Synchronization(rounds: scenario.synchronizationRounds)
        refusals = []
        answers = []
        lagsUntil = 0
        isUp = true
        isPaused = false
        wakeAt = .max
        readAt = .max
        busyUntil = 0
        callTime = scenario.callTime(of: place) * 1000
        phase = .idle
        dyingAfter = nil
    }
}
