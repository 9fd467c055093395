import Basics
import TotemWire

/// Packets that show that there is another ring to merge with (spec: totem.md 10).
extension TotemRing {
    mutating func receive(_ packet: MergeDetect, now: Instant) {
        guard packet.ringID != ringID else { return }
        guard isConfigured(packet.systemFrom) else {
            return drop(.mergeDetect, from: packet.systemFrom, "its sender is not in the nodelist")
        }
        guard numbers.isPlausible(packet.ringID.sequence) else {
            return drop(.mergeDetect, from: packet.systemFrom, "its ring sequence is impossibly high")
        }
        guard packet.systemFrom != me || has(.believesItsOwnName) else { return dropEcho(.mergeDetect) }
        hears(packet.systemFrom, isJoin: false, now: now)
        merge(with: packet.systemFrom, of: packet.ringID, reasons: (.mergeInOperational, .mergeInGather), now: now)
    }

    /// A message of another ring shows that there is one to merge with.
    mutating func receiveForeign(_ header: McastHeader, now: Instant) {
        merge(
            with: header.systemFrom, of: header.ringID,
            reasons: (.foreignMessageInOperational, .foreignMessageInGather), now: now)
    }

    /// Gathers with a node that has been heard in another ring, unless it is in mine and the packet was late.
    private mutating func merge(
        with node: NodeID, of ring: RingID, reasons: (operational: GatherReason, gather: GatherReason), now: Instant
    ) {
        guard !has(.ignoresOtherRings) else { return ignore() }
        switch state {
        case .idle, .commit, .recovery:
            ignore()
        case .operational:
            if members.contains(node), !has(.believesMembersElsewhere) {
                return ring.sequence >= ringID.sequence ? doubtMembers(now: now) : ignore()
            }
            guard members.contains(node) ? ring.sequence >= ringID.sequence : isEstablished else { return ignore() }
            guard admits(node, now: now) else { return call(node, now: now) }
            proposal.add(node)
            enterGather(reasons.operational, now: now)
        case .gather:
            guard !proposed.contains(node), admits(node, now: now) else { return }
            proposal.add(node)
            enterGather(reasons.gather, now: now)
        }
    }

    /// A packet says that a member is in another, newer ring. Were it, my ring's token would not get past it: so I wait
    /// until the token is overdue, and a forged packet of that kind changes nothing while the token comes
    /// (docs/decisions/joining.md).
    private mutating func doubtMembers(now: Instant) {
        ignore()
        guard !timers.isRunning(.reunion) else { return }
        timers.start(
            .reunion, milliseconds: UInt64(parameters.hold) + UInt64(parameters.tokenRetransmit), now: now)
    }
}
