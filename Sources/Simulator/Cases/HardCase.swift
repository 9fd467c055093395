import Basics
import Totem
import TotemWire

/// A course of events that is known to be hard on a ring, with what has to come of it beyond the guarantees.
package struct HardCase: Sendable {
    package let name: String
    /// One sentence.
    package let summary: String
    package let scenario: Scenario
    /// What did not come out as it should; nil when all did. The run must have been recorded.
    package let disappointment: @Sendable (SimulationOutcome) -> String?

    package static let all = asymmetric + storms + starts + rings + messages

    package static func named(_ name: String) -> HardCase? { all.first { $0.name == name } }

    /// A quiet cluster with short timeouts, in which everybody sends now and then.
    static func quiet(
        _ count: Int, token: UInt32 = 300, calmAt: UInt64 = 3000, sends interval: UInt64? = 10_000,
        _ faults: [PlannedFault]
    ) -> Scenario {
        var workload = Workload()
        if let interval { workload.paces = Array(repeating: .steady(microseconds: interval), count: count) }
        var scenario = Scenario(
            seed: 1, nodes: (1...max(count, 1)).map { NodeID(UInt32(clamping: $0)) },
            parameters: .derived(token: token),
            workload: workload, calmAt: calmAt)
        scenario.faults = faults
        return scenario
    }

    static func at(_ milliseconds: UInt64, _ fault: Fault) -> PlannedFault {
        PlannedFault(.at(milliseconds: milliseconds), fault)
    }

    static func ids(_ numbers: UInt32...) -> [NodeID] { numbers.map { NodeID($0) } }
}

extension SimulationOutcome {
    /// Whether a ring of exactly these was installed, by nodes that all came along from one ring if that is asked for.
    func hasRing(of members: [NodeID], together: Bool = false) -> Bool {
        installations.contains { $0.members == members && (!together || $0.companions == members) }
    }

    func installations(by nodes: [NodeID], between start: UInt64, and end: UInt64) -> [InstalledRing] {
        installations.filter {
            nodes.contains($0.node) && $0.time >= start * 1_000_000 && $0.time < end * 1_000_000
        }
    }
}
