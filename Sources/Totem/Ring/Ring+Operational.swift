import Deadlines
import TotemWire

/// OPERATIONAL: installing a ring, and delivery (spec: totem.md 12.5, 17).
extension TotemRing {
    /// Installs the ring: last messages of the old one, both configuration changes, then the new ring is in force.
    mutating func enterOperational(_ recovery: RingState.Recovery, now: Instant) {
        takeReplayed(from: recovery.reception)
        deliver()
        let left = members.without(recovery.transitional)
        let joined = ringOrder.without(recovery.transitional)
        events.append(
            .configuration(
                ConfigurationChange(
                    kind: .transitional, ringID: ringID, members: recovery.transitional, left: left)))
        // What was queued before stays behind what synchronisation will queue; nothing may be cut across the two.
        packer.flush(pool: &pool, queue: &sendQueues.active)
        sendQueues.awaitsAcknowledgement = true
        deliverRest(from: recovery.transitional)
        events.append(
            .configuration(
                ConfigurationChange(kind: .regular, ringID: ringID, members: ringOrder, joined: joined)))
        install(recovery.reception)

        members = ringOrder
        isEstablished = false
        proposed = members
        failed = []
        installedRingID = ringID
        timers.start(.pause, milliseconds: parameters.token / 5, now: now)
        pauseStamp = now
        statistics.operationalEntered &+= 1
        statistics.continuousGather = 0
        state = .operational
        notice(.newMembership(ringID, joined: joined, left: left))
        let silent = left.without(leaving)
        if !silent.isEmpty { notice(.leaveNotReceived(silent)) }
        leaving = []
        notice(.enteringOperational)
    }

    /// Puts the replayed messages of the old ring among those received in it.
    private mutating func takeReplayed(from recovered: Reception) {
        var sequence = parameters.firstSequence
        while sequence != recovered.aru {
            sequence = sequence.next
            guard let handle = recovered.queue.message(at: sequence) else { continue }
            let wrapped = pool[handle]
            guard wrapped.count > McastHeader.size else { continue }
            let inner = wrapped.span.extracting(droppingFirst: McastHeader.size)
            guard let header = Self.oldMessage(inner), header.ringID == installedRingID,
                members.contains(header.systemFrom), reception.queue.contains(inWindow: header.sequence),
                reception.released.isLess(than: header.sequence),
                reception.queue.message(at: header.sequence) == nil
            else { continue }
            let copy = pool.acquire()
            pool[copy].append(copying: inner)
            reception.store(copy, at: header.sequence)
        }
        reception.advanceARU()
    }

    /// The header of a replayed message, if that is what the bytes are.
    private static func oldMessage(_ bytes: Span<UInt8>) -> McastHeader? {
        guard let header = try? PacketHeader(decoding: bytes), header.type == .mcast else { return nil }
        return try? McastHeader(decoding: bytes, header: header)
    }

    /// Delivers what can be delivered without a gap.
    mutating func deliver() {
        while reception.delivered != reception.aru {
            let sequence = reception.delivered.next
            guard let handle = reception.queue.message(at: sequence) else { return }
            reception.delivered = sequence
            events.append(.frame(handle))
        }
    }

    /// Delivers the rest of the old ring: messages behind a gap that nobody can fill any more, and of those only what
    /// members sent that come along, because only they are sure to have it too.
    private mutating func deliverRest(from senders: [NodeID]) {
        while reception.delivered.isLess(than: reception.highest) {
            let sequence = reception.delivered.next
            reception.delivered = sequence
            guard let handle = reception.queue.message(at: sequence) else { continue }
            let datagram = pool[handle]
            guard let header = Self.oldMessage(datagram.span), senders.contains(header.systemFrom) else { continue }
            events.append(.frame(handle))
        }
    }

    /// Puts the messages of recovery in the place of the old ring's. They count as delivered.
    private mutating func install(_ recovered: Reception) {
        reception.queue.releaseAll(into: &pool)
        reception = recovered
        reception.delivered = reception.aru
        reception.queue.release(through: reception.aru, into: &pool)
        reception.released = reception.aru
        lastARU = parameters.firstSequence
    }
}
