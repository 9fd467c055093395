import Basics
import Totem
import TotemWire

/// The guarantees of a layer, each with a name of its own.
package protocol GuaranteeName: Sendable, Equatable {
    /// A number or a word.
    var name: String { get }
    /// What holds, in a sentence.
    var title: String { get }
}

/// A guarantee that did not hold.
package struct Breach<Guarantee: GuaranteeName>: Sendable, Equatable {
    package var invariant: Guarantee
    /// Nanoseconds since the start.
    package var time: UInt64
    /// Who and what, in words.
    package var text: String
}

/// How a simulation went.
package struct RunOutcome<Guarantee: GuaranteeName>: Sendable {
    package var seed: UInt64
    package var violation: Breach<Guarantee>?
    package var figures = RunFigures()
    /// Fingerprint of everything that was sent and delivered, in order.
    package var digest: UInt64
    package var trace: [String]
    /// Every installation of a ring by a node, in order; of whole nodes only when the run was recorded.
    package var installations: [InstalledRing] = []
    /// Every change of a node's state in the ring protocol, in order, also of a node that starts; of whole nodes only when
    /// the run was recorded.
    package var phases: [PhaseChange] = []
    /// What a picture needs; nil when the run was not recorded.
    package var recording: Recording?
}

package struct PhaseChange: Sendable, Equatable {
    /// Nanoseconds.
    package var time: UInt64
    /// Its place in the scenario.
    package var node: Int
    package var phase: RingPhase
}

package struct InstalledRing: Sendable, Equatable {
    /// Nanoseconds.
    package var time: UInt64
    package var node: NodeID
    package var ring: RingID
    package var members: [NodeID]
    /// Members of the node's old ring that came along; empty of whole nodes.
    package var companions: [NodeID]
}

package struct RunFigures: Sendable {
    package var nodes = 0
    package var events = 0
    /// Planned faults that have struck.
    package var faults = 0
    /// Nanoseconds.
    package var simulatedTime: UInt64 = 0
    /// Of whole nodes: to process groups.
    package var messagesSent = 0
    package var deliveries = 0
    /// Installations of a ring by a node; of whole nodes the reports of one that programs have read.
    package var rings = 0
    /// Events of all services that programs on whole nodes have read.
    package var eventsRead = 0
    /// Nanoseconds from the end of the faults until all was well.
    package var settlingTime: UInt64 = 0
    /// Nanoseconds that this may take.
    package var settlingBound: UInt64 = 0

    /// Of whole nodes: nanoseconds that a node was quorate in a ring that others had left without it.
    package var staleQuorum: UInt64 = 0
    /// Nothing follows from silence (`rondo.silence: 0`).
    package var isPatient = false

    package init() {}
}
