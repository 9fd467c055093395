import Basics
import Totem
import TotemWire

@testable import Simulator

extension Scenario {
    /// A quiet cluster with short timeouts on a network that loses nothing; tests add what they want to go wrong.
    static func quiet(nodes: Int, seed: UInt64 = 1, calmAt: UInt64 = 3000) -> Scenario {
        Scenario(
            seed: seed, nodes: (1...nodes).map { NodeID(UInt32($0)) }, parameters: .derived(token: 300),
            workload: .steady(nodes: nodes, microseconds: 10_000), calmAt: calmAt)
    }

    func with(_ faults: PlannedFault...) -> Scenario {
        var changed = self
        changed.faults += faults
        return changed
    }
}

extension Workload {
    static func steady(nodes: Int, microseconds: UInt64) -> Workload {
        var workload = Workload()
        workload.paces = Array(repeating: .steady(microseconds: microseconds), count: nodes)
        return workload
    }
}

/// Runs a scenario and returns how it went.
func simulate(
    _ scenario: Scenario, tracing: Bool = false, packets: Bool = false, sabotage: Sabotage? = nil
) -> SimulationOutcome {
    var simulation = Simulation(scenario, tracing: tracing, packets: packets, sabotage: sabotage)
    return simulation.run()
}
