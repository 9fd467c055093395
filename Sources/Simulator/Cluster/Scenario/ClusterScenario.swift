import Basics
import Totem
import TotemWire

/// Everything that happens to simulated whole nodes from outside: the nodes and their corosync.conf, the network, the
/// programs on each node, and what goes wrong when. One scenario has one course of events.
package struct ClusterScenario: Course {
    /// Seed of everything left to chance. The whole scenario when it was drawn from it.
    package var seed: UInt64
    /// Ascending.
    package var nodes: [NodeID]
    /// The file of all nodes at the start.
    package var configuration: ConfigurationText
    /// The `config_version` in the file of each machine at the start; empty when no file has one.
    package var versions: [UInt64?] = []
    package var network: NetworkConditions
    /// When each node starts, in nanoseconds; `.max` for one that a reload brings in.
    package var starts: [UInt64]
    /// By how many millionths each node's clock runs fast.
    package var drifts: [Int64]
    package var programs: [ProgramPlan] = []
    /// Bytes that all programs together multicast at most.
    package var budget = 200_000
    /// Bytes of messages that take several requests, which come on top of that.
    package var budgetInPieces = 0
    package var faults: [PlannedClusterFault] = []
    /// Milliseconds after which faults and programs stop and the cluster has to come to rest.
    package var calmAt: UInt64
    /// Nodes that are started again when calm sets in, should they be down by then.
    package var comesBack: [Bool]
    /// Which of them have lost their ring id file by then (see `Scenario.losesDisk`).
    package var losesDisk: [Bool]

    package static var layer: SimulatedLayer { .nodes }

    package init(
        seed: UInt64, nodes: [NodeID], configuration: ConfigurationText,
        network: NetworkConditions = NetworkConditions(), calmAt: UInt64
    ) {
        self.seed = seed
        self.nodes = nodes
        self.configuration = configuration
        self.network = network
        starts = Array(repeating: 0, count: nodes.count)
        drifts = Array(repeating: 0, count: nodes.count)
        self.calmAt = calmAt
        comesBack = Array(repeating: true, count: nodes.count)
        losesDisk = Array(repeating: false, count: nodes.count)
    }

    /// What arrives may be falsified, and nothing notices: it is expected only that the rings find together.
    package var isLenient: Bool {
        network.flipPerMillion > 0 && !protections.allSatisfy(\.isSealed)
    }

    /// How links seal at the start and after each change, in order.
    var protections: [Protection] {
        [configuration.links?.protection ?? .clear]
            + faults.compactMap {
                if case .own(.change(.protect(let next, _, _), _)) = $0.fault { next } else { nil }
            }
    }
}
