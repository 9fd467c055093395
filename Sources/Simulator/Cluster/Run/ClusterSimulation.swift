import Deadlines
import Totem
import TotemWire

/// A cluster of whole nodes under virtual time: engines, the network between them, and programs that use them through
/// the bytes of Corosync's client libraries.
///
/// Nothing here looks at a clock or at anything but the scenario, so one scenario always takes the same course.
package struct ClusterSimulation {
    let scenario: ClusterScenario
    let sabotage: ClusterSabotage?
    var now: UInt64 = 0
    var queue = EventQueue<ClusterEvent>()
    var packets = PacketSlab()
    var network: NetworkModel
    var nodes: [ClusterNode]
    /// All there ever were, by their id.
    var connections: [ClientConnection] = []
    var programs: [Program]
    var checker: ClusterChecker
    var trace: Trace
    /// Of faults and the machines' timing; the programs have their own.
    var chance: SeededGenerator
    var figures = ClusterFigures()
    var tampering: ClusterTampering
    var digest = Digest()
    var isCalm = false
    /// Nanoseconds after the start of calm at which all was as it should be.
    var settledAt: UInt64?
    /// The file that administrators have given out last.
    var published: ConfigurationText
    /// Bytes that programs have multicast.
    var spent = 0
    private var isOver = false

    /// - Parameters:
    ///   - tracing: keep a line for each event.
    ///   - sabotage: a fault to plant between engines and checks.
    package init(_ scenario: ClusterScenario, tracing: Bool = false, sabotage: ClusterSabotage? = nil) {
        self.scenario = scenario
        self.sabotage = sabotage
        let root = SeededGenerator(seed: scenario.seed)
        network = NetworkModel(nodes: scenario.nodes.count, conditions: scenario.network, chance: root.fork(11))
        chance = root.fork(12)
        tampering = ClusterTampering(planned: sabotage)
        published = scenario.configuration
        let text = scenario.configuration.text
        nodes = scenario.nodes.enumerated().map { place, id in
            ClusterNode(
                place: place, id: id, clock: NodeClock(offset: 1_000_000_000, drift: scenario.drifts[place]),
                disk: StateDirectory(configuration: text))
        }
        programs = scenario.programs.enumerated().map { index, plan in
            Program(plan, index: index, chance: root.fork(1000 + UInt64(index)))
        }
        checker = ClusterChecker(scenario)
        trace = Trace(isOn: tracing, showsPackets: false)
        figures.nodes = scenario.nodes.count
    }

    package mutating func run() -> ClusterOutcome {
        planEverything()
        while !isOver, checker.violation == nil, let next = queue.next() {
            now = next.time
            checker.tick(now)
            figures.events += 1
            handle(next.event)
            if figures.events > eventLimit {
                checker.fail(.liveness, "the cluster does nothing but talk: \(figures.events) events")
            }
        }
        figures.simulatedTime = now
        figures.messagesSent = checker.messages.count
        figures.deliveries = checker.deliveries
        figures.eventsRead = checker.eventsRead
        figures.ringsReported = checker.ringsReported
        if let violation = checker.violation {
            trace.add(now, nil, "VIOLATION of \(violation.invariant.rawValue): \(violation.text)")
        }
        return ClusterOutcome(
            seed: scenario.seed, violation: checker.violation, figures: figures, digest: digest.value,
            trace: trace.lines)
    }

    private var eventLimit: Int { 5_000_000 + 2000 * nodes.count * nodes.count }

    private mutating func planEverything() {
        for index in nodes.indices where scenario.starts[index] != .max {
            queue.plan(.start(node: Int32(index)), at: scenario.starts[index])
        }
        for (index, planned) in scenario.faults.enumerated() {
            queue.plan(.fault(Int32(clamping: index)), at: planned.milliseconds * 1_000_000)
        }
        for index in programs.indices { planTurn(index) }
        queue.plan(.probe, at: scenario.calmAt * 1_000_000)
    }

    private mutating func handle(_ event: ClusterEvent) {
        switch event {
        case .arrival(let node, let packet): arrive(Int(node), packet)
        case .wake(let node): wake(Int(node))
        case .fault(let index): strike(scenario.faults[Int(index)].fault)
        case .start(let node): start(Int(node))
        case .resume(let node): resume(Int(node))
        case .turn(let program): turn(Int(program))
        case .serve(let connection): serve(Int(connection))
        case .hangup(let connection): hangUp(Int(connection))
        case .read(let connection): readSome(Int(connection))
        case .probe: isOver = probe()
        }
    }

    /// What a node's clock shows now.
    func instant(_ node: Int) -> Instant { Instant(nanoseconds: nodes[node].clock.reading(at: now)) }
}
