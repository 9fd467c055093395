import Basics
import CPosix
import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import ClusterMap
import Links
import Totem
import TotemWire
import Transports

/// One node of the ring: an engine as in `rondod`, with sockets of its own on 127.0.0.N and, where links carry the ring,
/// on 127.0.1.N.
///
/// Belongs to the thread of the main loop, as all nodes do: they share one processor fairly, which takes less of it
/// than threads that wake each other for every token.
final class LocalNode {
    let id: NodeID
    let network: NodeNetwork
    /// Ring sequence that a daemon would have on disk.
    private(set) var storedSequence: UInt64
    private(set) var application: GroupApplication
    var engine: ClusterEngine
    private var loss: Loss
    private var last = RingStatistics()
    private var linkLook: LinkLook
    private var isSynchronized = false
    private var response = ByteWriter()
    /// What has been seen since it was last taken.
    private var events: [(Instant, NodeEvent)] = []

    /// Opens the node's sockets and starts its engine.
    ///
    /// - Parameters:
    ///   - port: of the only socket, or of that of link 0; link 1 has the next one.
    ///   - key: of a ring that seals its packets.
    init(
        _ configuration: ClusterConfiguration, port: UInt16, key: RingKey?, storedSequence: UInt64, life: UInt32,
        loss: Loss
    ) throws {
        id = configuration.localNodeID
        self.storedSequence = storedSequence
        self.loss = loss
        var settings = EngineConfiguration(configuration)
        settings.logThreshold = .error
        Self.setPort(port, of: &settings)
        network = try Self.network(configuration, settings.links, port: port, key: key)
        linkLook = LinkLook(settings.links)
        engine = ClusterEngine(configuration: settings, storedRingSequence: storedSequence)
        application = GroupApplication(node: id, life: life)
        let now = Self.clock()
        try engine.start(now: now)
        try openSockets(settings.links?.paths.map(\.link) ?? [])
        let identity = ConnectionIdentity(
            id: application.connection, service: LocalService.cpg.rawValue, process: Int32(life), processName: "demo")
        engine.connectionOpened(identity, to: .cpg)
        observe(now)
    }

    private static func network(
        _ configuration: ClusterConfiguration, _ links: LinksConfiguration?, port: UInt16, key: RingKey?
    ) throws -> NodeNetwork {
        guard links == nil else { return .links(try LinkNetwork(key)) }
        guard let link = configuration.links.first, let local = link.localAddress else {
            throw DemonstrationError("node \(configuration.localNodeID) has no address")
        }
        return .unicast(
            try UDPTransport(
                address: local, port: port, node: configuration.localNodeID,
                members: link.members.map { .init(node: $0.nodeID, address: $0.address) }))
    }

    static func clock() -> Instant { Instant(nanoseconds: rondo_monotonic_nanoseconds()) }

    var nextDeadline: Instant? { engine.nextDeadline }

    /// Of the sockets that datagrams arrive on.
    var socketCount: Int {
        switch network {
        case .unicast: 1
        case .links(let network): network.sockets.count
        }
    }

    var status: NodeStatus {
        let phase: NodeStatus.Phase =
            switch engine.ringPhase {
            case .idle: .starting
            case .operational: .operational
            case .gather: .gather
            case .commit: .commit
            case .recovery: .recovery
            }
        var links: [NodeStatus.Link] = []
        engine.withLinks { links = linkLook.statuses($0) }
        return NodeStatus(
            id: id, phase: phase, ring: engine.ring.ringID, members: engine.ring.members,
            isSynchronized: isSynchronized, isQuorate: engine.services.isQuorate,
            visits: last.tokensAccepted, outstanding: application.outstanding,
            links: links)
    }

    /// Moves what has been seen to the end of `list`.
    func takeEvents(into list: inout [(Instant, NodeEvent)]) {
        list += events
        events.removeAll(keepingCapacity: true)
    }

    // MARK: A turn

    /// Takes in what has arrived.
    ///
    /// - Parameter socket: counted as `network.descriptors` are.
    func receive(on socket: Int) {
        switch network {
        case .unicast(let transport): receive(from: transport)
        case .links(let network): receive(from: network, on: socket)
        }
    }

    private func receive(from transport: UDPTransport) {
        let count = transport.receive()
        for index in 0..<count {
            guard !losesNext() else { continue }
            let now = Self.clock()
            // Strangers' packets are dropped, as a daemon does; there is no log to mention them in.
            try? engine.receive(transport.datagram(index), now: now)
            observe(now)
        }
    }

    /// Whether the next datagram is lost.
    func losesNext() -> Bool { loss.takesNext() }

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
                observeServices(now)
            }
        }
    }

    private func send() {
        switch network {
        case .unicast(let transport):
            while let datagram = engine.nextDatagram() {
                let bytes = engine.bytes(of: datagram)
                transport.queue(bytes.span, to: datagram.destination)
            }
            transport.flush()
        case .links(let network): send(on: network)
        }
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
    func observe(_ now: Instant) {
        // Links first: what a ring does follows from them.
        observeLinks(now)
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

    /// Services come to an agreement behind what the ring delivers, which may have been told long before.
    private func observeServices(_ now: Instant) {
        let isSynchronized = engine.isSynchronized && !engine.isSynchronizing
        if isSynchronized, !self.isSynchronized { events.append((now, .synchronized)) }
        self.isSynchronized = isSynchronized
    }

    private func observeLinks(_ now: Instant) {
        guard engine.usesLinks else { return }
        var look = linkLook
        engine.withLinks { links in look.look(at: links) { events.append((now, $0)) } }
        linkLook = look
    }
}
