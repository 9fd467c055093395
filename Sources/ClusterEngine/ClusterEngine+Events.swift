import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import Totem
import TotemWire

/// From the ring to the services, and what those decide.
extension ClusterEngine {
    /// Hands everything the ring has delivered to the services and carries out what they want.
    public mutating func process(now: Instant) {
        takeLinkEvents(now: now)
        // Asked before, because an event is large, even one that is none.
        while ring.waitingEventCount > 0, let event = ring.nextEvent() {
            switch event {
            case .message(let message):
                let bytes = ring.bytes(of: message)
                if message.group == .services, deliverMulticast(bytes.span, message) { continue }
                services.deliver(message.group, bytes.span, from: message.sender, order: message.order, now: now)
                carryOutOutputs(now: now)
            case .configuration(let change):
                if change.kind == .transitional { endKeyChange(ofAllBut: change.members, now: now) }
                services.configurationChanged(change, now: now)
                carryOutOutputs(now: now)
            case .notice(let notice):
                report(notice, now: now)
            }
        }
        while let node = ring.takeQuestion() { directives.append(.askMachine(node)) }
        if losses.isDue(now), let line = losses.summary(now: now, traffic) {
            log(line.severity, line.subsystem, line.text)
        }
        counters?.refresh(from: services, in: &map)
        reactToMap(now: now)
        updateFlow()
        takeClientEvents()
        leaveIfAllIsSaid(now: now)
    }

    /// Logs what the ring says.
    private mutating func report(_ notice: RingNotice, now: Instant) {
        if case .waitingForOthers = notice, waitReminder != nil {
            if let line = waitReminder?.take(notice, now: now) { log(line.severity, line.subsystem, line.text) }
            return
        }
        switch losses.take(notice, now: now, traffic) {
        case .nothing: break
        case .line: log(notice.severity, notice.subsystem, notice.text, kind: notice.kind)
        case .explanation(let line, let afterOwnLine):
            if afterOwnLine { log(notice.severity, notice.subsystem, notice.text, kind: notice.kind) }
            log(line.severity, line.subsystem, line.text)
        }
    }

    private var traffic: LossReport.Traffic {
        mutating get {
            LossReport.Traffic(
                messages: ring.statistics.mcastTx &+ ring.statistics.mcastRx,
                fullPacket: configuration.ring.netMTU + McastHeader.size)
        }
    }

    /// Gives a message to a group straight to its local members; false when it is another message, or a special case.
    private mutating func deliverMulticast(_ bytes: Span<UInt8>, _ message: DeliveredMessage) -> Bool {
        guard let multicast = services.takeMulticast(bytes, from: message.sender, order: message.order) else {
            return false
        }
        for index in 0..<services.groupClientCount {
            if let client = services.groupClient(index, hearing: multicast),
                let event = frontend.delivery(multicast, from: message.sender, to: client)
            {
                directives.append(.send(event))
            }
        }
        return true
    }

    mutating func carryOutOutputs(now: Instant) {
        services.takeOutputs(into: &outputs)
        // Taken out while it is walked: carrying out may call back into `services`, never into this list.
        var list: [ServiceOutput] = []
        swap(&list, &outputs)
        for output in list { carryOut(output, now: now) }
        swap(&list, &outputs)
    }

    private mutating func carryOut(_ output: ServiceOutput, now: Instant) {
        switch output {
        case .multicast(let group, let bytes):
            _ = ring.submit(bytes.span, group: group, unconditionally: true, now: now)
        case .log(let line):
            if line.severity <= logThreshold { directives.append(.log(line)) }
        case .map(let change):
            apply(change)
        case .event(let event):
            carryOut(event, now: now)
        case .notify(let client, let notification):
            if let message = frontend.message(notification, to: client) { directives.append(.send(message)) }
        }
    }

    private mutating func carryOut(_ event: ServiceEvent, now: Instant) {
        switch event {
        case .synchronizationStarted:
            updateFlow()
        case .synchronizationCompleted:
            ring.acknowledgeConfiguration(now: now)
            isSynchronized = true
            directives.append(.ready)
            updateFlow()
        case .shutdownRequested:
            shutDown(now: now)
        case .killed(let node, let reason):
            directives.append(.exit(.killed(by: node, reason: reason)))
        case .reloadRequested(_, let request):
            if let request { reloadsDue.append(request) }
            directives.append(.reload)
        case .cryptoPhase(let phase, let node):
            takeKeyStep(phase, of: node, now: now)
        case .quorateChanged:
            // Every service with local clients serves them without quorum (spec: services.md 1.6).
            break
        case .storeTrackingBarrier(let barrier):
            directives.append(.storeTrackingBarrier(barrier))
        case .measure(let resource): directives.append(.measure(resource))
        case .watchdog(let order): directives.append(.watchdog(order))
        case .unloaded(let service):
            if let local = LocalService(rawValue: UInt32(service.rawValue)) { directives.append(.stopService(local)) }
        case .allUnloaded:
            departure = .closing(since: now)
        }
    }

    /// Leaves the ring as soon as nothing more is to be sent, or the time for it is up.
    mutating func leaveIfAllIsSaid(now: Instant) {
        guard case .sending(let deadline) = departure else { return }
        guard deadline <= now || !ring.hasUnsentMessages || !ring.isOperational else { return }
        departure = .left
        ring.leave(now: now)
        while let event = ring.nextEvent() {
            if case .notice(let notice) = event { report(notice, now: now) }
        }
        directives.append(.exit(.left))
    }

    private mutating func apply(_ change: MapChange) {
        if let value = change.value {
            setInMap(change.key, value)
        } else {
            try? map.delete(change.key)
        }
    }
}
