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
