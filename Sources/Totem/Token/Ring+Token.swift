import Basics
import TotemWire

/// A visit of the token (spec: totem.md 14): acceptance, bookkeeping, and sending it on.
extension TotemRing {
    mutating func receive(_ token: inout ORFToken, now: Instant) {
        switch phase {
        case .idle, .gather, .commit: ignore()
        case .operational: if isAcceptable(&token) { visitOperational(&token, now: now) }
        case .recovery:
            if isAcceptable(&token) { visitRecovery(&token, now: now) }
        }
    }

    private mutating func visitOperational(_ token: inout ORFToken, now: Instant) {
        isEstablished = true
        free(before: token)
        guard discardUnsent(beyond: token.sequence) else {
            return enterGather(.foreignMessageInOperational, now: now)
        }
        var held = beginVisit(token, now: now)
        sendQueues.flush(pool: &pool)
        let waiting = UInt32(clamping: sendQueues.sendable)
        history.received(at: now, backlog: waiting)
        var sent = sendRequested(with: &token, waiting: waiting)
        while sent.allowsMore, let handle = sendQueues.popNext() {
            sendNew(handle, with: &token, encapsulated: Encapsulation.frame, &sent)
        }
        reception.advanceARU()
        guard updateARU(of: &token, sent: sent, waiting: waiting, now: now) else { return failToReceive(now: now) }
        guard !isWaitingForNothing else { return loseToken(now: now) }
        if held, parameters.cancelHoldOnRetransmit, sent.repeated > 0 || !token.retransmitList.isEmpty { held = false }
        forward(&token, held: held, now: now)
        deliver()
    }

    private mutating func visitRecovery(_ token: inout ORFToken, now: Instant) {
        let outcome = withRecovery { ring, recovery in ring.visit(&token, in: &recovery, now: now) }
        switch outcome {
        case nil: return
        case .failsToReceive: return failToReceive(now: now)
        case .waitsInVain: return loseToken(now: now)
        case .isComplete: if let recovery = takeRecovery() { enterOperational(recovery, now: now) }
        case .goesOn: break
        }
        forward(&token, held: false, now: now)
    }

    /// How a recovery stands after a visit of the token.
    private enum RecoveryOutcome {
        case goesOn, isComplete, waitsInVain, failsToReceive
    }

    private mutating func visit(
        _ token: inout ORFToken, in recovery: inout RingState.Recovery, now: Instant
    ) -> RecoveryOutcome {
        freeReplayed(before: token, &recovery)
        _ = discardUnsent(beyond: token.sequence)
        _ = beginVisit(token, now: now)
        sendQueues.flush(pool: &pool)
        recovery.dropReplayed()
        let waiting = UInt32(clamping: recovery.retransmissions.count)
        history.received(at: now, backlog: waiting)
        var sent = sendRequested(with: &token, waiting: waiting)
        while sent.allowsMore, let handle = nextReplay(&recovery) {
            sendNew(handle, with: &token, encapsulated: Encapsulation.recovery, &sent)
        }
        reception.advanceARU()
        guard updateARU(of: &token, sent: sent, waiting: waiting, now: now) else { return .failsToReceive }
        guard !isStuck(token, recovery), !isWaitingForNothing else { return .waitsInVain }
        return noteVisit(&token, &recovery) ? .isComplete : .goesOn
    }

    /// Whether recovery waits for somebody who is said to have messages left to replay, and none have come for very many
    /// rotations: whoever set the flag will not clear it any more.
    private func isStuck(_ token: borrowing ORFToken, _ recovery: borrowing RingState.Recovery) -> Bool {
        token.retransFlag != 0 && recovery.retransmissions.isEmpty && visits.visitsWithoutNews > Self.recoveryPatience
    }

    /// Whether the ring waits for a message that no member has: its number was never given out, only claimed by a
    /// falsified token. Nothing behind it can be delivered in this ring.
    private var isWaitingForNothing: Bool { visits.visitsUnanswered > Self.requestPatience }

    /// Both in rotations.
    private static let recoveryPatience: UInt32 = 200
    private static let requestPatience: UInt32 = 50
    /// Visits after which it is no chance any more that a member still lacks the same message.
    static let stuckVisits: UInt32 = 50

    // MARK: Acceptance

    /// Whether a token is a new one of my ring, from where it must come and with numbers that can be true.
    private mutating func isAcceptable(_ token: inout ORFToken) -> Bool {
        // A token of another ring, or one that the previous member repeats because it thinks it lost: no fault.
        guard token.ringID == ringID,
            visits.isNew(token) || has(.acceptsTokenTwice)
        else {
            ignore()
            return false
        }
        guard token.header.nodeID == predecessor else {
            drop(.orfToken, from: token.header.nodeID, "it does not come from the previous member of the ring")
            return false
        }
        guard visits.sequence.isLessOrEqual(to: token.sequence),
            token.sequence.distance(from: reception.released) < SortQueue.windowSize
        else {
            drop(.orfToken, from: token.header.nodeID, "its sequence number lies outside the window")
            return false
        }
        guard token.aru.isLessOrEqual(to: token.sequence) || token.aru == parameters.firstSequence.advanced(by: .max)
        else {
            drop(.orfToken, from: token.header.nodeID, "its aru is beyond its sequence number")
            return false
        }
        // Nobody else would ever raise the aru again, and without it nothing is freed and no recovery ends.
        guard token.aruAddress == .none || ringOrder.contains(token.aruAddress) else {
            drop(.orfToken, from: token.header.nodeID, "its aru was set by a node that is not a member")
            return false
        }
        guard token.retransFlag == 0 || token.retransFlag == 1 else {
            drop(.orfToken, from: token.header.nodeID, "its retransmission flag is neither 0 nor 1")
            return false
        }
        return true
    }

    /// The member before me in ring order: whose tokens are for me.
    private var predecessor: NodeID {
        guard let index = ringOrder.firstIndex(of: me) else { return me }
        return ringOrder[index == 0 ? ringOrder.count - 1 : index - 1]
    }

    /// Frees what every member has had for two visits (spec: totem.md 14.1).
    private mutating func free(before token: borrowing ORFToken) {
        var last = visits.receivedByAll(token)
        if reception.delivered.isLess(than: last) || has(.freesTooEarly) { last = reception.delivered }
        guard reception.released.isLess(than: last) else { return }
        reception.release(through: last, into: &pool)
    }

    /// Throws away messages with numbers that nobody has given out yet: only a forger sends them (spec: totem.md
    /// 22.1). False when one has already been delivered, so that only a new ring can set things right.
    private mutating func discardUnsent(beyond last: SequenceNumber) -> Bool {
        guard last.isLess(than: reception.highest) else { return true }
        drop(.mcast, from: .none, "its number had not been given out by the token")
        guard reception.delivered.isLessOrEqual(to: last) else { return false }
        reception.discard(beyond: last, into: &pool)
        return true
    }

    // MARK: Bookkeeping

    /// Notes the token's arrival; true when the ring counts as idle, so that its representative keeps the token.
    private mutating func beginVisit(_ token: borrowing ORFToken, now: Instant) -> Bool {
        rotations.came(at: now)
        noteTokenAgainstSuspicions(now: now)
        if visits.noteSequence(of: token) {
            timers.cancel(.mergeDetect)
        } else if !timers.isRunning(.mergeDetect) {
            timers.start(.mergeDetect, milliseconds: parameters.merge, now: now)
        }
        timers.cancel(.hold)
        timers.cancel(.backPressure)
        // All members pass my ring's token on: none of them is elsewhere.
        timers.cancel(.reunion)
        statistics.tokensAccepted &+= 1
        let idle = parameters.sequenceUnchangedConstant
        return isRepresentative ? visits.visitsWithoutNews > idle : visits.visitsWithoutNews >= idle
    }

    /// Writes into the token what I have received and sent; false when I have made no progress for so long that I must
    /// leave the ring to the others (spec: totem.md 14, steps 16 – 19).
    private mutating func updateARU(
        of token: inout ORFToken, sent: SentCount, waiting: UInt32, now: Instant
    ) -> Bool {
        let arrived = token.aru
        let counted = has(.countsNoRepetitions) ? sent.new : sent.total
        visits.count(&token, sent: counted, waiting: waiting)
        if reception.aru.isLess(than: token.aru) || token.aruAddress == me || token.aruAddress == .none {
            token.aru = reception.aru
            token.aruAddress = token.aru == token.sequence ? .none : me
        }
        if has(.claimsAllReceived) { (token.aru, token.aruAddress) = (token.sequence, .none) }
        visits.noteARU(arrived: arrived, leaving: token, now: now)
        if visits.visitsWithoutProgress == Self.stuckVisits { noteStuck(token) }
        return !(visits.visitsWithoutProgress > parameters.failToReceiveConstant && token.aruAddress == me)
            || !hasLasted(token, now: now)
    }

    /// Whether I have made no progress for so long that it says something. A fast ring makes thousands of rotations a second,
    /// in which a burst of losses does not end; so the rotations must also have taken half a token timeout, unless the others
    /// will soon have no room left for what I lack (docs/decisions/fail-to-receive.md).
    private func hasLasted(_ token: borrowing ORFToken, now: Instant) -> Bool {
        now.milliseconds(since: visits.withoutProgressSince) >= UInt64(parameters.token) / 2
            || token.sequence.distance(from: reception.released) >= SortQueue.windowSize / 4 * 3
    }

    /// I cannot get a message that all others have: the others shall go on without me (spec: totem.md 14, step 19).
    private mutating func failToReceive(now: Instant) {
        notice(.failedToReceive)
        proposal.failToReceive(me)
        enterGather(.failedToReceive, now: now)
    }

    // MARK: Sending on

    private mutating func forward(_ token: inout ORFToken, held: Bool, now: Instant) {
        visits.forward(&token, from: me, held: held)
        startTokenTimers(now: now)
        if held, isRepresentative {
            rotations.left(at: now, rests: true)
            timers.start(.hold, milliseconds: parameters.hold, now: now)
            timers.cancel(.heartbeat)
        } else {
            // An idle ring turns slowly anyway, and its representative's hold would come on top.
            if keepsTokens, !held {
                timers.start(.backPressure, nanoseconds: longestKeeping, now: now)
            } else {
                rotations.left(at: now, rests: held)
                sendLastToken()
            }
            if let heartbeat = parameters.heartbeatTimeout {
                timers.start(.heartbeat, milliseconds: heartbeat, now: now)
            }
        }
        history.sent(at: now)
    }

    /// The token was here: its loss is noticed, and the copy repeated, counted from now.
    mutating func startTokenTimers(now: Instant) {
        timers.start(.tokenLoss, milliseconds: parameters.token, now: now)
        timers.start(.tokenRetransmit, milliseconds: repetitionInterval, now: now)
        if parameters.tokenWarning > 0 {
            timers.start(.tokenWarning, milliseconds: tokenWarningInterval, now: now)
        }
    }

    /// Milliseconds after which the last token is sent again when nothing has come back.
    ///
    /// `token_retransmit` suits an idle ring, whose token rests for most of that time. While a ring is being formed it
    /// does not rest, everybody waits for it, and who gathers speaks each join interval (docs/decisions/joining.md).
    var repetitionInterval: UInt32 {
        guard !isOperational, !has(.repeatsCommitTokenLate) else { return parameters.tokenRetransmit }
        let (twice, overflows) = parameters.join.multipliedReportingOverflow(by: 2)
        return overflows ? parameters.tokenRetransmit : min(parameters.tokenRetransmit, twice)
    }

    var tokenWarningInterval: UInt64 { UInt64(parameters.token) * UInt64(parameters.tokenWarning) / 100 }
}

/// What goes out during a token visit: messages others asked for, my requests, new messages (spec: totem.md 14, steps
/// 11 – 15).
extension TotemRing {
    private struct SentCount {
        var repeated: UInt32 = 0
        var new: UInt32 = 0
        var total: UInt32 { repeated &+ new }
        /// New messages that may be sent in all.
        var allowed: UInt32 = 0
        var allowsMore: Bool { new < allowed }
    }

    /// Repeats what others ask for and asks for what I lack.
    ///
    /// - Returns: what was sent, and how much more may be.
    private mutating func sendRequested(with token: inout ORFToken, waiting: UInt32) -> SentCount {
        var sent = SentCount()
        var allowed = visits.allowance(token, waiting: waiting, parameters)
        if !token.retransmitList.isEmpty {
            notice(.retransmitList(RequestedMessages(token.retransmitList), lacking: token.aruAddress))
        }
        noteUnanswered(token)
        sent.repeated = repeatRequested(&token.retransmitList, atMost: allowed)
        if has(.ignoresWindow) { allowed = 10_000 }
        allowed -= sent.repeated
        requestMissing(through: token.sequence, &token.retransmitList)

        let windowEnd = reception.released.advanced(
            by: SortQueue.windowSize &- min(allowed &+ parameters.windowSize, SortQueue.windowSize))
        sent.allowed = windowEnd.isLess(than: token.sequence) ? 0 : allowed
        return sent
    }

    /// Gives a message the next number of the order and sends it.
    private mutating func sendNew(
        _ handle: MessageHandle, with token: inout ORFToken, encapsulated: UInt8, _ sent: inout SentCount
    ) {
        token.sequence = token.sequence.next
        number(handle, token.sequence, encapsulated: encapsulated)
        reception.store(handle, at: token.sequence)
        outbox.broadcast(message: handle)
        statistics.mcastTx &+= 1
        sent.new += 1
    }

    /// Gives a waiting message its place in the order.
    private mutating func number(_ handle: MessageHandle, _ sequence: SequenceNumber, encapsulated: UInt8) {
        McastHeader(
            header: PacketHeader(type: .mcast, encapsulated: encapsulated, nodeID: me), systemFrom: me,
            sequence: sequence, thisSequenceNumber: sendQueues.takeOwnNumber(), ringID: ringID
        ).overwrite(&pool[handle])
    }

    /// Sends again what the list asks for and I have, and takes it off the list.
    private mutating func repeatRequested(_ list: inout RetransmitList, atMost limit: UInt32) -> UInt32 {
        var count: UInt32 = 0
        var index = 0
        while index < list.count, count < limit {
            let entry = list[index]
            // Of another ring: nobody can ever answer it, and it would stand in the way of a request for the same
            // number in this one.
            guard entry.ringID == ringID else {
                list.remove(at: index)
                continue
            }
            if let handle = reception.queue.message(at: entry.sequence), !has(.skipsRetransmission) {
                if has(.rewritesRetransmission) { number(handle, entry.sequence, encapsulated: Encapsulation.frame) }
                outbox.broadcast(message: handle)
                statistics.mcastRetransmitted &+= 1
                list.remove(at: index)
                count += 1
            } else {
                index += 1
            }
        }
        return count
    }

    /// A token that has been with all members and still asks for a message has met nobody who has it.
    private mutating func noteUnanswered(_ token: ORFToken) {
        let missing = reception.aru.next
        let isAsked =
            missing.isLessOrEqual(to: token.sequence) && reception.queue.message(at: missing) == nil
            && token.retransmitList.contains(sequence: missing)
        visits.noteUnanswered(isAsked)
    }

    /// Asks for what I lack, after it has been missing for some visits: it may only be under way.
    private mutating func requestMissing(through last: SequenceNumber, _ list: inout RetransmitList) {
        guard !has(.forgetsRequest) else { return }
        var sequence = reception.aru.next
        while sequence.isLessOrEqual(to: last), !list.isFull, reception.queue.contains(inWindow: sequence) {
            if reception.queue.message(at: sequence) == nil,
                reception.countMiss(at: sequence) >= min(parameters.missCountConstant, 255),
                !list.contains(sequence: sequence) || has(.asksTwice)
            {
                list.append(RetransmitEntry(ringID: ringID, sequence: sequence))
            }
            sequence = sequence.next
        }
    }

    /// The same member has lacked the same message for so long that it cannot be chance: packets of its size do not get
    /// there. Those who have the message say so, and the one that lacks it, if others answer its request.
    private mutating func noteStuck(_ token: borrowing ORFToken) {
        let missing = token.aru.next
        guard token.aruAddress != .none, missing.isLessOrEqual(to: token.sequence) else { return }
        let bytes = reception.queue.message(at: missing).map { pool[$0].count }
        let isAnswered = token.aruAddress == me && visits.visitsUnanswered < Self.stuckVisits / 2
        guard bytes != nil || isAnswered else { return }
        notice(.messageStuck(missing, bytes: token.aruAddress == me ? nil : bytes, lacking: token.aruAddress))
    }
}
