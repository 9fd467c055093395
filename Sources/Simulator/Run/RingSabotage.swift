import Basics
import Totem

/// What can be planted in rings.
package enum RingSabotage: PlantedFault {
    /// Between the machines and the checks.
    case harness(Sabotage)
    /// In the ring machine of every node; only debug builds have these.
    case machine(PlantedDefect)

    package static var names: [String] { Sabotage.allCases.map(\.rawValue) + PlantedDefect.available.map(\.rawValue) }

    package init?(name: String) {
        if let sabotage = Sabotage(rawValue: name) {
            self = .harness(sabotage)
        } else if let defect = PlantedDefect.available.first(where: { $0.rawValue == name }) {
            self = .machine(defect)
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .harness(let sabotage): sabotage.rawValue
        case .machine(let defect): defect.rawValue
        }
    }
}

extension Scenario: RunnableCourse {
    package func run(_ view: RunView, planted: RingSabotage?) -> SimulationOutcome {
        var sabotage: Sabotage?
        var defect: PlantedDefect?
        switch planted {
        case .harness(let kind): sabotage = kind
        case .machine(let kind): defect = kind
        case nil: break
        }
        var simulation = Simulation(
            self, tracing: view.traces, packets: view.tracesPackets, sabotage: sabotage, planted: defect)
        if let window = view.records { simulation.record(packetsIn: window) }
        return simulation.run()
    }
}
