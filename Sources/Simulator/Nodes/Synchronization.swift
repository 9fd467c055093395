import Basics
import Totem
import TotemWire

/// The services of a node, as far as the ring notices them: after each configuration change all members send their
/// state and then tell each other, round by round, how far they are. When the last round is complete the node
/// acknowledges the change (totem.md 13.5).
struct Synchronization: Sendable {
    private let rounds: Int
    private var ring: RingID?
    private var round = 0
    private var members: [NodeID] = []
    private var waiting: [NodeID] = []
    private(set) var isComplete = false

    init(rounds: Int) { self.rounds = max(rounds, 1) }

    enum Step { case wait, nextRound(Int), acknowledge }

    /// The ring being synchronised, or the last one that was.
    var currentRing: RingID? { ring }

    /// A new ring; the first round begins.
    mutating func begin(_ ring: RingID, members: [NodeID]) {
        self.ring = ring
        self.members = members
        waiting = members
        round = 0
        isComplete = false
    }

    mutating func receiveBarrier(from sender: NodeID, ring: RingID?, round: Int) -> Step {
        guard ring == self.ring, round == self.round, !isComplete else { return .wait }
        waiting.removeAll { $0 == sender }
        guard waiting.isEmpty else { return .wait }
        self.round += 1
        guard self.round < rounds else {
            isComplete = true
            return .acknowledge
        }
        waiting = members
        return .nextRound(self.round)
    }
}
