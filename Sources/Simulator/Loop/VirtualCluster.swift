import Basics
import Totem
import TotemWire

/// A cluster under virtual time, in either layer: nodes, the network between them, what goes wrong, and the loop that
/// lets things happen.
///
/// Nothing in it looks at a clock or at anything but its scenario, so one scenario always takes the same course.
protocol VirtualCluster {
    associatedtype Plan: RunnableCourse
    associatedtype Node: VirtualNode
    associatedtype Event: VirtualEvent

    var scenario: Plan { get }
    /// Nanoseconds.
    var now: UInt64 { get set }
    var queue: EventQueue<Event> { get set }
    var packets: PacketSlab { get set }
    var network: NetworkModel { get set }
    var nodes: [Node] { get set }
    var trace: Trace { get set }
    /// Of faults and the machines' timing; senders have their own.
    var chance: SeededGenerator { get set }
    var figures: RunFigures { get set }
    /// Faults that wait for a node to enter a state.
    var waitingFaults: [Int] { get set }
    var installations: [InstalledRing] { get set }
    var phases: [PhaseChange] { get set }
    var recording: Recording? { get set }
    var isCalm: Bool { get }
    var isOver: Bool { get }
    var violation: Breach<Plan.Guarantee>? { get }
    /// Fingerprint of everything observed so far.
    var fingerprint: UInt64 { get }

    /// Plans what the layer has beyond starts and faults.
    mutating func planWork()
    /// An event is about to be handled: the checks are to know the time.
    mutating func timePassed()
    mutating func handle(_ event: Event)
    /// The cluster never comes to an end.
    mutating func failEndless(_ text: String)
    /// What the checks have counted.
    mutating func sumUp()

    // Faults that nodes of each layer take in their own way.
    mutating func start(_ node: Int)
    mutating func die(_ node: Int, _ how: String)
    mutating func leave(_ node: Int)
    mutating func goOn(_ node: Int)
    mutating func strike(own fault: Plan.Own)
    /// Something happens from outside; what the checks were waiting for may take longer now.
    mutating func disturb()
    /// A fault has done what it does.
    mutating func struck(by fault: LayerFault<Plan.Own>)
    /// For each network that there is between the nodes.
    mutating func eachNetwork(_ body: (inout NetworkModel) -> Void)
}

protocol VirtualNode {
    var id: NodeID { get }
    var isUp: Bool { get }
    var clock: NodeClock { get }
    /// Until when it does not try nodes again that it has tried to take in, in vain, by its own clock.
    var strangersWaitUntil: Instant? { get }
    var isPaused: Bool { get set }
    /// Datagrams that came and have not been read.
    var inbox: [Int32] { get set }
    /// The earliest planned call of the machine.
    var wakeAt: UInt64 { get set }
    /// Until when it is busy with a call.
    var busyUntil: UInt64 { get }
    /// Distinguishes pauses, so that what was planned for an earlier one is void.
    var resumeAt: UInt64 { get set }
    /// The node dies after so many more datagrams.
    var dyingAfter: Int? { get set }
    var phase: RingPhase { get set }
    /// How often each phase was entered, in all lives.
    var entered: [Int] { get set }
}

/// What will happen at a known time in either layer.
protocol VirtualEvent: Sendable {
    /// A datagram reaches a node.
    static func arrival(node: Int32, packet: Int32) -> Self
    /// A machine wants to be called.
    static func wake(node: Int32) -> Self
    /// A planned fault, by its index.
    static func fault(_ index: Int32) -> Self
    static func start(node: Int32) -> Self
    static func resume(node: Int32) -> Self
    /// Has calm set in, and is everything in order?
    static var probe: Self { get }
}

extension VirtualCluster {
    mutating func disturb() {}

    mutating func struck(by fault: LayerFault<Plan.Own>) {}

    mutating func eachNetwork(_ body: (inout NetworkModel) -> Void) { body(&network) }

    /// What a node's clock shows now.
    func instant(_ node: Int) -> Instant { Instant(nanoseconds: nodes[node].clock.reading(at: now)) }

    /// Nanoseconds until no node keeps another waiting that it had tried to take in, in vain, several times.
    func strangersWait() -> UInt64 {
        var longest: UInt64 = 0
        for index in nodes.indices where nodes[index].isUp {
            guard let end = nodes[index].strangersWaitUntil?.nanoseconds else { continue }
            longest = max(longest, end - min(instant(index).nanoseconds, end))
        }
        return longest * 2
    }

    mutating func runToTheEnd() -> RunOutcome<Plan.Guarantee> {
        planEverything()
        while !isOver, violation == nil, let next = queue.next() {
            now = next.time
            timePassed()
            figures.events += 1
            handle(next.event)
            if figures.events > eventLimit {
                failEndless("the cluster does nothing but talk: \(figures.events) events")
            }
        }
        figures.nodes = nodes.count
        figures.simulatedTime = now
        sumUp()
        if let violation {
            trace.add(now, nil, "VIOLATION of invariant \(violation.invariant.name): \(violation.text)")
        }
        trace.tellRotations()
        return RunOutcome(
            seed: scenario.seed, violation: violation, figures: figures, digest: fingerprint, trace: trace.lines,
            installations: installations, phases: phases, recording: recording)
    }

    /// Many times what any scenario takes unless nodes drive each other on and on. In GATHER all call to all, again and
    /// again: for as long as faults keep them from a ring, twenty times a second.
    private var eventLimit: Int {
        let pairs = nodes.count * nodes.count
        return 5_000_000 + 2000 * pairs + Int(clamping: scenario.calmAt / 1000) * 100 * pairs
    }

    private mutating func planEverything() {
        for index in nodes.indices where scenario.starts[index] != .max {
            queue.plan(.start(node: Int32(index)), at: scenario.starts[index])
        }
        for (index, planned) in scenario.faults.enumerated() {
            switch planned.occasion {
            case .at(let milliseconds): queue.plan(.fault(Int32(clamping: index)), at: milliseconds * 1_000_000)
            case .entering: waitingFaults.append(index)
            }
        }
        planWork()
        queue.plan(.probe, at: scenario.calmAt * 1_000_000)
    }

    /// Keeps what a picture of the run needs; packets only of a window of time, in nanoseconds.
    package mutating func record(packetsIn window: Range<UInt64> = 0..<UInt64.max) {
        recording = Recording(window: window)
    }
}
