import Basics
import TotemWire

/// Sending: everything goes through the outbox, and what concerns myself through the loopback (spec: totem.md 5.3).
extension TotemRing {
    /// Sends the control packet that `encode` writes to everybody, and to myself when I act on my own as on others'.
    mutating func broadcast(toMyself: Bool, _ encode: (inout ByteWriter) -> Void) {
        let start = control.count
        encode(&control)
        outgoing.append(OutgoingDatagram(destination: .everyone, payload: .control(start..<control.count)))
        if toMyself { loopback.append(Array(control.bytes[start..<control.count])) }
    }

    mutating func broadcast(message handle: MessageHandle) {
        outgoing.append(OutgoingDatagram(destination: .everyone, payload: .message(handle)))
    }

    /// Sends the kept copy of the last token to the next member.
    mutating func sendLastToken() {
        guard lastToken.count > 0 else { return }
        if target == me {
            loopback.append(lastToken.bytes)
            return
        }
        let start = control.count
        control.bytes(lastToken.bytes)
        outgoing.append(OutgoingDatagram(destination: .node(target), payload: .control(start..<control.count)))
    }

    /// Says what I propose. A join that has not left yet is replaced: of a batch of news only the result is told.
    mutating func sendJoin() {
        if endsWithJoin { outgoing.removeLast() } else { statistics.joinTx &+= 1 }
        let join = Join(
            header: PacketHeader(type: .join, nodeID: me), systemFrom: me, members: proposed,
            failed: has(.forgetsFailedList) ? [] : failed, ringSequence: ringID.sequence)
        broadcast(toMyself: true) { join.encode(into: &$0) }
    }

    /// Whether the last datagram in the outbox is a join of mine.
    private var endsWithJoin: Bool {
        guard let last = outgoing.last, case .control(let range) = last.payload,
            let header = try? PacketHeader(decoding: control.bytes.span.extracting(range))
        else { return false }
        return header.type == .join && header.nodeID == me
    }

    /// Says goodbye, once, so that the others need not wait for the consensus timeout (spec: totem.md 9.8).
    ///
    /// Afterwards the machine is idle; what is in the outbox still has to be sent.
    public mutating func leave(now: Instant) {
        guard !isIdle else { return }
        defer { assertInvariants() }
        statistics.joinTx &+= 1
        failed.removeAll { $0 == me }
        failed.add(me)
        let farewell = Join(
            header: PacketHeader(type: .join, nodeID: .none), systemFrom: me,
            members: proposed.filter { $0 != me }, failed: failed, ringSequence: ringID.sequence)
        if !has(.leavesSilently) { broadcast(toMyself: false) { farewell.encode(into: &$0) } }
        notice(.leaving)
        timers.cancelAll()
        loopback.removeAll()
        state = .idle
    }

    mutating func sendMergeDetect() {
        statistics.mergeDetectTx &+= 1
        let packet = MergeDetect(
            header: PacketHeader(type: .mergeDetect, nodeID: me), systemFrom: me, ringID: ringID)
        broadcast(toMyself: false) { packet.encode(into: &$0) }
    }
}
