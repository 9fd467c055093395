import Basics
import TotemWire

/// OPERATIONAL: installing a ring, and delivery (spec: totem.md 12.5, 17).
extension TotemRing {
    /// Installs the ring: last messages of the old one, both configuration changes, then the new ring is in force.
    mutating func enterOperational(_ recovery: RingState.Recovery, now: Instant) {
        var old = recovery.reception
        swap(&old, &reception)
        takeReplayed(from: reception, through: reception.aru, into: &old)
        swap(&old, &reception)
        deliver()
        let left = members.without(recovery.transitional)
        let joined = ringOrder.without(recovery.transitional)
        events.append(
            .configuration(
                ConfigurationChange(
                    kind: .transitional, ringID: ringID, members: recovery.transitional, left: left)))
        // What was queued before stays behind what synchronisation will queue; nothing may be cut across the two.
        packer.flush(pool: &pool, queue: &sendQueues.active)
        sendQueues.awaitsAcknowledgement = !has(.switchesNoQueue)
        if !joined.isEmpty { sendQueues.hasNewcomers = true }
        if !has(.deliversAfterRegular) { deliverRest(from: recovery.transitional) }
        events.append(
            .configuration(
                ConfigurationChange(kind: .regular, ringID: ringID, members: ringOrder, joined: joined)))
        if has(.deliversAfterRegular) { deliverRest(from: recovery.transitional) }
        install(recovery.reception)

        let formerMembers = members
        members = ringOrder
        isEstablished = false
        judgeStrangers(formerly: formerMembers, now: now)
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

    /// Delivers what can be delivered without a gap.
    mutating func deliver() {
        if has(.deliversBeyondGap) { return deliverRest(from: members) }
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
            guard let header = Self.oldMessage(datagram.span),
                senders.contains(header.systemFrom) || has(.deliversFromLost)
            else { continue }
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
