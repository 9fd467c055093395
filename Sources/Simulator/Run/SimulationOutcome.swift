import Totem
import TotemWire

/// How a simulation went.
package struct SimulationOutcome: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    package var figures = SimulationFigures()
    /// Fingerprint of everything that was sent and delivered, in order.
    package var digest: UInt64
    package var trace: [String]
    /// Every installation of a ring by a node, in order.
    package var installations: [Installation] = []

    /// Every change of a node's state in the ring protocol, in order; also of a node that starts.
    package var phases: [PhaseChange] = []

    /// What a picture needs; nil when the run was not recorded.
    package var recording: Recording?

    package struct PhaseChange: Sendable, Equatable {
        /// Nanoseconds.
        package var time: UInt64
        /// Its place in `Scenario.nodes`.
        package var node: Int
        package var phase: RingPhase
    }

    package struct Installation: Sendable, Equatable {
        /// Nanoseconds.
        package var time: UInt64
        package var node: NodeID
        package var ring: RingID
        package var members: [NodeID]
        /// Members of the node's old ring that came along.
        package var companions: [NodeID]
    }
}

package struct SimulationFigures: Sendable {
    package var nodes = 0
    package var events = 0
    /// Planned faults that have struck.
    package var faults = 0
    /// Nanoseconds.
    package var simulatedTime: UInt64 = 0
    package var messagesSent = 0
    package var deliveries = 0
    package var ringsInstalled = 0
    /// Nanoseconds from the end of the faults until all were in one ring and had everything.
    package var settlingTime: UInt64 = 0
    /// Nanoseconds that this may take.
    package var settlingBound: UInt64 = 0

    package init() {}
}
