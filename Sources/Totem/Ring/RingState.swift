import Basics
import TotemWire

/// The four states of the protocol, each with the data that lives no longer than it (spec: totem.md 8).
enum RingState: Sendable {
    /// Not started: nothing is sent, everything received is dropped.
    case idle
    case operational
    case gather(Gather)
    case commit(Commit)
    case recovery(Recovery)

    /// The state without its data, which a look at the state itself would copy.
    var phase: RingPhase {
        switch self {
        case .idle: .idle
        case .operational: .operational
        case .gather: .gather
        case .commit: .commit
        case .recovery: .recovery
        }
    }

    /// Agreeing on who is there.
    struct Gather: Sendable {
        /// Nodes whose last join had the same lists as mine, myself included.
        var consensus: [NodeID]
        /// When this attempt, with these lists, began.
        var since: Instant
        /// When everybody was last given a new chance, if so since the last ring.
        var beganAnew: Instant?
    }

    /// The commit token makes its first round.
    struct Commit: Sendable {
        var token: CommitToken
        /// When everybody was last given a new chance, if so since the last ring.
        var beganAnew: Instant?
    }

    /// The new ring's token goes round, but carries only messages of the old ring that somebody lacks.
    struct Recovery: Sendable {
        /// What each new member said of its old ring.
        var token: CommitToken
        /// Members that come with me from my old ring.
        var transitional: [NodeID]
        /// Messages of the old ring, which wait here; in their place are those of the new one, each wrapping one of the old.
        var old: Reception
        /// Messages of the old ring that I still have to send, unless somebody else does first.
        var retransmissions: FIFO<SequenceNumber>
        /// Messages of the old ring that have been sent in this one.
        var replayed = ReplayedMessages()
        /// As representative: the first token of the ring has been sent.
        var hasSentFirstToken = false
        /// It was I who set the token's retransmission flag.
        var hasSetFlag = false
        /// Visits in a row of a token on which nobody had anything left to replay.
        var visitsWithoutFlag: UInt32 = 0
        /// The last message of recovery, once that is known.
        var installSequence: SequenceNumber
        /// Visits in a row that saw everything up to `installSequence` received by all.
        var completeVisits: UInt32 = 0
    }
}

/// The names of the states.
package enum RingPhase: UInt8, Sendable, CaseIterable {
    case idle
    case operational
    case gather
    case commit
    case recovery
}

extension TotemRing {
    package var phase: RingPhase { state.phase }

    /// Whether the ring is in its normal state: members agreed, token going round.
    public var isOperational: Bool { state.phase == .operational }

    var isIdle: Bool { state.phase == .idle }

    var isRecovering: Bool { state.phase == .recovery }

    /// The state's name, as logs have it.
    public var stateName: String {
        switch state.phase {
        case .idle: "IDLE"
        case .operational: "OPERATIONAL"
        case .gather: "GATHER"
        case .commit: "COMMIT"
        case .recovery: "RECOVERY"
        }
    }
}
