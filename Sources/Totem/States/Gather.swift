import Basics
import TotemWire

extension RingState {
    /// Agreeing on who is there.
    struct Gather: Sendable {
        /// Nodes whose last join had the same lists as mine, myself included.
        var consensus: [NodeID]
        /// When this attempt, with these lists, began.
        var since: Instant
        /// When everybody was last given a new chance, if so since the last ring.
        var beganAnew: Instant?
    }
}

/// GATHER: agreeing on who is there (spec: totem.md 9).
extension TotemRing {
    mutating func enterGather(_ reason: GatherReason, now: Instant) {
        if isOperational { hastenBeats(now: now) }
        abandonRecovery()
        proposal.add(me)
        timers.start(.join, milliseconds: parameters.join, now: now)
        timers.start(.consensus, milliseconds: parameters.consensus, now: now)
        timers.cancel(.tokenLoss)
        timers.cancel(.tokenWarning)
        timers.cancel(.tokenRetransmit)
        timers.cancel(.mergeDetect)
        timers.cancel(.reunion)
        timers.cancel(.hold)
        timers.cancel(.backPressure)
        timers.cancel(.heartbeat)
        _ = visits.endRest()
        rotations.begin()
        state = .gather(.init(consensus: [me], since: now, beganAnew: beganAnew))
        statistics.gatherEntered &+= 1
        if reason == .consensusExpired {
            if waitsAlone { notice(.waitingForOthers) } else { statistics.continuousGather &+= 1 }
        }
        notice(.enteringGather(reason))
        sendJoin()
    }

    /// Whether a ring could be formed but for being one of this node alone: that it is not formed is no fault of the
    /// network.
    private var waitsAlone: Bool { waitsForOthers && candidates == [me] }

    /// When everybody was last given a new chance by the attempt that is going on, if so.
    var beganAnew: Instant? {
        switch state {
        case .gather(let gather): gather.beganAnew
        case .commit(let commit): commit.beganAnew
        case .idle, .operational, .recovery: nil
        }
    }

    /// Whether everybody in the proposed membership has said the same as I do (spec: totem.md 9.6).
    func hasConsensus(_ gather: RingState.Gather) -> Bool {
        let candidates = candidates
        if has(.agreesTooEarly), gather.consensus.count > 1 { return true }
        return !candidates.isEmpty && isSubset(candidates, of: gather.consensus)
    }

    /// The consensus timeout has come: who has not agreed by now is taken for failed (spec: totem.md 9.5).
    mutating func consensusExpired(now: Instant) {
        guard case .gather(var gather) = state else { return }
        statistics.consensusTimeouts &+= 1
        notice(.consensusTimedOut(milliseconds: parameters.consensus))
        if hasConsensus(gather) {
            // Agreed, but the commit token has not come yet: wait for it no longer than for any token.
            gather.consensus = [me]
            state = .gather(gather)
            timers.start(.tokenLoss, milliseconds: parameters.token, now: now)
        } else {
            proposal.fail(proposed.without(gather.consensus))
            enterGather(.consensusTimeout, now: now)
        }
    }

    /// Somebody's vote for exactly my lists.
    mutating func agree(_ node: NodeID, now: Instant) {
        guard case .gather(var gather) = state else { return }
        gather.consensus.add(node)
        state = .gather(gather)
        guard hasConsensus(gather) || (proposal.hasFailedToReceive && candidates.isEmpty) else { return }
        if proposal.hasFailedToReceive {
            // The others form their ring without me; I go on alone and merge again (spec: totem.md 9.4).
            proposal.goAlone(me)
            createCommitToken(now: now)
        } else if candidates.first == me, !waitsAlone {
            createCommitToken(now: now)
        }
    }
}
