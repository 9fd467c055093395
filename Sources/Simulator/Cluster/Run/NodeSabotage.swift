import Links

/// What can be planted in whole nodes.
package enum NodeSabotage: PlantedFault {
    /// Between engines, programs and networks.
    case harness(ClusterSabotage)
    /// In the links of every node; only debug builds have these.
    case links(LinkDefect)

    package static var names: [String] {
        ClusterSabotage.allCases.map(\.rawValue) + LinkDefect.available.map(\.rawValue)
    }

    package init?(name: String) {
        if let sabotage = ClusterSabotage(rawValue: name) {
            self = .harness(sabotage)
        } else if let defect = LinkDefect.available.first(where: { $0.rawValue == name }) {
            self = .links(defect)
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .harness(let sabotage): sabotage.rawValue
        case .links(let defect): defect.rawValue
        }
    }
}

extension ClusterScenario: RunnableCourse {
    package func run(_ view: RunView, planted: NodeSabotage?) -> ClusterOutcome {
        var sabotage: ClusterSabotage?
        var defect: LinkDefect?
        switch planted {
        case .harness(let kind): sabotage = kind
        case .links(let kind): defect = kind
        case nil: break
        }
        var simulation = ClusterSimulation(
            self, tracing: view.traces, packets: view.tracesPackets, sabotage: sabotage, planted: defect)
        if let window = view.records { simulation.record(packetsIn: window) }
        return simulation.run()
    }
}
