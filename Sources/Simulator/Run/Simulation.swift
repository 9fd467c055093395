import Basics
import Totem
import TotemWire

package typealias SimulationOutcome = RunOutcome<Invariant>

/// Rings under virtual time, with modelled services and senders.
package struct Simulation: VirtualCluster, Sendable {
    let scenario: Scenario
    let sabotage: Sabotage?
    /// What is wrong with every node's ring machine; without effect in a release build.
    let planted: PlantedDefect?
    /// The ring machines are asked for their own invariants; otherwise only what can be seen from outside counts.
    let asksMachines: Bool
    var now: UInt64 = 0
    var queue = EventQueue<SimulatedEvent>()
    var packets = PacketSlab()
    var network: NetworkModel
    var nodes: [SimulatedNode]
    var checker: Checker
    var trace: Trace
    var senders: Senders
    var chance: SeededGenerator
    var stranger: SeededGenerator
    var forger: SeededGenerator
    /// Faults that wait for a node to enter a state.
    var waitingFaults: [Int] = []
    var isCalm = false
    /// Nanoseconds that it takes to come to the end of what was under way when calm set in.
    var backlog: UInt64 = 0
    var figures = RunFigures()
    var tampering = Tampering()
    var installations: [InstalledRing] = []
    var phases: [PhaseChange] = []
    /// What the first node is to be measured by, if it is.
    var meter: Meter?
    var recording: Recording?
    private(set) var isOver = false

    /// - Parameters:
    ///   - tracing: keep a line for each event.
    ///   - packets: in the trace, also each packet sent.
    package init(
        _ scenario: Scenario, tracing: Bool = false, packets: Bool = false, sabotage: Sabotage? = nil,
        planted: PlantedDefect? = nil, asksMachines: Bool = true
    ) {
        self.scenario = scenario
        self.sabotage = sabotage
        self.planted = planted
        self.asksMachines = asksMachines
        let root = SeededGenerator(seed: scenario.seed)
        network = NetworkModel(nodes: scenario.nodes.count, conditions: scenario.network, chance: root.fork(1))
        senders = Senders(workload: scenario.workload, nodes: scenario.nodes.count, chance: root.fork(2))
        chance = root.fork(3)
        stranger = root.fork(4)
        forger = root.fork(5)
        nodes = scenario.nodes.indices.map { SimulatedNode($0, of: scenario) }
        checker = Checker(
            nodes: scenario.nodes, parameters: scenario.parameters, isLenient: scenario.network.flipPerMillion > 0)
        checker.usualTravel = (scenario.network.usualHop + scenario.readingPause) * 1000
        checker.holdTimes = scenario.nodes.indices.map { node in
            // The clock's drift, and that a daemon wakes up a little late.
            let hold = UInt64(scenario.parameters(of: node).hold) * 1_000_000
            return hold + hold / 1_000_000 * scenario.clock(of: node).drift.magnitude * 2 + 2_000_000
        }
        checker.keepTimes = scenario.nodes.indices.map { node in
            let parameters = scenario.parameters(of: node)
            let keep = min(
                UInt64(parameters.token) * 100_000, UInt64(parameters.tokenRetransmit) * 500_000, 300_000_000)
            return keep + keep / 1_000_000 * scenario.clock(of: node).drift.magnitude * 2 + 1_000
        }
        trace = Trace(isOn: tracing, showsPackets: packets)
    }

    package mutating func run() -> SimulationOutcome { runToTheEnd() }

    var violation: Violation? { checker.violation }

    var fingerprint: UInt64 { checker.digest.value }

    mutating func timePassed() {
        checker.now = now
        checker.networkTroubleAt = network.lastTrouble
        checker.checkParting()
    }

    mutating func failEndless(_ text: String) { checker.fail(.liveness) { _ in text } }

    mutating func sumUp() {
        figures.messagesSent = checker.messages.count
        figures.deliveries = checker.deliveries
        figures.rings = checker.installations
    }

    mutating func planWork() {
        for index in nodes.indices where senders.isActive(index) {
            let delay = scenario.workload.delay + 1_000_000
            queue.plan(.work(node: Int32(index)), at: scenario.starts[index] + delay)
        }
        if scenario.hasStranger { queue.plan(.intrusion, at: 1_000_000) }
        if scenario.hasForger { queue.plan(.forgery, at: 1_000_000) }
    }

    mutating func handle(_ event: SimulatedEvent) {
        switch event {
        case .arrival(let node, let packet): arrive(Int(node), packet)
        case .refusal(let node, let by): hearRefusal(Int(node), by: Int(by))
        case .question(let node, let by): answer(Int(node), to: Int(by))
        case .answer(let node, let by): hearAnswer(Int(node), of: Int(by))
        case .read(let node): readDue(Int(node))
        case .wake(let node): wake(Int(node))
        case .work(let node): work(Int(node))
        case .fault(let index): strike(scenario.faults[Int(index)].fault)
        case .start(let node):
            // Who is down when calm sets in and does not come back then does not come later.
            if !isCalm { start(Int(node)) }
        case .resume(let node): resume(Int(node))
        case .catchUp(let node): catchUp(Int(node))
        case .intrusion: intrude()
        case .forgery: forge()
        case .probe: isOver = probe()
        }
    }
}
