import Basics
import Totem
import TotemWire

/// When to tell the administrator that a round does not come to its end.
struct Patience: Sendable {
    /// Milliseconds between complaints.
    static let interval: UInt64 = 10_000

    private(set) var deadline: Instant?
    private(set) var started: Instant?

    mutating func start(_ now: Instant) {
        started = now
        deadline = now.adding(milliseconds: Self.interval)
    }

    mutating func again(_ now: Instant) { deadline = now.adding(milliseconds: Self.interval) }

    mutating func stop() { deadline = nil }
}

extension ServiceEngine {
    /// The ring reports a change of membership: first transitional, then regular (spec: services.md 1.5).
    public mutating func configurationChanged(_ change: ConfigurationChange, now: Instant) {
        isSynchronizing = true
        out.event(.synchronizationStarted)
        for node in change.left { members.left(node, address: configuration.address(of: node), &out) }
        for node in change.joined { members.joined(node, address: configuration.address(of: node), &out) }
        abortSynchronization()
        switch change.kind {
        case .transitional: transitional = change.members
        case .regular: startSynchronization(ringID: change.ringID, members: change.members, now)
        }
    }

    private mutating func abortSynchronization() {
        if synchronizer.current == UInt32(ServiceID.processGroups.rawValue) { processGroups.synchronizationAborts() }
        synchronizer.abort()
        patience.stop()
    }

    private mutating func startSynchronization(ringID: RingID, members: [NodeID], _ now: Instant) {
        let services = loaded.synchronizing
        let ids = services.map { UInt32($0.rawValue) }
        synchronizer.start(ringID: ringID, members: members, services: ids)
        out.ownOfRound = OwnMessages()
        patience.start(now)
        out.multicast(ServiceBuild(ringID: ringID, services: ids))
        let continuing = transitional.filter(members.contains)
        out.log(.debug, .synchronization, "call init for locally known services")
        for service in services {
            switch service {
            case .map: mapService.synchronizationStarts(transitional: continuing)
            case .processGroups:
                processGroups.synchronizationStarts(transitional: continuing, members: members, ringID: ringID)
            case .quorum:
                quorum.synchronizationStarts(transitional: continuing, members: members, ringID: ringID, &out)
            case .voteQuorum:
                voteQuorum?.synchronizationStarts(members: members, ringID: ringID, now: now, &out)
            case .configuration, .monitor, .watchdog: break
            }
        }
    }

    mutating func deliverToSynchronization(
        _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder, now: Instant
    ) throws(WireError) {
        switch try ServiceHeader(decoding: bytes, order: order).id {
        case ServiceBuild.id:
            let build = try ServiceBuild(decoding: bytes, order: order)
            guard isGenuine(bytes, of: build.ringID, from: node, order: order) else { return }
            switch synchronizer.received(build, from: node) {
            case .stale: out.log(.debug, .synchronization, "service build for old ring - discarding")
            case .unexpected: ignoreUnexpected("service list", from: node)
            case .waiting: break
            case .complete:
                out.log(.debug, .synchronization, "enter sync process")
                synchronizer.beginFirst()
                enterProcess(now)
            }
        case Barrier.id:
            let barrier = try Barrier(decoding: bytes, order: order)
            guard isGenuine(bytes, of: barrier.ringID, from: node, order: order) else { return }
            switch synchronizer.received(barrier, from: node) {
            case .stale: out.log(.debug, .synchronization, "barrier for old ring - discarding")
            case .unexpected: ignoreUnexpected("barrier", from: node)
            case .waiting: break
            case .commit(let service):
                activate(service)
                synchronizer.beginNext()
                enterProcess(now)
            }
        case let id:
            throw WireError.invalid(field: "header.id", value: UInt64(id), allowed: "0 (barrier) or 1 (service list)")
        }
    }

    /// Whether a message of the round is what its sender says, as far as this node knows: it knows what it has sent itself.
    private mutating func isGenuine(
        _ bytes: Span<UInt8>, of ringID: RingID, from node: NodeID, order: ByteOrder
    ) -> Bool {
        guard node == nodeID, ringID == synchronizer.ringID, !out.ownOfRound.takeBack(bytes) else { return true }
        refuseForged(bytes, .synchronization, from: node, order: order)
        return false
    }

    private mutating func ignoreUnexpected(_ what: String, from node: NodeID) {
        out.counters.countMalformed()
        out.log(
            .debug, .synchronization,
            "ignored a \(what) from node \(node) for ring \(synchronizer.ringID): it is not awaited now")
    }

    private mutating func enterProcess(_ now: Instant) {
        if synchronizer.phase == .idle { completeSynchronization() } else { patience.start(now) }
    }

    /// Lets the current service do its part as soon as it can; its barrier follows its messages.
    mutating func continueSynchronization(_ now: Instant) {
        guard synchronizer.phase == .process, let service = synchronizer.current else { return }
        let finished: Bool
        switch knownService(service) {
        case .map:
            mapService.synchronizationProcess(&out)
            finished = true
        case .processGroups:
            processGroups.synchronizationProcess(&out)
            finished = true
        case .voteQuorum: finished = voteQuorum?.synchronizationProcess(&out) ?? true
        case .quorum, .configuration, .monitor, .watchdog, nil: finished = true
        }
        guard finished else { return }
        synchronizer.finishProcessing()
        out.multicast(Barrier(ringID: synchronizer.ringID))
    }

    private mutating func activate(_ id: UInt32) {
        let service = knownService(id)
        let name = service?.engineName ?? "Unknown External Service (id = \(id))"
        out.log(.debug, .synchronization, "Committing synchronization for \(name)")
        switch service {
        case .map: mapService.synchronizationActivates(&out)
        case .processGroups: processGroups.synchronizationActivates(&out)
        case .quorum: quorum.synchronizationActivates(&out)
        case .voteQuorum: voteQuorum?.synchronizationActivates(&quorum, &out)
        case .configuration, .monitor, .watchdog, nil: break
        }
    }

    private mutating func completeSynchronization() {
        isSynchronizing = false
        patience.stop()
        out.log(.notice, .main, "Completed service synchronization, ready to provide service.")
        out.event(.synchronizationCompleted)
        processGroups.synchronizationCompleted(&out)
    }

    /// The loaded service of this id that synchronises.
    private func knownService(_ id: UInt32) -> ServiceID? {
        guard let service = ServiceID(rawValue: UInt16(clamping: id)), service.synchronizes else { return nil }
        return loaded.contains(service) ? service : nil
    }

    /// A member that never answers holds up the whole cluster; at least its name is told (spec: services.md 13 item 15).
    mutating func complainAboutSilence(_ now: Instant) {
        guard let deadline = patience.deadline, deadline <= now else { return }
        patience.again(now)
        let silent = synchronizer.silent.map(\.description).joined(separator: ", ")
        let step = synchronizer.current.map { id in
            "its barrier for \(knownService(id)?.engineName ?? "service \(id)")"
        }
        let seconds = (patience.started.map { now.milliseconds(since: $0) } ?? 0) / 1000
        out.log(
            .warning, .synchronization,
            "Service synchronization of ring \(synchronizer.ringID) has waited \(seconds) s for node \(silent) to send"
                + " \(step ?? "its service list"): look at that node's log, restart it if it hangs")
    }
}
