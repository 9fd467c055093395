import Basics
import Totem
import TotemWire

/// Somebody on the network who means no good: a stranger, or one who forges members' addresses.
extension Simulation {
    mutating func intrude() {
        guard !isCalm || figures.settlingTime == 0 else { return }
        queue.plan(.intrusion, at: now + stranger.between(UInt64(1_000_000), 40_000_000))
        let node = stranger.below(nodes.count)
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        inject(node, forgery(against: node), from: "a stranger")
    }

    private mutating func inject(_ node: Int, _ bytes: [UInt8], from whom: String) {
        if trace.showsPackets {
            trace.add(now, nodes[node].id, "gets from \(whom): \(PacketLine.describe(bytes.span))")
        }
        try? nodes[node].ring.receive(bytes.span, now: instant(node))
        settle(node)
    }

    /// Packets that only a member of the receiver's ring, or the receiver itself, could have sent.
    mutating func forge() {
        guard !isCalm else { return }
        queue.plan(.forgery, at: now + forger.between(UInt64(1_000_000), 20_000_000))
        let node = forger.below(nodes.count)
        guard nodes[node].isUp, !nodes[node].isPaused, nodes[node].phase == .operational else { return }
        let members = nodes[node].ring.members
        let ring = nodes[node].ring.ringID
        let elsewhere = RingID(
            representative: members[forger.below(members.count)],
            sequence: ring.sequence + 4 * forger.between(UInt64(1), 1000))
        let member = members[forger.below(members.count)]
        if scenario.parameters.beat > 0, forger.oneIn(3) { return forgeEvidence(node, against: member) }
        var writer = ByteWriter()
        switch forger.below(3) {
        case 0:
            MergeDetect(
                header: PacketHeader(type: .mergeDetect, nodeID: member), systemFrom: member, ringID: elsewhere
            ).encode(into: &writer)
        case 1:
            forgeMessage(from: member, SequenceNumber(1), elsewhere, &writer)
        default:
            let highest = nodes[node].ring.progress.highest
            let ahead = UInt32(truncatingIfNeeded: forger.between(1, 5))
            forgeMessage(from: nodes[node].id, highest.advanced(by: ahead), ring, &writer)
        }
        inject(node, writer.bytes, from: "a forger")
    }

    /// A refusal that no machine has sent, or a complaint in another member's name.
    private mutating func forgeEvidence(_ node: Int, against member: NodeID) {
        if forger.oneIn(2) {
            if let place = checker.index(of: member) { hearRefusal(node, by: place) }
            return
        }
        let witness = nodes[node].ring.members[forger.below(nodes[node].ring.members.count)]
        let complaint = Beat.Complaint(node: member, silence: 0, evidence: Beat.Complaint.refusal)
        var writer = ByteWriter()
        Beat(
            header: PacketHeader(type: .holdCancel, nodeID: witness), ringID: nodes[node].ring.ringID, incarnation: 1,
            number: 1, complaints: [complaint]
        ).encode(into: &writer)
        inject(node, writer.bytes, from: "a forger")
    }

    private func forgeMessage(
        from sender: NodeID, _ sequence: SequenceNumber, _ ring: RingID, _ writer: inout ByteWriter
    ) {
        McastHeader(
            header: PacketHeader(type: .mcast, encapsulated: Encapsulation.frame, nodeID: sender), systemFrom: sender,
            sequence: sequence, thisSequenceNumber: 0, ringID: ring
        ).encode(into: &writer)
        writer.zeros(60)
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
