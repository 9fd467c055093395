import Basics
import CPosix
import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import ClusterMap
import Totem
import TotemWire
import Transports

/// One node of the ring: an engine as in `rondod`, with a socket of its own on 127.0.0.N.
///
/// Belongs to the thread of the main loop, as all nodes do: they share one processor fairly, which takes less of it
/// than threads that wake each other for every token.
final class LocalNode {
    let id: NodeID
    let transport: UDPUnicastTransport
    /// Ring sequence that a daemon would have on disk.
    private(set) var storedSequence: UInt64
    private(set) var application: GroupApplication
    private var engine: ClusterEngine
    private var loss: Loss
    private var last = RingStatistics()
    private var response = ByteWriter()
    /// What has been seen since it was last taken.
    private var events: [(Instant, NodeEvent)] = []

    /// Opens the node's socket and starts its engine.
    init(
        _ configuration: ClusterConfiguration, port: UInt16, storedSequence: UInt64, life: UInt32, loss: Loss
    ) throws {
        id = configuration.localNodeID
        self.storedSequence = storedSequence
        self.loss = loss
        guard let link = configuration.links.first, let local = link.localAddress else {
            throw DemonstrationError("node \(configuration.localNodeID) has no address")
        }
        transport = try UDPUnicastTransport(
            address: local, port: port, node: id,
            members: link.members.map { .init(node: $0.nodeID, address: $0.address) })
        var settings = EngineConfiguration(configuration)
        settings.logThreshold = .error
        engine = ClusterEngine(configuration: settings, storedRingSequence: storedSequence)
        application = GroupApplication(node: id, life: life)
        let now = Self.clock()
        try engine.start(now: now)
        let identity = ConnectionIdentity(
            id: application.connection, service: LocalService.cpg.rawValue, process: Int32(life), processName: "demo")
        engine.connectionOpened(identity, to: .cpg)
        observe(now)
    }

    static func clock() -> Instant { Instant(nanoseconds: rondo_monotonic_nanoseconds()) }

    var nextDeadline: Instant? { engine.nextDeadline }

    var status: NodeStatus {
        let phase: NodeStatus.Phase =
            switch engine.ringPhase {
            case .idle: .starting
            case .operational: .operational
            case .gather: .gather
            case .commit: .commit
            case .recovery: .recovery
            }
        return NodeStatus(
            id: id, phase: phase, ring: engine.ring.ringID, members: engine.ring.members,
            isSynchronized: engine.isSynchronized && !engine.isSynchronizing, isQuorate: engine.services.isQuorate,
            visits: last.tokensAccepted, outstanding: application.outstanding)
    }

    /// Moves what has been seen to the end of `list`.
    func takeEvents(into list: inout [(Instant, NodeEvent)]) {
        list += events
        events.removeAll(keepingCapacity: true)
    }

    // MARK: A turn

    /// Takes in what has arrived.
    func receive() {
        // A local constant: what is lent out by a property would not outlive the access to it.
        let transport = transport
        let count = transport.receive()
        for index in 0..<count {
            guard !loss.takesNext() else { continue }
            let now = Self.clock()
            // Strangers' packets are dropped, as a daemon does; there is no log to mention them in.
            try? engine.receive(transport.datagram(index), now: now)
            observe(now)
        }
    }

    /// Lets time pass, then sends and delivers until the engine has nothing more to do.
    func settle() {
        var now = Self.clock()
        if let due = engine.nextDeadline, due <= now {
            engine.advance(to: now)
            observe(now)
        }
        while let step = engine.nextStep(now: now) {
            switch step {
            case .store(let sequence): storedSequence = sequence
            case .send: send()
            case .carryOut:
                carryOutDirectives(now)
                joinGroup(now)
                now = Self.clock()
            }
        }
    }

    private func send() {
        while let datagram = engine.nextDatagram() {
            let bytes = engine.bytes(of: datagram)
            transport.queue(bytes.span, to: datagram.destination)
        }
        transport.flush()
    }

    private func carryOutDirectives(_ now: Instant) {
        while let directive = engine.nextDirective() {
            // There is no file to log to, nothing to reload and nobody who asks the node to end.
            guard case .send(let message) = directive, message.channel == .event else { continue }
            if let event = application.read(message.bytes) { events.append((now, .group(event))) }
        }
    }

    // MARK: The application

    private func joinGroup(_ now: Instant) {
        guard !application.hasAsked, engine.isSynchronized, !engine.isSynchronizing else { return }
        request(application.join(), now)
    }

    /// Sends one message, unless the ring has no room for it now.
    /// - Returns: whether it was sent.
    @discardableResult
    func sendMessage() -> Bool {
        guard application.hasAsked, !engine.isSynchronizing, engine.reserveRoom(bytes: MessageKey.payloadSize + 256)
        else { return false }
        request(application.message(), Self.clock())
        engine.releaseRoom()
        return true
    }

    private func request(_ bytes: [UInt8], _ now: Instant) {
        _ = engine.handle(bytes.span, from: application.connection, of: .cpg, now: now, response: &response)
    }

    // MARK: Observation

    /// Notes what the last call changed, in the order in which a ring goes through its states.
    private func observe(_ now: Instant) {
        let new = engine.ringStatistics
        let old = last
        last = new
        func note(_ counter: KeyPath<RingStatistics, UInt64>, _ event: NodeEvent) {
            if new[keyPath: counter] != old[keyPath: counter] { events.append((now, event)) }
        }
        if new.tokensAccepted != old.tokensAccepted { events.append((now, .tokenVisit)) }
        guard
            new.gatherEntered != old.gatherEntered || new.commitEntered != old.commitEntered
                || new.recoveryEntered != old.recoveryEntered || new.operationalEntered != old.operationalEntered
                || new.consensusTimeouts != old.consensusTimeouts
        else { return }
        note(\.operationalTokenLost, .tokenLost)
        note(\.consensusTimeouts, .consensusExpired)
        note(\.gatherEntered, .gather)
        note(\.commitEntered, .commit)
        note(\.recoveryEntered, .recovery)
        note(\.operationalEntered, .operational)
    }
}
