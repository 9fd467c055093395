import TotemWire

/// The messages of the old ring that recovery sends again, each wrapped in a message of the new one (spec: totem.md
/// 12.1, 12.5; docs/decisions/recovery.md).
extension TotemRing {
    /// Notes every message of the old ring that some transitional member may lack and that I hold.
    mutating func queueReplay(_ recovery: inout RingState.Recovery) {
        var lowest = recovery.old.highest
        var somebodyLacksSomething = false
        for (node, entry) in zip(recovery.token.addresses, recovery.token.members)
        where recovery.transitional.contains(node) {
            if entry.aru.isLess(than: lowest) { lowest = entry.aru }
            if entry.receivedFlag == 0 { somebodyLacksSomething = true }
        }
        guard somebodyLacksSomething, !has(.replaysNothing) else { return }
        // What lies below the window is held by everybody already; a lower number can only be a lie.
        var sequence = lowest.next
        if !recovery.old.queue.contains(inWindow: sequence) { sequence = recovery.old.queue.head }
        while sequence.isLessOrEqual(to: recovery.old.highest), recovery.old.queue.contains(inWindow: sequence) {
            if recovery.old.queue.message(at: sequence) != nil { recovery.retransmissions.append(sequence) }
            sequence = sequence.next
        }
    }

    /// The next message to send again, wrapped.
    mutating func nextReplay(_ recovery: inout RingState.Recovery) -> MessageHandle? {
        recovery.dropReplayed()
        guard let sequence = recovery.retransmissions.popFirst(),
            let old = recovery.old.queue.message(at: sequence)
        else { return nil }
        recovery.replayed.insert(sequence)
        recovery.dropReplayed()
        let wrapped = pool.acquire()
        let inner = pool[old]
        pool[wrapped].appendZeros(McastHeader.size)
        pool[wrapped].append(copying: inner.span)
        return wrapped
    }

    /// Somebody has sent a message of the old ring again: I need not.
    mutating func noteReplay(_ datagram: Span<UInt8>, _ recovery: inout RingState.Recovery) {
        guard !recovery.retransmissions.isEmpty else { return }
        let inner = datagram.extracting(droppingFirst: McastHeader.size)
        guard let header = McastHeader(ofMessage: inner), header.ringID == installedRingID else { return }
        recovery.replayed.insert(header.sequence)
    }

    /// Takes over and frees replayed messages that every member has had for two visits, so that recovery can go on
    /// for longer than the window of one ring.
    mutating func freeReplayed(before token: ORFToken, _ recovery: inout RingState.Recovery) {
        var last = visits.receivedByAll(token)
        if reception.aru.isLess(than: last) { last = reception.aru }
        guard reception.released.isLess(than: last) else { return }
        takeReplayed(from: reception, through: last, into: &recovery.old)
        reception.release(through: last, into: &pool)
    }

    /// Puts replayed messages of the old ring among those received in it.
    mutating func takeReplayed(from new: Reception, through last: SequenceNumber, into old: inout Reception) {
        var sequence = new.released
        while sequence != last, !has(.dropsReplayed) {
            sequence = sequence.next
            guard let handle = new.queue.message(at: sequence) else { continue }
            let wrapped = pool[handle]
            guard wrapped.count > McastHeader.size else { continue }
            let inner = wrapped.span.extracting(droppingFirst: McastHeader.size)
            guard let header = McastHeader(ofMessage: inner), header.ringID == installedRingID,
                members.contains(header.systemFrom), old.queue.contains(inWindow: header.sequence),
                old.released.isLess(than: header.sequence), old.queue.message(at: header.sequence) == nil
            else { continue }
            let copy = pool.acquire()
            pool[copy].append(copying: inner)
            old.store(copy, at: header.sequence)
        }
        old.advanceARU()
    }
}

extension RingState.Recovery {
    /// Leaves out what others have sent again in the meantime.
    mutating func dropReplayed() {
        while let next = retransmissions.first, replayed.contains(next) { _ = retransmissions.popFirst() }
    }
}

/// Messages of the old ring that have been sent again, by their number.
struct ReplayedMessages: Sendable {
    /// One bit for each slot of the window; nothing as long as nothing was replayed.
    private var bits: [UInt64] = []

    func contains(_ sequence: SequenceNumber) -> Bool {
        guard !bits.isEmpty else { return false }
        let slot = Self.slot(sequence)
        return bits[slot / 64] >> UInt64(slot % 64) & 1 == 1
    }

    mutating func insert(_ sequence: SequenceNumber) {
        if bits.isEmpty { bits = Array(repeating: 0, count: Int(SortQueue.windowSize) / 64) }
        let slot = Self.slot(sequence)
        bits[slot / 64] |= 1 << UInt64(slot % 64)
    }

    private static func slot(_ sequence: SequenceNumber) -> Int {
        Int(sequence.rawValue & (SortQueue.windowSize - 1))
    }
}
