import Basics
import TotemWire

/// Sending: everything goes through the outbox, and what concerns myself through the loopback (spec: totem.md 5.3).
extension TotemRing {
    /// Sends the kept copy of the last token to the next member.
    mutating func sendLastToken() {
        guard visits.copy.count > 0 else { return }
        if visits.target == me { return outbox.sendToMyself(visits.copy.bytes) }
        outbox.send(visits.copy.bytes, to: visits.target)
    }

    /// Says what I propose. A join that has not left yet is replaced: of a batch of news only the result is told.
    mutating func sendJoin() {
        if !outbox.takeBackJoin(of: me) { statistics.joinTx &+= 1 }
        let join = Join(
            header: PacketHeader(type: .join, nodeID: me), systemFrom: me, members: proposed,
            failed: has(.forgetsFailedList) ? [] : failed, ringSequence: ringID.sequence)
        outbox.broadcast(toMyself: true) { join.encode(into: &$0) }
    }

    /// Says goodbye, once, so that the others need not wait for the consensus timeout (spec: totem.md 9.8).
    ///
    /// Afterwards the machine is idle; what is in the outbox still has to be sent.
    public mutating func leave(now: Instant) {
        guard !isIdle else { return }
        defer { assertInvariants() }
        statistics.joinTx &+= 1
        proposal.leave(me)
        let farewell = Join(
            header: PacketHeader(type: .join, nodeID: .none), systemFrom: me,
            members: proposed.filter { $0 != me }, failed: failed, ringSequence: ringID.sequence)
        if !has(.leavesSilently) { outbox.broadcast(toMyself: false) { farewell.encode(into: &$0) } }
        notice(.leaving)
        timers.cancelAll()
        outbox.dropLoopback()
        _ = visits.endRest()
        abandonRecovery()
        state = .idle
    }

    mutating func sendMergeDetect() {
        statistics.mergeDetectTx &+= 1
        let packet = MergeDetect(
            header: PacketHeader(type: .mergeDetect, nodeID: me), systemFrom: me, ringID: ringID)
        outbox.broadcast(toMyself: false) { packet.encode(into: &$0) }
    }
}
