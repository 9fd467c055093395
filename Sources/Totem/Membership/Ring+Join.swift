import Basics
import TotemWire

/// Join and leave messages (spec: totem.md 9.2 – 9.4).
extension TotemRing {
    mutating func receive(_ join: Join, now: Instant) {
        let sender = join.systemFrom
        guard isConfigured(sender) else { return drop(.join, from: sender, "its sender is not in the nodelist") }
        guard join.isLeave || join.header.nodeID == sender else {
            return drop(.join, from: sender, "its two sender fields differ")
        }
        guard numbers.isPlausible(join.ringSequence, from: sender) else {
            return drop(.join, from: sender, "its ring sequence is impossibly high")
        }
        guard !isFlushed(join, now: now) else {
            // What members have said of this node while it stood still holds: they have gone on without it.
            if isOperational, join.failed.contains(me) { named(by: sender, join, now: now) }
            return
        }
        if join.isLeave {
            heard.noteLeave(sender, join.ringSequence)
        } else {
            hears(sender, isJoin: true, now: now)
        }
        numbers.hear(join.ringSequence)
        // Not of a failed node: what it had before it failed tells whether it begins anew.
        defer { if !failed.contains(sender) { heard.note(sender, join.ringSequence) } }

        let seenMembers = known(join.members, reportedBy: sender)
        let seenFailed = known(join.failed, reportedBy: sender)
        switch state {
        case .idle:
            return
        case .operational:
            if seenFailed.contains(me) { return named(by: sender, join, now: now) }
            // Who never belonged to my ring takes nothing from it by going.
            if join.isLeave, !members.contains(sender) { return noteLeave(join) }
            guard members.contains(sender) ? join.ringSequence >= ringID.sequence : isEstablished else { return }
            guard admits(sender, naming: seenMembers, now: now) else { return call(sender, now: now) }
            weigh(join, seenMembers, seenFailed, now: now)
            if isOperational {
                enterGather(.joinInOperational, now: now)
                vote(join, seenMembers, seenFailed, now: now)
            }
        case .gather:
            // Who is not of my ring and counts me as failed is busy with a ring of its own.
            if seenFailed.contains(me), !members.contains(sender) { return noteLeave(join) }
            guard proposed.contains(sender) || admits(sender, naming: seenMembers, now: now) else { return }
            weigh(join, seenMembers, seenFailed, now: now)
        case .commit(let commit):
            guard commit.token.addresses.contains(sender),
                join.ringSequence >= ringID.sequence
                    || (!has(.waitsForRefusers) && hasMovedOn(join, seenMembers, seenFailed, now: now))
            else { return }
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
        if beginsAnew(join, seenFailed, now: now) {
            beginAnew(now: now)
            merge(join, seenMembers, seenFailed)
        } else {
            if isFromBefore(join, seenFailed, now: now) { return }
            if isSubset(seenMembers, of: proposed), isSubset(seenFailed, of: failed) { return }
            if failed.contains(join.systemFrom) { return }
            guard merge(join, seenMembers, seenFailed) else { return }
        }
        enterGather(.mergeDuringJoin, now: now)
        vote(join, seenMembers, seenFailed, now: now)
    }

    /// Whether a join shows that its sender will refuse the commit token that is on its way: what it says goes beyond
    /// what was agreed, and lists only grow during an attempt. So a join sent before the vote says less, or the same.
    ///
    /// One of an earlier ring, or of before everybody was given a new chance, may say more and mean nothing.
    private func hasMovedOn(_ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID], now: Instant) -> Bool {
        let sender = join.systemFrom
        guard join.ringSequence >= heard[sender] || has(.heedsLateJoins),
            join.ringSequence >= installedRingID.sequence || !members.contains(sender),
            !seenFailed.contains(me)
        else { return false }
        if let beganAnew, now.milliseconds(since: beganAnew) < UInt64(parameters.join) { return false }
        return join.isLeave || !isSubset(seenFailed, of: failed)
            || seenMembers.contains { !proposed.contains($0) && !failed.contains($0) }
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
        guard seenMembers.count == proposed.count, seenFailed.count == failed.count,
            isSubset(seenMembers, of: proposed), isSubset(seenFailed, of: failed),
            !wantsOthers(join, seenMembers)
        else { return false }
        if !join.isLeave { agree(join.systemFrom, now: now) }
        return true
    }

    /// Whether a join is for a ring with nodes that are not in my nodelist: its sender and I do not mean the same ring,
    /// though our lists are the same in what both know. Counted as a vote it would make me send a commit token that the
    /// sender does not accept, again and again, and each attempt would keep it from a ring of its own, in which a changed
    /// nodelist could reach it.
    private func wantsOthers(_ join: Join, _ seenMembers: [NodeID]) -> Bool {
        join.members.count != seenMembers.count
            && join.members.contains { !seenMembers.contains($0) && !join.failed.contains($0) }
    }

    /// Takes over what is new in a join; false when nothing was.
    ///
    /// A join that another node's failures set apart from my lists without telling me anything new must not make me
    /// speak: two nodes that count different strangers as failed would answer each other's joins for ever, at the
    /// network's speed, and their consensus timers would never expire.
    @discardableResult
    private mutating func merge(_ join: Join, _ seenMembers: [NodeID], _ seenFailed: [NodeID]) -> Bool {
        let known = proposed.count + failed.count
        proposal.add(seenMembers)
        if seenFailed.contains(me) {
            // Whoever counts me as failed is failed for me.
            proposal.fail(join.systemFrom)
        } else if members.contains(join.systemFrom) {
            proposal.fail(seenFailed)
        } else {
            // What another ring counts as failed is its own affair, unless I know no better: who comes while that ring
            // parts with a member would wait for that one, and agree with nobody until its timeout.
            if !has(.waitsForTheGone) { proposal.fail(seenFailed.filter { !heard.isPresent($0) }) }
        }
        return proposed.count + failed.count > known
    }

    /// Whether a node that I count as failed begins anew: it has formed a ring since, and holds nothing against anybody.
    ///
    /// An attempt that has only just begun is given one join interval to succeed; the node will ask again.
    private func beginsAnew(_ join: Join, _ seenFailed: [NodeID], now: Instant) -> Bool {
        guard case .gather(let gather) = state, failed.contains(join.systemFrom), !join.isLeave else { return false }
        return seenFailed.isEmpty && !proposal.hasFailedToReceive && join.ringSequence > heard[join.systemFrom]
            && now.milliseconds(since: gather.since) >= (hasConsensus(gather) ? 3 : 1) * UInt64(parameters.join)
    }

    /// Gives everybody a new chance: only so can all lists become equal again.
    private mutating func beginAnew(now: Instant) {
        guard case .gather(var gather) = state else { return }
        gather.beganAnew = now
        state = .gather(gather)
        proposal.forgive()
    }

    /// Whether a join may have been sent before its sender began anew, as I have only just done. If it still counts
    /// nodes as failed it will say so again.
    private func isFromBefore(_ join: Join, _ seenFailed: [NodeID], now: Instant) -> Bool {
        guard let beganAnew, !join.isLeave else { return false }
        return !seenFailed.isEmpty && now.milliseconds(since: beganAnew) < UInt64(parameters.join)
    }

    private mutating func noteLeave(_ join: Join) {
        guard join.isLeave, join.failed.last == join.systemFrom else { return }
        proposal.noteLeaving(join.systemFrom)
        if !has(.keepsVotesOfTheGone), case .gather(var gather) = state {
            // It will not stand by its vote.
            gather.consensus.removeAll { $0 == join.systemFrom }
            state = .gather(gather)
        }
        notice(.receivedLeave(join.systemFrom))
    }

    /// The nodes of a received list that I know, each once. Those taken off the nodelist while they were members are
    /// still spoken of, here and in every join, until the ring without them is formed.
    private mutating func known(_ nodes: [NodeID], reportedBy sender: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        result.reserveCapacity(nodes.count)
        var strangers: [NodeID] = []
        var seen = NodeBits()
        for node in nodes {
            if let place = configured.place(of: node) {
                if seen.insert(place) { result.append(node) }
            } else if proposed.contains(node) || failed.contains(node) || members.contains(node) {
                result.add(node)
            } else {
                strangers.add(node)
            }
        }
        let unnamed = unlisted.takeUnnamed(among: strangers)
        if !unnamed.isEmpty { notice(.unconfiguredNodes(unnamed, reportedBy: sender)) }
        return result
    }

    /// Whether a join is stale because the whole process has just stood still.
    private mutating func isFlushed(_ join: Join, now: Instant) -> Bool {
        guard join.systemFrom != me else { return false }
        if let pause = pauses.detect(longerThan: UInt64(parameters.token) / 2, now: now) {
            notice(.pauseDetected(milliseconds: pause))
        }
        guard pauses.isFlushing else { return false }
        if join.isLeave { noteLeave(join) }
        notice(.discardedJoinDuringFlush(join.systemFrom, leave: join.isLeave))
        statistics.receivedDropped &+= 1
        return true
    }
}
