import Basics
import TotemWire

extension RingState {
    /// The new ring's token goes round, but carries only messages of the old ring that somebody lacks.
    struct Recovery: Sendable {
        /// What each new member said of its old ring.
        var token: CommitToken
        /// Members that come with me from my old ring.
        var transitional: [NodeID]
        /// Messages of the old ring, which wait here; in their place are those of the new one, each wrapping one of the old.
        var old: Reception
        /// Messages of the old ring that I still have to send, unless somebody else does first.
        var retransmissions: FIFO<SequenceNumber>
        /// Messages of the old ring that have been sent in this one.
        var replayed = ReplayedMessages()
        /// As representative: the first token of the ring has been sent.
        var hasSentFirstToken = false
        /// It was I who set the token's retransmission flag.
        var hasSetFlag = false
        /// Visits in a row of a token on which nobody had anything left to replay.
        var visitsWithoutFlag: UInt32 = 0
        /// The last message of recovery, once that is known.
        var installSequence: SequenceNumber
        /// Visits in a row that saw everything up to `installSequence` received by all.
        var completeVisits: UInt32 = 0
    }
}

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

    /// Changes the recovery's data where it is, without a copy; nil when the state is another.
    ///
    /// - Parameter change: does not enter another state.
    mutating func withRecovery<Result>(
        _ change: (inout TotemRing, inout RingState.Recovery) -> Result
    ) -> Result? {
        guard var recovery = takeRecovery() else { return nil }
        let result = change(&self, &recovery)
        assert(isIdle, "another state was entered while the recovery was being changed")
        state = .recovery(recovery)
        return result
    }

    /// Takes the recovery out of the state; the caller enters another.
    mutating func takeRecovery() -> RingState.Recovery? {
        guard case .recovery(let recovery) = state else { return nil }
        state = .idle
        return recovery
    }

    /// Drops what a recovery that does not succeed has collected; what was received in the old ring counts again.
    mutating func abandonRecovery() {
        guard var recovery = takeRecovery() else { return }
        swap(&recovery.old, &reception)
        if !has(.leaksAttempt) { recovery.old.releaseAll(into: &pool) }
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
