import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import Totem
import TotemWire

/// Local programs (spec: ipc.md).
extension ClusterEngine {
    public func decideAccess(user: UInt32, group: UInt32, isLowOnDescriptors: Bool) -> AccessDecision {
        AccessPolicy.decide(
            user: user, group: group, isSynchronized: isSynchronized, isServiceRunning: !isLeaving,
            isLowOnDescriptors: isLowOnDescriptors, map: map)
    }

    public mutating func connectionOpened(_ identity: ConnectionIdentity, to service: LocalService) {
        statistics.connectionOpened(identity)
        if service == .cmap { cmap.connectionOpened(identity.id) }
        frontend.connectionOpened(identity.id, to: service, services: &services)
        takeClientEvents()
    }

    public mutating func connectionClosed(_ connection: ConnectionID, of service: LocalService, now: Instant) {
        switch service {
        case .cmap: cmap.connectionClosed(connection, map: &map, statistics: &statistics)
        case .cfg: cfg.connectionClosed(connection)
        case .cpg, .quorum, .votequorum:
            frontend.connectionClosed(connection, of: service, services: &services)
        }
        statistics.connectionClosed(connection)
        carryOutOutputs(now: now)
        carryOutClientActions(now: now)
        takeClientEvents()
    }

    /// Refreshes the figures of a connection that `stats.ipcs` shows.
    public mutating func update(_ connection: ConnectionID, _ figures: ConnectionStatistics) {
        statistics.update(connection, figures)
    }

    /// Whether requests of this connection want fresh figures of all connections first.
    public func readsStatistics(_ connection: ConnectionID) -> Bool { cmap.readsStatistics(connection) }

    /// Handles a request. Events it causes are among the directives and are to be sent before the response.
    public mutating func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService, now: Instant,
        response: inout ByteWriter
    ) -> RequestOutcome {
        let outcome: RequestOutcome
        switch service {
        case .cpg:
            if let payload = CpgRequest.multicastPayload(of: request) {
                multicast(payload, from: connection, now: now)
                return .unanswered
            }
            outcome = handle(request, of: service, from: connection, now: now, response: &response)
        case .cmap:
            if cmap.readsStatistics(connection) { refreshStatistics(now: now) }
            outcome = cmap.handle(
                request, from: connection, map: &map, statistics: &statistics, response: &response)
            if statistics.takeGroupsCleared() { clearLinkStatistics(now: now) }
            if pollTrackersAt == nil, statistics.hasPolledTrackers {
                pollTrackersAt = now.adding(milliseconds: StatisticsMap.pollInterval)
            }
            reactToMap(now: now)
        case .cfg:
            outcome = cfg.handle(
                request, from: connection, status: clusterStatus, map: map, now: now, response: &response)
            carryOutClientActions(now: now)
        case .quorum, .votequorum:
            outcome = handle(request, of: service, from: connection, now: now, response: &response)
        }
        takeClientEvents()
        return outcome
    }

    private mutating func handle(
        _ request: Span<UInt8>, of service: LocalService, from connection: ConnectionID, now: Instant,
        response: inout ByteWriter
    ) -> RequestOutcome {
        let outcome = frontend.handle(
            request, from: connection, of: service, services: &services, now: now, response: &response)
        carryOutOutputs(now: now)
        reactToMap(now: now)
        return outcome
    }

    /// A message to a group, straight into the ring. A sender in no group is told nothing: its library has reported
    /// success already.
    private mutating func multicast(_ payload: Span<UInt8>, from connection: ConnectionID, now: Instant) {
        // Taken out while it is used, so that the ring can be handed its content.
        var message = ByteWriter()
        swap(&message, &scratch)
        message.removeAll()
        if (try? services.encodeMulticast(connection, payload: payload, into: &message)) != nil {
            _ = ring.submit(message.span, group: .services, unconditionally: true, now: now)
        }
        // The memory of one large message is not kept.
        if message.count <= Self.retainedScratch { swap(&message, &scratch) }
    }

    private static let retainedScratch = 128 * 1024

    mutating func carryOutClientActions(now: Instant) {
        for message in cfg.takeMessages() { directives.append(.send(message)) }
        for action in cfg.takeActions() {
            switch action {
            case .killNode(let node, let reason):
                services.killNode(node, reason: Array(reason.utf8))
            case .shutDown:
                services.shutDown()
            case .reload(let ticket):
                reloads.append((services.requestReload(), ticket))
            case .reopenLogs:
                directives.append(.reopenLogs)
            }
        }
        carryOutOutputs(now: now)
    }

    /// Events of the maps for the clients that track them.
    mutating func takeClientEvents() {
        guard map.hasNotifications(for: .client) || statistics.hasNotifications else { return }
        for message in cmap.takeEvents(map: &map, statistics: &statistics) { directives.append(.send(message)) }
    }

    // MARK: Flow control (spec: ipc.md 2.5, 2.6)

    /// Sets room aside in the ring's send queue for a request of `bytes` bytes; false when there is none.
    public mutating func reserveRoom(bytes: Int) -> Bool {
        let frames = (bytes + 1) / max(configuration.ring.netMTU - 24, 1) + 1
        let hasRoom = frames <= ring.freeFrames
        reservedFrames = hasRoom ? frames : 0
        updateFlow()
        return hasRoom
    }

    public mutating func releaseRoom() { reservedFrames = 0 }

    public var isSynchronizing: Bool { services.isSynchronizing }

    /// Lets clients send as fast as the ring takes their messages.
    mutating func updateFlow() {
        let capacity = configuration.ring.sendQueueCapacity
        let largest = TotemRing.maximumMessageSize / max(configuration.ring.netMTU - 24, 1) + 1
        let level = queueLevel.updated(
            free: ring.freeFrames, reserved: reservedFrames, capacity: capacity,
            largestMessage: min(largest, capacity / 2))
        guard level != queueLevel || flowSynchronizing != services.isSynchronizing else { return }
        queueLevel = level
        flowSynchronizing = services.isSynchronizing
        for service in LocalService.allCases {
            directives.append(
                .setRate(RequestRate(for: service, level: level, isSynchronizing: flowSynchronizing), service))
        }
    }

    /// Tells how much waits for programs that still read (`BackPressure.share`), in bytes; to be called whenever that has
    /// changed, and with 0 once nothing waits any more.
    ///
    /// - Returns: whether something follows from it but a line, which the turn that comes next carries out.
    public mutating func programsLag(by bytes: Int, most program: ConnectionIdentity?, now: Instant) -> Bool {
        let hasChanged = backPressure.update(waiting: bytes, now: now)
        if backPressure.takeNews(now: now) {
            let limit = backPressure.limit
            let name = program.map { ": most waits for \($0.processName) (process \($0.process))" } ?? ""
            log(
                .notice, .ipc,
                "Local programs have had more than \(limit) bytes of messages unread for a second: until half of it waits, those of "
                    + "this node multicast nothing and the ring is slowed down, for ten seconds at most\(name). To do: look why it "
                    + "does not keep up",
                kind: .backPressure)
        }
        guard hasChanged else { return false }
        ring.setBackPressure(backPressure.isOn, now: now)
        directives.append(.holdMulticasts(backPressure.isOn))
        return true
    }
}
