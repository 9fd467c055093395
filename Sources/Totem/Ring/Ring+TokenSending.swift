import TotemWire

/// What goes out during a token visit: messages others asked for, my requests, new messages (spec: totem.md 14, steps
/// 11 – 15).
extension TotemRing {
    struct SentCount {
        var repeated: UInt32 = 0
        var new: UInt32 = 0
        var total: UInt32 { repeated &+ new }
    }

    /// - Parameter recovery: in RECOVERY its data; its wrapped messages are sent instead of the services'.
    mutating func send(
        with token: inout ORFToken, recovery: inout RingState.Recovery?, waiting: UInt32
    ) -> SentCount {
        var sent = SentCount()
        var allowed = visits.allowance(token, waiting: waiting, parameters)
        if !token.retransmitList.isEmpty { noteRetransmitList(token) }
        noteUnanswered(token)
        sent.repeated = repeatRequested(&token.retransmitList, atMost: allowed)
        if has(.ignoresWindow) { allowed = 10_000 }
        allowed -= sent.repeated
        requestMissing(through: token.sequence, &token.retransmitList)

        let windowEnd = reception.released.advanced(
            by: SortQueue.windowSize &- min(allowed &+ parameters.windowSize, SortQueue.windowSize))
        if windowEnd.isLess(than: token.sequence) { allowed = 0 }
        while sent.new < allowed, let handle = nextFrame(&recovery) {
            token.sequence = token.sequence.next
            number(handle, token.sequence, encapsulated: recovery == nil ? Encapsulation.frame : Encapsulation.recovery)
            reception.store(handle, at: token.sequence)
            outbox.broadcast(message: handle)
            statistics.mcastTx &+= 1
            sent.new += 1
        }
        reception.advanceARU()
        return sent
    }

    private mutating func nextFrame(_ recovery: inout RingState.Recovery?) -> MessageHandle? {
        if recovery != nil { return nextReplay(&recovery) }
        return sendQueues.popNext()
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
                reception.queue.countMiss(at: sequence) >= min(parameters.missCountConstant, 255),
                !list.contains(sequence: sequence) || has(.asksTwice)
            {
                list.append(RetransmitEntry(ringID: ringID, sequence: sequence))
            }
            sequence = sequence.next
        }
    }

    private mutating func noteRetransmitList(_ token: borrowing ORFToken) {
        var sequences: [SequenceNumber] = []
        for index in 0..<token.retransmitList.count { sequences.append(token.retransmitList[index].sequence) }
        notice(.retransmitList(sequences, lacking: token.aruAddress))
    }

    /// The same member has lacked the same message for so long that it cannot be chance: packets of its size do not get
    /// there.
    mutating func noteStuck(_ token: borrowing ORFToken) {
        let missing = token.aru.next
        guard token.aruAddress != .none, missing.isLessOrEqual(to: token.sequence) else { return }
        let bytes = reception.queue.message(at: missing).map { pool[$0].count }
        notice(.messageStuck(missing, bytes: token.aruAddress == me ? nil : bytes, lacking: token.aruAddress))
    }
}
