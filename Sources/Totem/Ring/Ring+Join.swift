import Deadlines
import TotemWire

/// Join and leave messages (spec: totem.md 9.2 – 9.4).
extension TotemRing {
    mutating func receive(_ join: Join, now: Instant) {
        let sender = join.systemFrom
        guard isConfigured(sender) else { return drop(.join, from: sender, "its sender is not in the nodelist") }
        guard join.isLeave || join.header.nodeID == sender else {
            return drop(.join, from: sender, "its two sender fields differ")
        }
        guard join.ringSequence < Self.plausibleRingSequence else {
            return drop(.join, from: sender, "its ring sequence is impossibly high")
        }
        guard !isFlushed(join, now: now) else { return }
        highestRingSequence = max(highestRingSequence, join.ringSequence)

        let seenMembers = known(join.members, reportedBy: sender)
        let seenFailed = known(join.failed, reportedBy: sender)
        switch state {
        case .idle:
            return
        case .operational:
            if seenFailed.contains(me) { return }
            if members.contains(sender), join.ringSequence < ringID.sequence { return }
            weigh(join, seenMembers, seenFailed, now: now)
            if isOperational {
                enterGather(.joinInOperational, now: now)
                vote(join, seenMembers, seenFailed, now: now)
            }
        case .gather:
            weigh(join, seenMembers, seenFailed, now: now)
        case .commit(let commit):
            guard commit.token.addresses.contains(sender), join.ringSequence >= ringID.sequence else { return }
            reopen(join, seenMembers, seenFailed, .joinInCommit, now: now)
        case .recovery(let recovery):
            guard recovery.token.addresses.contains(sender), join.ringSequence >= ringID.sequence else { return }
            reopen(join, seenMembers, seenFailed, .joinInRecovery, now: now)
        }
    }

    /// What a join means for the proposal: a vote, nothing new, or news (spec: totem.md 9.4).
    private mutating func weigh(_ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID], now: Instant) {
        noteLeave(join)
        if vote(join, seenMembers, seenFailed, now: now) { return }
        if seenMembers.isSubset(of: proposed), seenFailed.isSubset(of: failed) { return }
        if failed.contains(join.systemFrom) { return }
        merge(join, seenMembers, seenFailed)
        enterGather(.mergeDuringJoin, now: now)
        vote(join, seenMembers, seenFailed, now: now)
    }

    /// A member of the ring that is just being formed has given up on it: so do I.
    private mutating func reopen(
        _ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID], _ reason: GatherReason, now: Instant
    ) {
        noteLeave(join)
        if !failed.contains(join.systemFrom) { merge(join, seenMembers, seenFailed) }
        enterGather(reason, now: now)
        vote(join, seenMembers, seenFailed, now: now)
    }

    /// Counts the join as a vote when it says exactly what I say.
    ///
    /// Unlike Corosync this also counts a join that has only just made me say so, which saves one join interval
    /// (50 ms) at every merge; the vote means the same.
    @discardableResult
    private mutating func vote(
        _ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID], now: Instant
    ) -> Bool {
        guard seenMembers.isSameSet(as: proposed), seenFailed.isSameSet(as: failed) else { return false }
        if !join.isLeave { agree(join.systemFrom, now: now) }
        return true
    }

    private mutating func merge(_ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID]) {
        proposed.add(seenMembers)
        if seenFailed.contains(me) {
            // Whoever counts me as failed is failed for me.
            failed.add(join.systemFrom)
        } else if members.contains(join.systemFrom) {
            failed.add(seenFailed)
        }
    }

    private mutating func noteLeave(_ join: Join) {
        guard join.isLeave, join.failed.last == join.systemFrom else { return }
        leaving.add(join.systemFrom)
        notice(.receivedLeave(join.systemFrom))
    }

    /// The configured nodes of a received list, each once.
    private mutating func known(_ nodes: [NodeID], reportedBy sender: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var strangers: [NodeID] = []
        for node in nodes {
            if isConfigured(node) { result.add(node) } else { strangers.add(node) }
        }
        if !strangers.isEmpty {
            notice(.unconfiguredNodes(Array(strangers.prefix(8)), reportedBy: sender))
        }
        return result
    }

    /// After a pause of the whole process the joins that piled up meanwhile are stale; they are dropped until the
    /// shell has emptied its sockets and calls `advance` (spec: totem.md 7, pause detection).
    private mutating func isFlushed(_ join: Join, now: Instant) -> Bool {
        guard join.systemFrom != me else { return false }
        if !isFlushingJoins, let stamp = pauseStamp {
            let pause = now.milliseconds(since: stamp)
            if pause > UInt64(parameters.token) / 2 {
                isFlushingJoins = true
                notice(.pauseDetected(milliseconds: pause))
            }
        }
        guard isFlushingJoins else { return false }
        if join.isLeave { noteLeave(join) }
        notice(.discardedJoinDuringFlush(join.systemFrom, leave: join.isLeave))
        statistics.receivedDropped &+= 1
        return true
    }
}
