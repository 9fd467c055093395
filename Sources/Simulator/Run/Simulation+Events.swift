import Basics
import Totem
import TotemWire

/// What the rings hand to the services.
extension Simulation {
    mutating func handleEvents(_ node: Int) {
        while nodes[node].isUp, let event = nodes[node].ring.nextEvent() {
            switch event {
            case .notice(let notice):
                note(node, notice)
            case .configuration(let change):
                trace.add(now, nodes[node].id, Self.describe(change))
                note(node, change)
                report(node, change)
                if change.kind == .regular { beginSynchronization(node, change) }
            case .message(let message):
                let bytes = nodes[node].ring.bytes(of: message)
                deliver(node, message, bytes.span)
            }
        }
    }

    private mutating func note(_ node: Int, _ change: ConfigurationChange) {
        guard change.kind == .regular else { return }
        installations.append(
            InstalledRing(
                time: now, node: nodes[node].id, ring: change.ringID, members: change.members,
                companions: change.members.filter { !change.joined.contains($0) }))
    }

    private mutating func report(_ node: Int, _ change: ConfigurationChange) {
        if change.kind == .transitional, !change.members.isEmpty, tampering.isDue(.hideTransitional, sabotage) {
            return
        }
        var told = change
        if change.kind == .transitional, change.members.count > 1, tampering.isDue(.hideCompanion, sabotage) {
            told.left = (told.left + [told.members.removeLast()]).sorted()
        }
        checker.changed(node, told)
    }

    private mutating func deliver(_ node: Int, _ message: DeliveredMessage, _ body: Span<UInt8>) {
        let isSynchronization = message.group == .synchronization
        if !isSynchronization { recording?.noteDelivery(to: node, at: now) }
        if node == 0, !isSynchronization { meter?.delivered(body.count, at: now) }
        switch tampering.delivery(node, body, sabotage) {
        case .asItIs:
            let number = checker.delivered(
                node, sender: message.sender, isSynchronization: isSynchronization, body: body)
            if trace.isOn, number >= 0 { trace.add(now, nodes[node].id, "delivers \(checker.describe(number))") }
        case .not:
            break
        case .twice:
            checker.delivered(node, sender: message.sender, isSynchronization: isSynchronization, body: body)
            checker.delivered(node, sender: message.sender, isSynchronization: isSynchronization, body: body)
        case .otherwise(let bytes):
            checker.delivered(node, sender: message.sender, isSynchronization: isSynchronization, body: bytes.span)
        case .after(let bytes, let sender):
            checker.delivered(node, sender: message.sender, isSynchronization: isSynchronization, body: body)
            checker.delivered(node, sender: sender, isSynchronization: isSynchronization, body: bytes.span)
        case .kept(let bytes):
            tampering.kept = (bytes, message.sender)
        }
        if isSynchronization { receiveBarrier(node, from: message.sender, body) }
    }

    // MARK: Synchronisation

    private mutating func beginSynchronization(_ node: Int, _ change: ConfigurationChange) {
        nodes[node].services.begin(change.ringID, members: change.members)
        if tampering.isDue(.skipSynchronization, sabotage) {
            submit(node, .ordinary, size: 100, unconditionally: true)
        }
        if scenario.synchronizedState > 0 {
            submit(node, .state, size: scenario.synchronizedState, ring: change.ringID)
        }
        submit(node, .barrier, size: MessageBody.smallest, ring: change.ringID, round: 0)
    }

    private mutating func receiveBarrier(_ node: Int, from sender: NodeID, _ body: Span<UInt8>) {
        let ring = MessageBody.ring(of: body)
        let step = nodes[node].services.receiveBarrier(from: sender, ring: ring, round: MessageBody.round(of: body))
        switch step {
        case .wait:
            break
        case .nextRound(let round):
            submit(node, .barrier, size: MessageBody.smallest, ring: ring, round: round)
        case .acknowledge:
            checker.synchronized(node)
            nodes[node].ring.acknowledgeConfiguration(now: instant(node))
            trace.add(now, nodes[node].id, "is synchronised")
        }
    }

    /// Hands a message to a node's ring; false when it does not take it now.
    @discardableResult
    mutating func submit(
        _ node: Int, _ kind: MessageKind, size: Int, ring: RingID? = nil, round: Int = 0, unconditionally: Bool = false
    ) -> Bool {
        senders.write(number: checker.messages.count, kind: kind, ring: ring, round: round, size: size)
        let body = senders.body
        let accepted = nodes[node].ring.submit(
            body.span, group: kind == .barrier ? .synchronization : .services,
            unconditionally: unconditionally || kind != .ordinary, now: instant(node))
        guard accepted else { return false }
        checker.submitted(node, kind, ring: ring, body: body.span)
        if trace.isOn { trace.add(now, nodes[node].id, "queues \(checker.describe(checker.messages.count - 1))") }
        return true
    }

    private mutating func note(_ node: Int, _ notice: RingNotice) {
        if case .accused(let accused, .refused) = notice { checker.accusedByRefusals(node, of: accused) }
        if case .accused(let accused, .silent) = notice { checkSilence(node, of: accused) }
        guard trace.isOn else { return }
        switch notice {
        case .enteringGather, .enteringCommit, .enteringRecovery, .enteringOperational:
            let ring = nodes[node].ring
            trace.add(now, nodes[node].id, Self.describe(notice, ring))
        default:
            trace.add(now, nodes[node].id, "says: \(notice.text)")
        }
    }

    /// A change of state in the words of the protocol: why, in which ring, and what the node proposes.
    private static func describe(_ notice: RingNotice, _ ring: TotemRing) -> String {
        let proposal =
            "proposes \(ring.proposedMembers.sorted())"
            + (ring.failedMembers.isEmpty ? "" : " less \(ring.failedMembers.sorted()), which count as failed")
        return switch notice {
        case .enteringGather(let reason): "enters GATHER (\(reason.text)) from ring \(ring.ringID), \(proposal)"
        case .enteringCommit: "enters COMMIT of ring \(ring.ringID), \(proposal)"
        case .enteringRecovery: "enters RECOVERY of ring \(ring.ringID)"
        default: "enters OPERATIONAL in ring \(ring.ringID)"
        }
    }

    private static func describe(_ change: ConfigurationChange) -> String {
        switch change.kind {
        case .transitional:
            "TRANSITIONAL configuration of ring \(change.ringID): \(change.members), left \(change.left)"
        case .regular:
            "REGULAR configuration of ring \(change.ringID): \(change.members), joined \(change.joined)"
        }
    }
}
