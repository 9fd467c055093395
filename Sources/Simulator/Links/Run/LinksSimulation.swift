import Basics
import Links
import TotemWire

/// Links without a ring under virtual time: machines that carry numbered packets, and the networks between them.
///
/// Nothing in it looks at a clock or at anything but its scenario, so one scenario always takes the same course.
package struct LinksSimulation {
    enum Event: Sendable {
        case arrival(LinkFlight)
        case wake(Int)
        case fault(Int)
        case start(Int)
        case resume(Int)
        case traffic(Int)
        case report(LinkReport)
        /// The next step of a change of keys: 0 prepares, 1 selects, 2 settles.
        case keys(node: Int, step: Int, generation: Int)
        case intrusion
        case probe
    }

    let scenario: LinksScenario
    /// What is wrong with every node's machine; without effect in a release build.
    let planted: LinkDefect?
    var now: UInt64 = 0
    var queue = EventQueue<Event>()
    var packets = PacketSlab()
    /// Of each packet in the slab.
    var origins: [PacketOrigin] = []
    var network: LinksNetwork
    var nodes: [LinksNode]
    var checker: LinksChecker
    var trace: Trace
    var chance: SeededGenerator
    var intruder: Intruder
    var ledger: PacketLedger
    var figures = RunFigures()
    /// How often something has gone wrong or right.
    var epoch = 0
    /// The data packet that is being sent does not fit a path.
    var isOversized = false
    var isCalm = false
    var isOver = false
    /// When everything has arrived that was under way when calm set in.
    var calmFrom: UInt64 = 0
    /// Until when the last change of keys takes.
    var keysChangeUntil: UInt64 = 0
    /// When all links were up for the first time after calm.
    var settledAt: UInt64?
    var scratch: [UInt8] = []

    package init(_ scenario: LinksScenario, tracing: Bool = false, packets: Bool = false, planted: LinkDefect? = nil) {
        self.scenario = scenario
        self.planted = planted
        let root = SeededGenerator(seed: scenario.seed)
        network = LinksNetwork(
            nodes: scenario.nodes.count, mtus: scenario.links.map(\.interfaceMTU), conditions: scenario.network,
            chance: root.fork(11))
        chance = root.fork(12)
        intruder = Intruder(chance: root.fork(13))
        ledger = PacketLedger(nodes: scenario.nodes.count)
        nodes = scenario.nodes.enumerated().map { LinksNode($0, $1) }
        checker = LinksChecker(
            nodes: scenario.nodes.count, links: scenario.links.count, isLenient: scenario.isLenient)
        trace = Trace(isOn: tracing || packets, showsPackets: packets)
    }

    /// Nanoseconds before the beginning: no clock starts at 0.
    private static let origin: UInt64 = 1_000_000_000

    var instant: Instant { Instant(nanoseconds: now + Self.origin) }

    package mutating func run() -> RunOutcome<LinksInvariant> {
        for node in nodes.indices { queue.plan(.start(node), at: scenario.starts[node]) }
        for (index, planned) in scenario.faults.enumerated() {
            if case .at(let milliseconds) = planned.occasion { queue.plan(.fault(index), at: milliseconds * 1_000_000) }
        }
        for node in nodes.indices { planTraffic(node) }
        if scenario.hasIntruder { queue.plan(.intrusion, at: 100_000_000) }
        queue.plan(.probe, at: 10_000_000)
        while !isOver, checker.violation == nil, let next = queue.next() {
            now = next.time
            checker.now = now
            figures.events += 1
            handle(next.event)
        }
        figures.nodes = nodes.count
        figures.simulatedTime = now
        figures.deliveries = checker.deliveries
        if let violation = checker.violation {
            trace.add(now, nil, "VIOLATION of guarantee \(violation.invariant.name): \(violation.text)")
        }
        return RunOutcome(
            seed: scenario.seed, violation: checker.violation, figures: figures, digest: checker.digest.value,
            trace: trace.lines)
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .arrival(let flight): arrive(flight)
        case .wake(let node): wake(node)
        case .fault(let index): if !isCalm { strike(scenario.faults[index].fault) }
        case .start(let node): start(node)
        case .resume(let node): resume(node)
        case .traffic(let node): send(from: node)
        case .report(let report): take(report)
        case .keys(let node, let step, let generation): changeKeys(node, step: step, generation: generation)
        case .intrusion: intrude()
        case .probe: probe()
        }
    }

    mutating func fail(_ invariant: LinksInvariant, _ text: String) { checker.fail(invariant, text) }

    // MARK: Calls

    /// Tells a node's machine something, and does what comes of it.
    @discardableResult
    mutating func call<Answer: Equatable>(_ node: Int, _ body: (LinksBox) -> Answer) -> Answer? {
        guard let (answer, areEqual) = nodes[node].call(body) else { return nil }
        if !areEqual { fail(.equality, "two machines of node \(nodes[node].id) answer differently") }
        finish(node)
        return answer
    }

    /// Lets what a node has to say out, after each call.
    private mutating func finish(_ node: Int) {
        drainEvents(node)
        flush(node)
        drainEvents(node)
        guard let box = nodes[node].box else { return }
        if box.links.unfinishedPackets > min(Reassembly.limit, Reassembly.hostLimit * (nodes.count - 1)) {
            fail(.memory, "node \(nodes[node].id) keeps pieces of \(box.links.unfinishedPackets) packets")
        }
        if let twin = nodes[node].twin, LinksState(twin.links) != LinksState(box.links) {
            fail(.equality, "two machines of node \(nodes[node].id) differ")
        }
        planWake(node)
    }

    private mutating func planWake(_ node: Int) {
        guard nodes[node].runs, let deadline = nodes[node].box?.links.nextDeadline else { return }
        let time = max(deadline.nanoseconds - min(Self.origin, deadline.nanoseconds), now + 1000)
        guard time < nodes[node].wakeAt else { return }
        nodes[node].wakeAt = time
        queue.plan(.wake(node), at: time)
    }

    private mutating func wake(_ node: Int) {
        guard nodes[node].wakeAt == now else { return }
        nodes[node].wakeAt = .max
        guard nodes[node].runs else { return }
        let instant = instant
        call(node) { $0.links.advance(to: instant) == () }
    }
}
