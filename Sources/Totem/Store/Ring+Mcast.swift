import Basics
import TotemWire

/// Messages as they arrive, of this ring and of others (spec: totem.md 17).
extension TotemRing {
    mutating func receive(_ header: McastHeader, _ datagram: Span<UInt8>, now: Instant) {
        // In the ring its members count, among them one that is no longer in the nodelist: what they send is part of the
        // order, and the ring waits for it.
        guard header.ringID == ringID else {
            guard isConfigured(header.systemFrom) || has(.trustsStrangers) else {
                return drop(.mcast, from: header.systemFrom, "its sender is not in the nodelist")
            }
            guard header.systemFrom != me || has(.believesItsOwnName) else { return dropEcho(.mcast) }
            return receiveForeign(header, now: now)
        }
        switch state {
        case .idle, .commit:
            ignore()
        case .operational:
            guard ringOrder.contains(header.systemFrom) || has(.trustsStrangers) else {
                return drop(.mcast, from: header.systemFrom, "its sender is not a member of the ring")
            }
            guard !isNewFromMe(header) else { return dropEcho(.mcast) }
            if store(datagram, header) {
                reception.advanceARU()
                deliver()
            }
        case .gather:
            // A latecomer of the ring that is being left; of an attempt that failed nothing is kept.
            if ringID == installedRingID, header.header.encapsulated != Encapsulation.recovery,
                members.contains(header.systemFrom), !isNewFromMe(header), store(datagram, header)
            {
                reception.advanceARU()
            } else {
                ignore()
            }
        case .recovery:
            guard ringOrder.contains(header.systemFrom), header.header.encapsulated == Encapsulation.recovery else {
                return ignore()
            }
            guard store(datagram, header) else { return }
            reception.advanceARU()
            guard var recovery = takeRecovery() else { return }
            noteReplay(datagram, &recovery)
            state = .recovery(recovery)
        }
    }

    /// Whether a message in my name is one that I have not sent: mine I keep until all have them, and others send only
    /// those again.
    ///
    /// What the token has counted and nobody could send me for ``stuckVisits`` is another matter. Then others have taken
    /// the forgery for mine, and the ring would wait for me for ever. Before that the number is more likely another
    /// member's, whose message was lost on its way to me.
    private func isNewFromMe(_ header: McastHeader) -> Bool {
        let sequence = header.sequence
        guard header.systemFrom == me, !has(.believesItsOwnName), reception.released.isLess(than: sequence),
            reception.queue.message(at: sequence) == nil
        else { return false }
        return visits.sequence.isLess(than: sequence) || reception.queue.misses(at: sequence) < Self.stuckVisits
    }

    /// Refuses what bears my own id and came from the network: forged, an echo of a former life, or of a node with the
    /// same id.
    private mutating func dropEcho(_ type: PacketType) { drop(type, from: me, "it bears my own id") }

    /// Keeps a copy of a message that is new and lies in the window; the only copy made on arrival.
    private mutating func store(_ datagram: Span<UInt8>, _ header: McastHeader) -> Bool {
        let sequence = header.sequence
        guard reception.queue.contains(inWindow: sequence), reception.released.isLess(than: sequence) else {
            ignore()
            return false
        }
        // Recovery may have to send it on inside another message; one that leaves no room for that would be asked for
        // until the end of time.
        let wrapping = header.header.encapsulated == Encapsulation.recovery ? 0 : McastHeader.size
        guard datagram.count + wrapping <= parameters.maximumDatagram else {
            drop(.mcast, from: header.systemFrom, "it is too long to be repeated in recovery")
            return false
        }
        guard reception.queue.message(at: sequence) == nil else { return false }
        let handle = pool.acquire()
        pool[handle].append(copying: datagram)
        reception.store(handle, at: sequence)
        return true
    }

    /// A message of another ring shows that there is one to merge with (spec: totem.md 10).
    private mutating func receiveForeign(_ header: McastHeader, now: Instant) {
        merge(
            with: header.systemFrom, of: header.ringID,
            reasons: (.foreignMessageInOperational, .foreignMessageInGather), now: now)
    }

    mutating func receive(_ packet: MergeDetect, now: Instant) {
        guard packet.ringID != ringID else { return }
        guard isConfigured(packet.systemFrom) else {
            return drop(.mergeDetect, from: packet.systemFrom, "its sender is not in the nodelist")
        }
        guard numbers.isPlausible(packet.ringID.sequence) else {
            return drop(.mergeDetect, from: packet.systemFrom, "its ring sequence is impossibly high")
        }
        guard packet.systemFrom != me || has(.believesItsOwnName) else { return dropEcho(.mergeDetect) }
        hears(packet.systemFrom, isJoin: false, now: now)
        merge(with: packet.systemFrom, of: packet.ringID, reasons: (.mergeInOperational, .mergeInGather), now: now)
    }

    /// Gathers with a node that has been heard in another ring, unless it is in mine and the packet was late.
    private mutating func merge(
        with node: NodeID, of ring: RingID, reasons: (operational: GatherReason, gather: GatherReason), now: Instant
    ) {
        guard !has(.ignoresOtherRings) else { return ignore() }
        switch state {
        case .idle, .commit, .recovery:
            ignore()
        case .operational:
            if members.contains(node), !has(.believesMembersElsewhere) {
                return ring.sequence >= ringID.sequence ? doubtMembers(now: now) : ignore()
            }
            guard members.contains(node) ? ring.sequence >= ringID.sequence : isEstablished else { return ignore() }
            guard admits(node, now: now) else { return call(node, now: now) }
            proposal.add(node)
            enterGather(reasons.operational, now: now)
        case .gather:
            guard !proposed.contains(node), admits(node, now: now) else { return }
            proposal.add(node)
            enterGather(reasons.gather, now: now)
        }
    }

    /// A packet says that a member is in another, newer ring. Were it, my ring's token would not get past it: so I wait
    /// until the token is overdue, and a forged packet of that kind changes nothing while the token comes
    /// (docs/decisions/joining.md).
    private mutating func doubtMembers(now: Instant) {
        ignore()
        guard !timers.isRunning(.reunion) else { return }
        timers.start(
            .reunion, milliseconds: UInt64(parameters.hold) + UInt64(parameters.tokenRetransmit), now: now)
    }

    /// Somebody has something to send: the ring shall not rest (spec: totem.md 16).
    mutating func receive(_ packet: HoldCancel, now: Instant) {
        guard packet.ringID == ringID else { return ignore() }
        guard ringOrder.contains(packet.header.nodeID) else {
            return drop(.holdCancel, from: packet.header.nodeID, "its sender is not a member of the ring")
        }
        guard !has(.ignoresHoldCancel) else { return }
        visits.wake()
        if timers.isRunning(.hold) { releaseHeldToken(now: now) }
    }

    /// Sends the token that was held on its way.
    mutating func releaseHeldToken(now: Instant) {
        timers.cancel(.hold)
        timers.start(.tokenRetransmit, milliseconds: parameters.tokenRetransmit, now: now)
        sendLastToken()
    }
}

extension McastHeader {
    /// The header of a message, if that is what the bytes are.
    init?(ofMessage bytes: Span<UInt8>) {
        guard let header = try? PacketHeader(decoding: bytes), header.type == .mcast,
            let mcast = try? McastHeader(decoding: bytes, header: header)
        else { return nil }
        self = mcast
    }
}
