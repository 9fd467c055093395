import Basics
import Totem
import TotemWire

/// Everything that happens to a simulated cluster from outside: who is there, over which network, who sends what, and
/// what goes wrong when. One scenario has one course of events.
package struct Scenario: Course {
    /// Seed of everything left to chance: delays, losses, contents. The whole scenario when it was drawn from it.
    package var seed: UInt64
    /// Ascending.
    package var nodes: [NodeID]
    package var parameters: RingParameters
    package var network: NetworkConditions
    /// Microseconds for which a node lets datagrams collect before it reads them all and then answers, as a daemon
    /// under load does; 0 when it reads each at once.
    package var readingPause: UInt64 = 0
    /// How each node's clock runs; nodes without one have the true time.
    package var clocks: [NodeClock] = []
    /// Percent of `parameters`' timeouts that each node has in its own configuration; 100 for nodes without one.
    package var timeoutPercents: [UInt32] = []
    /// Microseconds that each node is busy with a datagram or a timer, while what comes waits; 0 for nodes without one.
    package var callTimes: [UInt64] = []
    /// When each node starts, in nanoseconds.
    package var starts: [UInt64]
    package var workload: Workload
    package var faults: [PlannedFault] = []
    /// Milliseconds after which faults and senders stop and the cluster has to come to rest.
    package var calmAt: UInt64
    /// Nodes that are started again when calm sets in, should they be down by then.
    package var comesBack: [Bool]
    /// Which of them have lost their ring id file by then. Before, a lost file could give the id of a ring to another
    /// one in a part of the network that knows nothing of the first, which no protocol can help.
    package var losesDisk: [Bool]
    /// Rounds of synchronisation after each configuration change.
    package var synchronizationRounds = 1
    /// Bytes that each node sends of its state before the first round; 0 for none.
    package var synchronizedState = 0
    /// Somebody who is not in the nodelist sends forged and malformed packets.
    package var hasStranger = false
    /// Somebody sends, in the names of a ring's members and of its receiver, packets of rings that do not exist.
    package var hasForger = false
    /// The machine of a process that has ended refuses what comes for it, as a kernel that runs on does; otherwise it is silent.
    package var machinesRefuse = false

    package static var layer: SimulatedLayer { .ring }

    package init(
        seed: UInt64, nodes: [NodeID], parameters: RingParameters, network: NetworkConditions = NetworkConditions(),
        workload: Workload = Workload(), calmAt: UInt64
    ) {
        self.seed = seed
        self.nodes = nodes
        self.parameters = parameters
        self.network = network
        starts = Array(repeating: 0, count: nodes.count)
        self.workload = workload
        self.calmAt = calmAt
        comesBack = Array(repeating: true, count: nodes.count)
        losesDisk = Array(repeating: false, count: nodes.count)
    }

    func clock(of node: Int) -> NodeClock { clocks.indices.contains(node) ? clocks[node] : .exact }

    func callTime(of node: Int) -> UInt64 { callTimes.indices.contains(node) ? callTimes[node] : 0 }

    func timeoutPercent(of node: Int) -> UInt32 {
        timeoutPercents.indices.contains(node) ? timeoutPercents[node] : 100
    }

    /// What a node's own configuration says.
    package func parameters(of node: Int) -> RingParameters {
        let percent = timeoutPercent(of: node)
        return percent == 100 ? parameters : parameters.scaled(percent: percent)
    }
}

extension Scenario {
    package var setting: [String] {
        var lines = ["\(nodes.count == 1 ? "1 node" : "\(nodes.count) nodes"), token timeout \(parameters.token) ms; "]
        lines[0] += network.words
        let senders = workload.paces.count { $0 != .silent }
        lines.append(
            senders == 0 ? "nobody sends" : "\(senders) of them send, \(workload.budget) bytes at most in all")
        let drifting = clocks.count { $0.drift != 0 }
        if drifting > 0 { lines.append("the clocks of \(drifting) nodes drift") }
        if timeoutPercents.contains(where: { $0 != 100 }) { lines.append("their timeouts differ") }
        let slow = callTimes.count { $0 > 0 }
        if slow > 0 { lines.append("\(slow) nodes are slow") }
        if hasStranger { lines.append("a stranger sends forged packets") }
        if hasForger { lines.append("somebody forges packets of members in other rings") }
        if parameters.silence > 0 { lines.append("silence counts after \(parameters.silence) ms") }
        if machinesRefuse { lines.append("the machine of a process that has ended refuses its packets") }
        return lines
    }

    package var tokenTimeout: UInt64 { UInt64(parameters.token) }
}
