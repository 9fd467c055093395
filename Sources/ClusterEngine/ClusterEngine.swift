import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import Links
import Totem
import TotemWire

/// A whole node without I/O: ring, services, maps and what local programs ask of them.
///
/// The daemon and the simulator are shells around it. One turn of a shell:
///
/// ```
/// engine.receive(datagram, now: now)                 // for each datagram of a batch
/// engine.advance(to: now)                            // when `nextDeadline` has come
/// while let step = engine.nextStep(now: now) {       // until there is nothing more to do
///     switch step {
///     case .store(let sequence): …                   // on disk before anything is sent
///     case .send: …                                  // while let datagram = engine.nextDatagram() { … }
///     case .carryOut: …                              // while let directive = engine.nextDirective() { … }
///     }
/// }
/// ```
///
/// Not copyable: a copy, which the compiler would make of its own accord to read from a class's property, costs more than
/// a turn. For the same reason shells ask the engine itself, not its parts, for what they look at in every turn.
public struct ClusterEngine: ~Copyable, Sendable {
    public internal(set) var ring: TotemRing
    /// Carries the ring's packets; nil where each leaves as it is, in one datagram.
    public internal(set) var links: KnetLinks?
    public internal(set) var services: ServiceEngine
    public internal(set) var map = ClusterMap()
    public internal(set) var statistics = StatisticsMap(figures: NodeFigures().list)
    public internal(set) var configuration: EngineConfiguration

    /// Whether a first synchronisation has completed: the gate for local programs.
    public internal(set) var isSynchronized = false
    public var logThreshold: Severity

    var cmap = CmapFrontend()
    var cfg = CfgFrontend()
    var directives: [EngineDirective] = []
    var nextDirectiveIndex = 0
    var outputs: [ServiceOutput] = []
    var frontend = ServiceFrontend()
    /// Memory for the message that is being made.
    var scratch = ByteWriter()
    var counters: MessageCounterKeys?
    var watches = MapWatches()
    /// Reloads that clients of this node asked for, by the number under which the request goes round.
    var reloads: [(request: UInt64, ticket: ReloadTicket)] = []
    /// Clients whose reload this node has to carry out and answer.
    var reloadsDue: [UInt64] = []
    var queueLevel = QueueLevel.good
    var flowSynchronizing = false
    var reservedFrames = 0
    var backPressure: BackPressure
    var pollTrackersAt: Instant?
    /// How long the shell's work for the links takes.
    var workTimes = WorkTimes()
    /// When the figures of links were made last.
    var linkFiguresMade: Instant?
    /// Times that all links to a member were lost before these figures were last cleared.
    var linksLostBefore: UInt64 = 0
    var isLeaving = false
    var departure = Departure.none
    var losses: LossReport
    var keyChange = KeyChange()
    /// Where the ring waits for others.
    var waitReminder: WaitReminder?
    /// Of the turn that is under way: the shell is carrying out what the services want.
    var hasDelivered = false

    /// - Parameter storedRingSequence: content of the ring id file, 0 when there is none.
    public init(configuration: EngineConfiguration, storedRingSequence: UInt64) {
        self.configuration = configuration
        logThreshold = configuration.logThreshold
        ring = TotemRing(
            me: configuration.nodeID, configured: configuration.nodes, parameters: configuration.ring,
            storedRingSequence: storedRingSequence)
        if let wanted = configuration.links {
            links = KnetLinks(wanted, secret: configuration.linkSecret)
        } else {
            links = nil
        }
        ring.incarnation = configuration.incarnation
        ring.waitsForOthers = configuration.waitReason != nil
        waitReminder = configuration.waitReason.map { WaitReminder(reason: $0) }
        services = ServiceEngine(configuration: configuration.services)
        backPressure = BackPressure(limit: configuration.waitingLimits.holdBack)
        losses = LossReport(names: .init(configuration))
        for entry in configuration.entries { setInMap(entry.name, entry.value) }
        if configuration.services.quorum.provider == ServiceEngine.voteQuorumProvider {
            map.readOnly.protectVotequorum()
        }
    }

    /// The network is there: load the services and begin to form a ring.
    ///
    /// - Throws: when a service cannot start, as with an unknown quorum provider; the node must not start then.
    public mutating func start(now: Instant) throws(ServiceLoadError) {
        defer { carryOutOutputs(now: now) }
        try services.start(now)
        createRuntimeKeys()
        carryOutOutputs(now: now)
        counters = try? MessageCounterKeys(of: services, in: &map)
        watches.start(&map)
        if let wanted = configuration.links { links?.add(wanted.paths, now: now) }
        takeLinkEvents(now: now)
        showLinks(now: now)
        ring.start(now: now)
    }

    /// The next thing the shell is to do; nil when there is nothing.
    public mutating func nextDirective() -> EngineDirective? {
        guard nextDirectiveIndex < directives.count else {
            directives.removeAll(keepingCapacity: true)
            nextDirectiveIndex = 0
            return nil
        }
        nextDirectiveIndex += 1
        return directives[nextDirectiveIndex - 1]
    }

    /// Whether the shell has something left to carry out.
    public var hasDirectives: Bool { nextDirectiveIndex < directives.count }

    /// Takes all that the shell is to do, in order; false when there is nothing.
    ///
    /// - Parameter list: its content is forgotten, its memory reused.
    public mutating func takeDirectives(into list: inout [EngineDirective]) -> Bool {
        list.removeAll(keepingCapacity: true)
        if nextDirectiveIndex > 0 {
            directives.removeFirst(nextDirectiveIndex)
            nextDirectiveIndex = 0
        }
        guard !directives.isEmpty else { return false }
        swap(&list, &directives)
        return true
    }

    /// Begins an orderly end, as on a signal: services are unloaded, the ring is told, then `.exit(.left)` comes.
    public mutating func shutDown(now: Instant) {
        guard !isLeaving else { return }
        isLeaving = true
        services.unload(now)
        carryOutOutputs(now: now)
    }

    mutating func log(
        _ severity: Severity, _ subsystem: Subsystem, _ text: @autoclosure () -> String, kind: LineKind? = nil
    ) {
        guard severity <= logThreshold else { return }
        directives.append(.log(LogLine(severity, subsystem, text(), kind: kind)))
    }

    /// Sets a key the daemon is responsible for; a name that the map cannot hold is reported, not fatal.
    mutating func setInMap(_ name: String, _ value: MapValue) {
        do {
            try map.set(name, value)
        } catch {
            log(.warning, .map, "Cannot keep the key '\(name)' in the configuration map (error \(error.rawValue))")
        }
    }
}
