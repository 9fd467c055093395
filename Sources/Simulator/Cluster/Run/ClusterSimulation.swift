import Basics
import Links
import Totem
import TotemWire

package typealias ClusterOutcome = RunOutcome<ClusterInvariant>

/// Whole nodes under virtual time: engines, and programs that use them through the bytes of Corosync's client libraries.
package struct ClusterSimulation: VirtualCluster {
    let scenario: ClusterScenario
    let sabotage: ClusterSabotage?
    /// What is wrong with the links of every node; without effect in a release build.
    let planted: LinkDefect?
    var now: UInt64 = 0
    var queue = EventQueue<ClusterEvent>()
    var packets = PacketSlab()
    var network: NetworkModel
    /// Where links carry the packets, in place of `network`.
    var linkNetwork: LinksNetwork?
    var linkWatch: LinkWatch?
    /// What a forecast wants to know of links.
    var linkMeter: LinkMeter?
    /// When the next look at the whole ring is due, for what `linkWatch` watches.
    var nextLook: UInt64 = 0
    var nodes: [ClusterNode]
    /// All there ever were, by their id.
    var connections: [ClientConnection] = []
    var programs: [Program]
    var checker: ClusterChecker
    var trace: Trace
    var chance: SeededGenerator
    var figures = RunFigures()
    var waitingFaults: [Int] = []
    var installations: [InstalledRing] = []
    var phases: [PhaseChange] = []
    var recording: Recording?
    var tampering: ClusterTampering
    var digest = Digest()
    var isCalm = false
    /// When the last of what was under way when calm set in has arrived.
    var backlogEnd: UInt64 = 0
    var isBacklogRead = false
    /// Nanoseconds after the start of calm at which all was as it should be.
    var settledAt: UInt64?
    /// The file that administrators have given out last.
    var published: ConfigurationText
    /// That of last_man_standing, where it is followed.
    let window: UInt64?
    /// How often they have given out another than the first.
    var edition = 0
    /// When they ask again whether all have read it.
    var orderAt: UInt64 = 0
    /// What is to be done at the end of all changes has been done.
    var isClosed = false
    /// Bytes that programs have multicast.
    var spent = 0
    var spentInPieces = 0
    private(set) var isOver = false

    /// - Parameters:
    ///   - tracing: keep a line for each event.
    ///   - packets: in the trace, also each packet sent.
    ///   - sabotage: a fault to plant between engines and checks.
    ///   - planted: a defect of the links, in debug builds.
    package init(
        _ scenario: ClusterScenario, tracing: Bool = false, packets: Bool = false, sabotage: ClusterSabotage? = nil,
        planted: LinkDefect? = nil
    ) {
        self.scenario = scenario
        self.sabotage = sabotage
        self.planted = planted
        let root = SeededGenerator(seed: scenario.seed)
        network = NetworkModel(nodes: scenario.nodes.count, conditions: scenario.network, chance: root.fork(11))
        if let links = scenario.configuration.links {
            linkNetwork = LinksNetwork(
                nodes: scenario.nodes.count, mtus: links.links.map(\.interfaceMTU), conditions: scenario.network,
                chance: root.fork(13))
            linkWatch = LinkWatch(nodes: scenario.nodes.count, links: links.links.count)
        }
        chance = root.fork(12)
        tampering = ClusterTampering(planned: sabotage)
        published = scenario.configuration
        window = Self.window(of: scenario)
        nodes = scenario.nodes.enumerated().map { place, id in
            ClusterNode(
                place: place, id: id, clock: NodeClock(offset: 1_000_000_000, drift: scenario.drifts[place]),
                disk: StateDirectory(configuration: "", file: scenario.configuration))
        }
        programs = scenario.programs.enumerated().map { index, plan in
            Program(plan, index: index, chance: root.fork(1000 + UInt64(index)))
        }
        checker = ClusterChecker(scenario)
        trace = Trace(isOn: tracing, showsPackets: packets)
    }

    package mutating func run() -> ClusterOutcome { runToTheEnd() }

    var violation: ClusterViolation? { checker.violation }

    var fingerprint: UInt64 { digest.value }

    mutating func timePassed() { checker.tick(now) }

    mutating func failEndless(_ text: String) { checker.fail(.liveness, text) }

    mutating func sumUp() {
        figures.messagesSent = checker.messages.count
        figures.deliveries = checker.deliveries
        figures.eventsRead = checker.eventsRead
        figures.rings = checker.ringsReported
        checker.lookAtStaleQuorum()
        figures.staleQuorum = checker.staleQuorum.longest
        figures.isPatient = scenario.configuration.isPatient
    }

    mutating func planWork() {
        for index in nodes.indices { giveFile(to: index) }
        for index in programs.indices { planTurn(index) }
    }

    mutating func handle(_ event: ClusterEvent) {
        switch event {
        case .arrival(let node, let packet): arrive(Int(node), packet)
        case .linkArrival(let trip): arrive(trip)
        case .linkReport(let report): take(report)
        case .file(let node): fileArrives(at: Int(node))
        case .refusal(let node, let by): hearRefusal(Int(node), by: Int(by))
        case .question(let node, let by, let link): answer(Int(node), to: Int(by), link: Int(link))
        case .answer(let node, let by): hearAnswer(Int(node), of: Int(by))
        case .wake(let node): wake(Int(node))
        case .fault(let index): strike(scenario.faults[Int(index)].fault)
        case .start(let node): start(Int(node))
        case .resume(let node): resume(Int(node))
        case .turn(let program): turn(Int(program))
        case .piece(let program): sendPieceAgain(Int(program))
        case .serve(let connection): serve(Int(connection))
        case .hangup(let connection): hangUp(Int(connection))
        case .read(let connection): readSome(Int(connection))
        case .probe: isOver = probe()
        }
    }
}
