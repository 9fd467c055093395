import Links

/// What can be planted in links: defects in the machine of every node, which only debug builds have.
package enum LinksSabotage: PlantedFault {
    case machine(LinkDefect)

    package static var names: [String] { LinkDefect.available.map(\.rawValue) }

    package init?(name: String) {
        guard let defect = LinkDefect.available.first(where: { $0.rawValue == name }) else { return nil }
        self = .machine(defect)
    }

    package var name: String {
        switch self {
        case .machine(let defect): defect.rawValue
        }
    }
}

extension LinksScenario: RunnableCourse {
    package func run(_ view: RunView, planted: LinksSabotage?) -> RunOutcome<LinksInvariant> {
        var defect: LinkDefect?
        if case .machine(let kind) = planted { defect = kind }
        var simulation = LinksSimulation(
            self, tracing: view.traces, packets: view.tracesPackets, planted: defect)
        return simulation.run()
    }
}
