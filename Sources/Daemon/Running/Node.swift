import Basics
import ClusterConfiguration
import ClusterEngine
import ClusterMap
import Glibc
import LocalIPC
import Transports

/// A running node: moves bytes between the sockets and the engine, and carries out what the engine decides.
///
/// One turn of the main loop: wait; take in some requests of local programs and a batch of datagrams; send everything
/// in one batch, after making the ring id durable if there is a new one; let time pass; deliver to the services; carry
/// out their directives.
final class Node {
    /// How long an orderly end may take before the node just goes.
    static let shutdownLimit: UInt64 = 10_000

    /// While no more frames than this wait for the token, what clients ask for in the meantime is best taken right before
    /// it goes on. With more there is enough to send, and making frames is better done while it is elsewhere.
    private static let smallBacklog: UInt32 = 8

    var engine: ClusterEngine
    var configuration: ClusterConfiguration
    let configurationFile: String
    let transport: RingTransport
    let loop: EventLoop
    let logger: Logger
    let signals: Signals
    let ringIDFile: NumberFile
    let trackingFile: NumberFile
    /// Set once, right after the node itself.
    var clients: LocalIPCServer?
    var descriptors = DescriptorAllowance()
    /// While it is armed.
    var watchdog: WatchdogDevice?

    /// What ends the main loop.
    var end: End?
    var interfaceWatch: InterfaceWatch
    var isCarryingOut = false
    /// Memory for the directives that are carried out.
    var directives: [EngineDirective] = []
    var isHandlingRequest = false
    /// Own addresses of the links that there are.
    var linkPlaces: [LinkPlace] = []
    /// For asking the machines of other nodes whether they are there; each opened when it is needed first.
    var echoSockets = EchoSockets()
    /// A reload waits for the end of a change of keys.
    var isReloadDue = false
    /// Why the last reload changed nothing.
    var reloadRefusal: String?
    private var pauseWatch: PauseWatch
    private var shutdownDeadline: Instant?

    /// Why and how the daemon ends.
    struct End {
        var status: ExitStatus
        var lines: [LogLine] = []
        var place: String = ""
    }

    /// Everything a node is made of.
    struct Parts: ~Copyable {
        var engine: ClusterEngine
        var configuration: ClusterConfiguration
        var configurationFile: String
        var transport: RingTransport
        var loop: EventLoop
        var logger: Logger
        var signals: Signals
        var ringIDFile: NumberFile
        var trackingFile: NumberFile
    }

    init(_ parts: consuming Parts) {
        engine = parts.engine
        configuration = parts.configuration
        configurationFile = parts.configurationFile
        transport = parts.transport
        loop = parts.loop
        logger = parts.logger
        signals = parts.signals
        ringIDFile = parts.ringIDFile
        trackingFile = parts.trackingFile
        let now = EventLoop.clock()
        interfaceWatch = InterfaceWatch(downcheck: UInt64(parts.configuration.timings.downcheck), now: now)
        pauseWatch = PauseWatch(token: UInt64(parts.configuration.timings.token), now: now)
    }

    /// Loads the services, opens the sockets for local programs and begins to form a ring.
    func start() throws(StartFailure) {
        do {
            try engine.start(now: EventLoop.clock())
        } catch {
            carryOutDirectives()
            throw StartFailure(ConfigurationError(error, in: configuration.entries), .services)
        }
        carryOutDirectives()
        try startClients()
        loop.add(signals.descriptor, .readable, .high) { [unowned self] _, _ in
            handleSignals()
            return true
        }
    }

    /// Runs until the node has left or must end.
    func run() -> End {
        watchNetwork()
        watchAddresses()
        defer { for descriptor in transport.descriptors + echoSockets.descriptors { loop.remove(descriptor) } }
        settle(now: EventLoop.clock())
        while true {
            if let end { return end }
            loop.turn(until: deadline)
            let now = loop.now
            logger.sumUp(now)
            let vitals = engine.advanceAndLook(to: now)
            loop.gathersRequests = vitals.backlog <= Self.smallBacklog
            checkPause(now, token: UInt64(vitals.tokenTimeout))
            checkInterface(now, vitals)
            settle(now: now)
            clients?.endTurn()
            if let limit = shutdownDeadline, limit <= now, end == nil {
                logger.log(.warning, .main, "The services did not stop in time; leaving without them.")
                end = End(status: .success)
            }
        }
    }

    func watchNetwork() {
        // The sockets of links are watched as they are opened.
        guard case .udp(let transport) = transport else { return }
        if let group = transport.groupDescriptor {
            // Tokens never come here.
            loop.add(group, .readable, .ring, isAwaited: false) { _, _ in
                self.receiveMulticasts(from: transport)
                transport.flush()
                return true
            }
        }
        // Errors are reported unasked; nothing else is of interest there.
        loop.add(transport.questionDescriptor, [], .ring, isAwaited: false) { _, _ in
            self.takeRefusals(from: transport)
            return true
        }
        // Held strongly, for as long as it runs: a weaker reference costs two atomic operations a token.
        loop.add(transport.descriptor, .readable, .ring) { _, _ in
            self.receive(from: transport)
            return true
        }
    }

    /// When the loop must turn even if nothing comes.
    private var deadline: Instant? {
        earliest(
            earliest(engine.nextDeadline, logger.deadline),
            earliest(pauseWatch.deadline, earliest(interfaceWatch.deadline, shutdownDeadline)))
    }

    private func handleSignals() {
        while let request = signals.next() {
            switch request {
            case .shutDown: shutDown()
            case .dumpState: logState()
            }
        }
    }

    private func shutDown() {
        logger.log(.notice, .main, "Node was shut down by a signal")
        guard shutdownDeadline == nil else { return }
        shutdownDeadline = loop.now.adding(milliseconds: Self.shutdownLimit)
        engine.shutDown(now: loop.now)
    }

    private func checkPause(_ now: Instant, token: UInt64) {
        if token != pauseWatch.token { pauseWatch = PauseWatch(token: token, now: now) }
        guard let gap = pauseWatch.check(now) else { return }
        let time = WallTime.now()
        logger.log(pauseWatch.warning(gap: gap, at: time))
        engine.record(
            SchedulingMiss(
                timestamp: UInt64(max(time.seconds * 1000 + time.milliseconds, 0)), delay: Float(gap) / 1_000_000))
    }

    /// What SIGUSR2 asks for; Corosync's services have nothing to say to it.
    private func logState() {
        let members = engine.ring.members.map(\.description).joined(separator: " ")
        let network = transport.statistics
        logger.log(
            .notice, .main,
            "State: \(engine.ring.stateName), ring \(engine.ring.ringID), members \(members); sent "
                + "\(network.sentDatagrams) datagrams in \(network.sendCalls) calls (\(network.sendErrors) refused), "
                + "received \(network.receivedDatagrams) in \(network.receiveCalls) (\(network.rejectedSources) from "
                + "unlisted addresses); descriptors watched: \(loop.count)")
    }
}
