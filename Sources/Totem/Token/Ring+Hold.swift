import Basics
import TotemWire

/// The representative of a ring at rest holds the token for a while; who has something to send asks for it (spec: totem.md
/// 16).
extension TotemRing {
    /// Asks the representative of a resting ring for the token, once per visit.
    mutating func cancelHold(now: Instant) {
        guard visits.endRest() else { return }
        statistics.holdCancelTx &+= 1
        let packet = holdCancel
        outbox.broadcast(toMyself: true) { packet.encode(into: &$0) }
    }

    /// Asks for the token in case it rests, for a member that is suspected. As little as possible is sent to that one for it: its
    /// machine refuses only so much (docs/decisions/refused-datagrams.md).
    ///
    /// - Parameter toSuspects: also where the representative itself is suspected.
    mutating func wakeToken(toSuspects: Bool) {
        guard isOperational, toSuspects || !suspicions.contains(ringID.representative) else { return }
        _ = visits.endRest()
        statistics.holdCancelTx &+= 1
        let packet = holdCancel
        if ringID.representative == me {
            var writer = ByteWriter()
            packet.encode(into: &writer)
            outbox.sendToMyself(writer.bytes)
        } else {
            outbox.send(to: ringID.representative) { packet.encode(into: &$0) }
        }
    }

    private var holdCancel: HoldCancel {
        HoldCancel(header: PacketHeader(type: .holdCancel, nodeID: me), ringID: ringID)
    }

    /// Somebody has something to send: the ring shall not rest.
    mutating func receive(_ packet: HoldCancel, now: Instant) {
        statistics.holdCancelRx &+= 1
        guard packet.ringID == ringID else { return ignore() }
        guard ringOrder.contains(packet.header.nodeID) else {
            return drop(.holdCancel, from: packet.header.nodeID, "its sender is not a member of the ring")
        }
        guard !has(.ignoresHoldCancel) else { return }
        visits.wake()
        if timers.isRunning(.hold) { releaseHeldToken(now: now) }
    }

    /// Sends the token that was held on its way.
    private mutating func releaseHeldToken(now: Instant) {
        timers.cancel(.hold)
        timers.start(.tokenRetransmit, milliseconds: parameters.tokenRetransmit, now: now)
        sendLastToken()
    }
}
