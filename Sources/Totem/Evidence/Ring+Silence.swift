import Basics
import TotemWire

/// Silent machines: from beats that do not come to the verdict that a machine is gone, and from hearing nobody to giving
/// up the ring oneself (docs/decisions/silent-machines.md).
extension TotemRing {
    /// A member is given at least so many beats.
    private static let leastBeats: UInt64 = 8
    /// So many beats behind what a member has promised for itself the others part with it.
    private static let margin: UInt64 = 2
    /// A witness has beaten within so many beats.
    private static let witnessBeats: UInt64 = 3
    /// Naming a member as failed counts for so many nanoseconds.
    private static let namingMemory: UInt64 = 2_000_000_000

    /// Whether anything follows from silence.
    var heedsSilence: Bool { parameters.silence > 0 && parameters.beat > 0 }

    private var beatTime: UInt64 { UInt64(parameters.beat) * 1_000_000 }

    // MARK: Signs

    /// The machine of a member has answered a question (`takeQuestion`).
    public mutating func machineAnswered(_ node: NodeID, now: Instant) {
        if has(.takesStallsForSilence), silences.answers(node) { return }
        silences.answered(node, now: now)
    }

    /// A member whose machine is to be asked whether it is there, as by an ICMP echo request; nil after the last.
    public mutating func takeQuestion() -> NodeID? { questions.popLast() }

    // MARK: What this node promises

    /// Milliseconds after which this node gives its ring up if it hears nobody; 0 where it could not tell that from others'
    /// processes standing still: each member must beat or its machine answer, and at least one machine.
    var promise: UInt32 {
        guard heedsSilence else { return 0 }
        var somebodyAnswers = false
        for node in members where observes(me, node) {
            let answers = silences.answers(node)
            guard answers || beats.account(of: node) != nil else { return 0 }
            if answers { somebodyAnswers = true }
        }
        return somebodyAnswers ? parameters.silence : 0
    }

    /// What a beat says of silent members.
    func silenceComplaints(now: Instant) -> [Beat.Complaint] {
        guard heedsSilence else { return [] }
        return members.compactMap { node in
            guard node != me, let limit = limit(of: node, now: now) else { return nil }
            let silence = silences.silence(of: node, now: now)
            guard silence >= limit / 2, silences.isMachineSilent(node, now: now) else { return nil }
            return Beat.Complaint(
                node: node, silence: UInt16(clamping: silence / 1_000_000), evidence: Beat.Complaint.silence)
        }
    }

    // MARK: Looking

    /// Looks at who is silent. Due with each beat, and when somebody's time is over.
    mutating func lookAtSilences(now: Instant) {
        timers.cancel(.silence)
        guard heedsSilence, !isIdle, members.count > 1 else { return alertness.rest() }
        if alertness.note(now, every: parameters.beat) { silences.excuse(now: now) }
        ask(now: now)
        if amCutOff(now: now) { return giveUp(.cutOff(milliseconds: parameters.silence), saysGoodbye: true, now: now) }
        judgeSilence(now: now)
        planLook(now: now)
    }

    /// Asks the machines of those that are silent, and now and then of all, so that it is known who answers.
    private mutating func ask(now: Instant) {
        for node in members where node != me && observes(me, node) {
            let promise = UInt64(beats.account(of: node)?.promise ?? 0)
            let shorter = promise == 0 ? parameters.silence : min(UInt32(clamping: promise), parameters.silence)
            if silences.takeQuestion(
                node, suspicion: UInt64(shorter) * 500_000, spacing: beatTime / 4 * 3, now: now)
            {
                questions.append(node)
            }
        }
    }

    /// The next look, when somebody's time will be over before the next beat.
    private mutating func planLook(now: Instant) {
        var next: UInt64?
        func note(_ remaining: UInt64) {
            if remaining <= beatTime { next = min(next ?? remaining, remaining) }
        }
        for node in members where node != me {
            guard let limit = limit(of: node, now: now) else { continue }
            let silence = silences.silence(of: node, now: now)
            if silence < limit { note(limit - silence) }
        }
        if let own = ownPatience(now: now) {
            let shortest = shortestSilence(now: now)
            if shortest < own { note(own - shortest) }
        }
        guard let next else { return }
        timers.start(.silence, milliseconds: next / 1_000_000 + 1, now: now)
    }

    // MARK: Verdict on others

    /// Nanoseconds of silence after which a member counts as gone: what it has promised for itself, and a margin. Nil where
    /// it has promised nothing.
    ///
    /// It only ever grows: with the longest standstill that the member tells of, and with those of this node.
    func limit(of node: NodeID, now: Instant) -> UInt64? {
        guard let account = beats.account(of: node), account.promise > 0, stillBeats(node, account) else { return nil }
        let interval = UInt64(max(account.interval, parameters.beat))
        let promised = max(UInt64(account.promise), Self.leastBeats * interval)
        let patience = UInt64(parameters.token) + UInt64(parameters.consensus)
        let stretched = max(2 * UInt64(account.standstill), promised * alertness.strain(now: now))
        return (max(promised, min(stretched, patience)) + Self.margin * interval) * 1_000_000
    }

    /// Whether a member's promise still stands: other signs of it are not much newer than its last beat, as they are when a
    /// reload has switched its beats off.
    private func stillBeats(_ node: NodeID, _ account: Beats.Account) -> Bool {
        guard let sign = silences.lastSign(of: node) else { return false }
        let interval = UInt64(max(account.interval, parameters.beat)) * 1_000_000
        return sign.nanoseconds(since: account.heardAt) <= max(4 * interval, 1_000_000_000)
    }

    /// Parts with a member whose machine is silent for too long.
    private mutating func judgeSilence(now: Instant) {
        awaitsWitnesses = false
        guard members.count > 2 else { return }
        for node in parties where node != me && members.contains(node) && observes(me, node) {
            guard let limit = limit(of: node, now: now), silences.isMachineSilent(node, now: now),
                silences.silence(of: node, now: now) >= limit, isAlone(node, limit: limit, now: now)
            else { continue }
            guard areWitnesses(agreedOn: node, now: now) else {
                awaitsWitnesses = true
                continue
            }
            accuse([node], .silent, now: now)
            return
        }
    }

    /// Whether nobody else is silent as well: of a single node it is sure that it hears nobody, and gives its ring up in time.
    /// Several may hear each other, and be quorate until they miss the token.
    private func isAlone(_ node: NodeID, limit: UInt64, now: Instant) -> Bool {
        for other in members where other != node && observes(me, other) {
            let isKnown = beats.account(of: other) != nil || silences.answers(other)
            guard isKnown, silences.silence(of: other, now: now) < limit / 2 else { return false }
        }
        return true
    }

    /// Whether every member that could hear `node` misses it, and there is one.
    private func areWitnesses(agreedOn node: NodeID, now: Instant) -> Bool {
        guard !has(.needsNoWitness) else { return true }
        let others = parties.filter { $0 != me && $0 != node && members.contains($0) }
        let witnesses = others.filter { other in
            guard observes(other, node), let account = beats.account(of: other), !account.wasStandingStill else {
                return false
            }
            let interval = UInt64(max(account.interval, parameters.beat)) * 1_000_000
            return now.nanoseconds(since: account.heardAt) <= Self.witnessBeats * interval
        }
        guard !witnesses.isEmpty, let limit = limit(of: node, now: now) else { return false }
        let span = limit - min(limit, Self.margin * beatTime)
        return witnesses.allSatisfy { silences.confirms($0, silenceOf: node, for: span, now: now) }
    }

    // MARK: Verdict on myself

    /// Nanoseconds since the last sign of anybody of my ring.
    private func shortestSilence(now: Instant) -> UInt64 {
        var shortest = UInt64.max
        for node in members where observes(me, node) {
            guard let sign = silences.lastSign(of: node) else { continue }
            shortest = min(shortest, now.nanoseconds(since: sign))
        }
        return shortest
    }

    /// Whether nothing is heard of anybody in my ring for as long as I have promised, and of no machine that has answered
    /// before. Not stretched by anything: the others count on it.
    private func amCutOff(now: Instant) -> Bool {
        guard promise > 0, !has(.neverGivesUp), let patience = ownPatience(now: now),
            shortestSilence(now: now) >= patience, !alertness.stoodStill(within: beatTime, now: now)
        else { return false }
        var beating = false
        for node in members where observes(me, node) {
            if beats.account(of: node) != nil { beating = true }
            if silences.answers(node), !silences.isMachineSilent(node, now: now) { return false }
        }
        return beating
    }

    /// Nanoseconds without a sign of anybody after which I give up. Of two nodes each may have quorum alone, so each waits for
    /// what the other has promised, and the margin; nil where that is nothing.
    private func ownPatience(now: Instant) -> UInt64? {
        let own = UInt64(parameters.silence) * 1_000_000
        guard members.count == 2, let other = members.first(where: { $0 != me }) else { return own }
        return limit(of: other, now: now).map { max($0, own + Self.margin * beatTime) }
    }

    /// Goes on alone, and so without quorum, before the others go on without me.
    ///
    /// - Parameter saysGoodbye: the others may still hear me, although I do not hear them.
    mutating func giveUp(_ isolation: Isolation, saysGoodbye: Bool, now: Instant) {
        proposal.add(members)
        guard !isIdle, candidates != [me], !has(.ignoresEvidence) else { return }
        statistics.ringsGivenUp &+= 1
        notice(.gaveUp(isolation))
        if saysGoodbye {
            statistics.joinTx &+= 1
            let farewell = Join(
                header: PacketHeader(type: .join, nodeID: .none), systemFrom: me,
                members: proposed.filter { $0 != me }, failed: failed.without([me]) + [me],
                ringSequence: ringID.sequence)
            outbox.broadcast(toMyself: false) { farewell.encode(into: &$0) }
        }
        // Newcomers, too: agreeing with them could take longer than was promised.
        proposal.fail(proposed.without([me]))
        enterGather(.accusation, now: now)
    }

    /// A member of my ring, with which I work, counts me as failed: it goes on without me, and so do the others.
    mutating func named(by member: NodeID, _ join: Join, now: Instant) {
        guard heedsSilence, isOperational, members.contains(member), join.ringSequence >= ringID.sequence else {
            return
        }
        namings.removeAll { $0.by == member || now.nanoseconds(since: $0.at) > Self.namingMemory }
        namings.append(Naming(by: member, at: now))
        let others = members.filter { $0 != me }
        let heard = others.filter { other in
            silences.lastSign(of: other).map { now.nanoseconds(since: $0) <= Self.witnessBeats * beatTime } ?? false
        }
        let named = namings.map(\.by)
        guard named.count >= min(2, others.count) || (!heard.isEmpty && heard.allSatisfy(named.contains)) else {
            return
        }
        giveUp(.named(named.sorted()), saysGoodbye: false, now: now)
    }
}

/// A member that has counted this node as failed.
struct Naming: Sendable {
    let by: NodeID
    let at: Instant
}
