import Basics
import Totem
import TotemWire

/// A fault planted between the machines and the checks, to see that the checks find it.
package enum Sabotage: String, Sendable, CaseIterable {
    /// The network changes a byte of a message.
    case alterMessage = "alter-message"
    /// A node does not get to see a message that its ring delivers.
    case dropDelivery = "drop-delivery"
    case repeatDelivery = "repeat-delivery"
    case swapDeliveries = "swap-deliveries"
    case alterDelivery = "alter-delivery"
    /// A node's disk forgets what it has stored.
    case forgetRing = "forget-ring"
    /// Nodes send what belongs to a ring without having stored its number.
    case storeNothing = "store-nothing"
    /// A node is told of fewer companions than came along.
    case hideCompanion = "hide-companion"
    case hideTransitional = "hide-transitional"
    /// A node hands its application a message before synchronisation is over.
    case skipSynchronization = "skip-synchronization"
    /// The network keeps all tokens for good when calm should set in.
    case swallowTokens = "swallow-tokens"
}

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
