import Basics
import TotemWire

/// Messages as they arrive (spec: totem.md 17).
extension TotemRing {
    mutating func receive(_ header: McastHeader, _ datagram: Span<UInt8>, now: Instant) {
        // In the ring its members count, among them one that is no longer in the nodelist: what they send is part of the
        // order, and the ring waits for it.
        guard header.ringID == ringID else {
            guard isConfigured(header.systemFrom) || has(.trustsStrangers) else {
                return drop(.mcast, from: header.systemFrom, "its sender is not in the nodelist")
            }
            guard header.systemFrom != me || has(.believesItsOwnName) else { return dropEcho(.mcast) }
            return receiveForeign(header, now: now)
        }
        switch state {
        case .idle, .commit:
            ignore()
        case .operational:
            guard ringOrder.contains(header.systemFrom) || has(.trustsStrangers) else {
                return drop(.mcast, from: header.systemFrom, "its sender is not a member of the ring")
            }
            guard !isNewFromMe(header) else { return dropEcho(.mcast) }
            if store(datagram, header) {
                reception.advanceARU()
                deliver()
            }
        case .gather:
            // A latecomer of the ring that is being left; of an attempt that failed nothing is kept.
            if ringID == installedRingID, header.header.encapsulated != Encapsulation.recovery,
                members.contains(header.systemFrom), !isNewFromMe(header), store(datagram, header)
            {
                reception.advanceARU()
            } else {
                ignore()
            }
        case .recovery:
            guard ringOrder.contains(header.systemFrom), header.header.encapsulated == Encapsulation.recovery else {
                return ignore()
            }
            guard store(datagram, header) else { return }
            reception.advanceARU()
            _ = withRecovery { ring, recovery in ring.noteReplay(datagram, &recovery) }
        }
    }

    /// Whether a message in my name is one that I have not sent: mine I keep until all have them, and others send only
    /// those again.
    ///
    /// What the token has counted and nobody could send me for ``stuckVisits`` is another matter. Then others have taken
    /// the forgery for mine, and the ring would wait for me for ever. Before that the number is more likely another
    /// member's, whose message was lost on its way to me.
    private func isNewFromMe(_ header: McastHeader) -> Bool {
        let sequence = header.sequence
        guard header.systemFrom == me, !has(.believesItsOwnName), reception.released.isLess(than: sequence),
            reception.queue.message(at: sequence) == nil
        else { return false }
        return visits.sequence.isLess(than: sequence) || reception.queue.misses(at: sequence) < Self.stuckVisits
    }

    /// Refuses what bears my own id and came from the network: forged, an echo of a former life, or of a node with the
    /// same id.
    mutating func dropEcho(_ type: PacketType) { drop(type, from: me, "it bears my own id") }

    /// Keeps a copy of a message that is new and lies in the window; the only copy made on arrival.
    private mutating func store(_ datagram: Span<UInt8>, _ header: McastHeader) -> Bool {
        let sequence = header.sequence
        guard reception.queue.contains(inWindow: sequence), reception.released.isLess(than: sequence) else {
            ignore()
            return false
        }
        // Recovery may have to send it on inside another message; one that leaves no room for that would be asked for
        // until the end of time.
        let wrapping = header.header.encapsulated == Encapsulation.recovery ? 0 : McastHeader.size
        guard datagram.count + wrapping <= parameters.maximumDatagram else {
            drop(.mcast, from: header.systemFrom, "it is too long to be repeated in recovery")
            return false
        }
        guard reception.queue.message(at: sequence) == nil else { return false }
        let handle = pool.acquire()
        pool[handle].append(copying: datagram)
        reception.store(handle, at: sequence)
        return true
    }
}

extension McastHeader {
    /// The header of a message, if that is what the bytes are.
    init?(ofMessage bytes: Span<UInt8>) {
        guard let header = try? PacketHeader(decoding: bytes), header.type == .mcast,
            let mcast = try? McastHeader(decoding: bytes, header: header)
        else { return nil }
        self = mcast
    }
}
