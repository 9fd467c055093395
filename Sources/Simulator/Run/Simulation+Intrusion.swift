import Basics
import Totem
import TotemWire

/// Somebody on the network who is not in the nodelist, and means no good.
extension Simulation {
    mutating func intrude() {
        guard !isCalm || figures.settlingTime == 0 else { return }
        queue.plan(.intrusion, at: now + stranger.between(UInt64(1_000_000), 40_000_000))
        let node = stranger.below(nodes.count)
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        let bytes = forgery(against: node)
        if trace.showsPackets {
            trace.add(now, nodes[node].id, "gets from a stranger: \(PacketLine.describe(bytes.span))")
        }
        try? nodes[node].ring.receive(bytes.span, now: instant(node))
        settle(node)
    }

    /// Not the id of any node.
    private mutating func strangerID() -> NodeID {
        while true {
            let id = NodeID(UInt32(truncatingIfNeeded: stranger.next() | 1))
            if !scenario.nodes.contains(id) { return id }
        }
    }

    private mutating func forgery(against node: Int) -> [UInt8] {
        let me = strangerID()
        let ring = nodes[node].ring.ringID
        let last = nodes[node].ring.progress.highest
        var writer = ByteWriter()
        switch stranger.below(9) {
        case 0:
            for _ in 0..<stranger.below(200) { writer.u8(UInt8(truncatingIfNeeded: stranger.next())) }
        case 1:
            McastHeader(
                header: PacketHeader(type: .mcast, encapsulated: Encapsulation.frame, nodeID: me), systemFrom: me,
                sequence: last.next, thisSequenceNumber: 0, ringID: stranger.oneIn(2) ? ring : otherRing(ring)
            ).encode(into: &writer)
            writer.zeros(60)
        case 2:
            MergeDetect(
                header: PacketHeader(type: .mergeDetect, nodeID: me), systemFrom: me, ringID: otherRing(ring)
            ).encode(into: &writer)
        case 3:
            Join(
                header: PacketHeader(type: .join, nodeID: stranger.oneIn(4) ? .none : me), systemFrom: me,
                members: [me] + scenario.nodes, failed: [scenario.nodes[stranger.below(nodes.count)]],
                ringSequence: stranger.next() >> UInt64(stranger.below(40))
            ).encode(into: &writer)
        case 4:
            CommitToken(
                header: PacketHeader(type: .commitToken, nodeID: me), tokenSequence: 1, ringID: otherRing(ring),
                memberIndex: 1, addresses: [me] + scenario.nodes,
                members: Array(repeating: .unset, count: scenario.nodes.count + 1)
            ).encode(into: &writer)
        case 5:
            ORFToken(
                header: PacketHeader(type: .orfToken, nodeID: me), sequence: last.advanced(by: 40_000),
                tokenSequence: SequenceNumber(UInt32(truncatingIfNeeded: stranger.next())), aru: last, aruAddress: me,
                ringID: ring
            ).encode(into: &writer)
        case 6:
            HoldCancel(header: PacketHeader(type: .holdCancel, nodeID: me), ringID: ring).encode(into: &writer)
        default:
            // A packet in the name of a member, cut short.
            Join(
                header: PacketHeader(type: .join, nodeID: scenario.nodes[0]), systemFrom: scenario.nodes[0],
                members: scenario.nodes, failed: [], ringSequence: ring.sequence + 1000
            ).encode(into: &writer)
            return Array(writer.bytes.prefix(stranger.below(writer.count)))
        }
        return writer.bytes
    }

    private mutating func otherRing(_ ring: RingID) -> RingID {
        RingID(representative: scenario.nodes[0], sequence: ring.sequence + 4 * stranger.between(UInt64(1), 1000))
    }
}
