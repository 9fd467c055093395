import Basics
import TotemWire

/// OPERATIONAL: installing a ring, with the end of the one before (spec: totem.md 12.5).
extension TotemRing {
    /// Installs the ring: last messages of the old one, both configuration changes, then the new ring is in force.
    mutating func enterOperational(_ recovery: consuming RingState.Recovery, now: Instant) {
        takeReplayed(from: reception, through: reception.aru, into: &recovery.old)
        delivery.takeReceived(from: &recovery.old, in: pool, planted: defects)
        let left = members.without(recovery.transitional)
        let joined = ringOrder.without(recovery.transitional)
        announce(
            ConfigurationChange(kind: .transitional, ringID: ringID, members: recovery.transitional, left: left))
        // Nothing may be cut across what was queued before and what synchronisation will queue.
        sendQueues.changeConfiguration(
            hasNewcomers: !joined.isEmpty, switchesQueues: !has(.switchesNoQueue), pool: &pool)
        if !has(.deliversAfterRegular) { takeRest(of: &recovery) }
        announce(ConfigurationChange(kind: .regular, ringID: ringID, members: ringOrder, joined: joined))
        if has(.deliversAfterRegular) { takeRest(of: &recovery) }
        recovery.old.releaseAll(into: &pool)
        install()

        let formerMembers = members
        members = ringOrder
        if members.count > 1 { waitsForOthers = false }
        isEstablished = false
        judgeStrangers(formerly: formerMembers, now: now)
        let silent = left.without(proposal.leaving)
        proposal.install(members)
        numbers.install()
        timers.start(.pause, milliseconds: parameters.token / 5, now: now)
        pauses.note(now)
        statistics.operationalEntered &+= 1
        statistics.continuousGather = 0
        state = .operational
        beginBeats(companions: recovery.transitional, now: now)
        notice(.newMembership(ringID, joined: joined, left: left))
        if !silent.isEmpty { notice(.leaveNotReceived(silent)) }
        notice(.enteringOperational)
    }

    private mutating func takeRest(of recovery: inout RingState.Recovery) {
        let senders = has(.deliversFromLost) ? nil : recovery.transitional
        delivery.takeRest(of: &recovery.old, from: senders, in: pool)
    }

    /// The messages of recovery are the first of the ring. They count as delivered.
    private mutating func install() {
        reception.releaseUndelivered(into: &pool)
        visits.install(start: parameters.firstSequence)
    }
}
