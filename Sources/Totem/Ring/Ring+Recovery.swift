import Basics
import TotemWire

/// RECOVERY: members of the new ring that share an old one make sure that all of them have the same messages of it
/// (spec: totem.md 12).
extension TotemRing {
    mutating func enterRecovery(_ received: CommitToken, now: Instant) {
        var token = received
        token.header.nodeID = me
        token.header.order = .native
        token.tokenSequence &+= 1
        send(token)

        var transitional = members.filter { node in
            zip(token.addresses, token.members).contains { $0 == node && $1.ringID == installedRingID }
        }
        if has(.omitsItself) { transitional.removeAll { $0 == me } }
        var recovery = RingState.Recovery(
            token: token, transitional: transitional, old: Reception(start: parameters.firstSequence),
            retransmissions: FIFO(), installSequence: parameters.firstSequence)
        swap(&recovery.old, &reception)
        queueReplay(&recovery)

        statistics.recoveryEntered &+= 1
        statistics.continuousGather = 0
        state = .recovery(recovery)
        startTokenTimers(now: now)
        notice(.enteringRecovery)
    }

    /// Takes the recovery out of the state, so that it can be changed without a copy; the caller puts it back or enters
    /// another state.
    mutating func takeRecovery() -> RingState.Recovery? {
        guard case .recovery(let recovery) = state else { return nil }
        state = .idle
        return recovery
    }

    /// Drops what a recovery that does not succeed has collected; what was received in the old ring counts again.
    mutating func abandonRecovery() {
        guard var recovery = takeRecovery() else { return }
        swap(&recovery.old, &reception)
        if !has(.leaksAttempt) { recovery.old.queue.releaseAll(into: &pool) }
    }

    /// The representative starts the new ring's token when the commit token has gone round twice (spec: totem.md
    /// 12.2).
    mutating func sendFirstToken(_ recovery: inout RingState.Recovery, now: Instant) {
        let start = parameters.firstSequence
        recovery.hasSetFlag = !recovery.retransmissions.isEmpty
        let token = ORFToken(
            header: PacketHeader(type: .orfToken, nodeID: me),
            sequence: has(.keepsSequence) ? recovery.old.highest : start, tokenSequence: start,
            aru: start.advanced(by: .max), aruAddress: me, ringID: ringID,
            retransFlag: recovery.hasSetFlag ? 1 : 0)
        notice(.sendingFirstToken)
        statistics.orfTokenTx &+= 1
        visits.keep(token)
        sendLastToken()
        startTokenTimers(now: now)
    }

    /// What a token visit says about the progress of recovery; true when it is complete (spec: totem.md 12.3).
    func noteVisit(_ token: inout ORFToken, _ recovery: inout RingState.Recovery) -> Bool {
        if !recovery.retransmissions.isEmpty {
            if token.retransFlag == 0 {
                token.retransFlag = 1
                recovery.hasSetFlag = true
            }
        } else if token.retransFlag != 0, recovery.hasSetFlag {
            token.retransFlag = 0
            recovery.hasSetFlag = false
        }
        recovery.visitsWithoutFlag = token.retransFlag != 0 ? 0 : recovery.visitsWithoutFlag &+ 1
        if recovery.visitsWithoutFlag == 2 { recovery.installSequence = token.sequence }
        if recovery.visitsWithoutFlag >= 3, recovery.installSequence.isLessOrEqual(to: token.aru) {
            recovery.completeVisits &+= 1
        } else {
            recovery.completeVisits = 0
        }
        if has(.installsTooEarly) { return recovery.visitsWithoutFlag == 1 }
        return recovery.completeVisits == 2
    }
}
