import Basics
import Totem
import TotemWire

/// Whole packets that nobody sent, made of what is true at the moment and of what the input adds.
enum Forgery {
    static func packet(in cluster: RingCluster, _ reader: inout InputReader) -> [UInt8] {
        var writer = ByteWriter()
        let victim = cluster.nodes[reader.below(cluster.nodes.count)]
        let ring = ringID(of: victim, &reader)
        let from = node(cluster, &reader)
        switch reader.u8() % 7 {
        case 0: token(victim, ring, from, &reader).encode(into: &writer)
        case 1: message(victim, ring, from, &reader, into: &writer)
        case 2:
            MergeDetect(header: PacketHeader(type: .mergeDetect, nodeID: from), systemFrom: from, ringID: ring)
                .encode(into: &writer)
        case 3: join(cluster, ring, from, &reader).encode(into: &writer)
        case 4, 5: commit(cluster, ring, from, &reader).encode(into: &writer)
        default: HoldCancel(header: PacketHeader(type: .holdCancel, nodeID: from), ringID: ring).encode(into: &writer)
        }
        return writer.bytes
    }

    /// One of the nodes, now and then a stranger.
    private static func node(_ cluster: RingCluster, _ reader: inout InputReader) -> NodeID {
        let choice = reader.u8()
        return choice < 0xF0 ? cluster.nodes[Int(choice) % cluster.nodes.count].id : NodeID(reader.number())
    }

    private static func nodes(_ cluster: RingCluster, _ reader: inout InputReader) -> [NodeID] {
        let bits = reader.u8()
        var list = cluster.ids.enumerated().filter { bits >> UInt8($0.offset) & 1 != 0 }.map(\.element)
        if bits & 0x40 != 0 { list.append(NodeID(reader.number())) }
        if bits & 0x80 != 0 { list += Array(repeating: NodeID(reader.number()), count: reader.below(400)) }
        return list
    }

    private static func ringID(of victim: RingCluster.Node, _ reader: inout InputReader) -> RingID {
        var ring = victim.ring.ringID
        switch reader.u8() % 8 {
        case 0: ring.sequence &+= 4
        case 1: ring.sequence &+= UInt64(reader.number())
        case 2: ring.sequence = reader.u64()
        case 3: ring.representative = NodeID(UInt32(reader.u8()))
        case 4: ring.sequence &-= UInt64(reader.number())
        default: break
        }
        return ring
    }

    private static func sequence(_ victim: RingCluster.Node, _ reader: inout InputReader) -> SequenceNumber {
        let progress = victim.ring.progress
        return switch reader.u8() % 6 {
        case 0: progress.highest.advanced(by: reader.number())
        case 1: progress.highest.advanced(by: 0 &- UInt32(reader.u8()))
        case 2: progress.aru
        case 3: progress.released
        case 4: SequenceNumber(reader.number())
        default: progress.highest
        }
    }

    private static func token(
        _ victim: RingCluster.Node, _ ring: RingID, _ from: NodeID, _ reader: inout InputReader
    ) -> ORFToken {
        var list = RetransmitList()
        for _ in 0..<reader.below(31) {
            list.append(RetransmitEntry(ringID: ring, sequence: sequence(victim, &reader)))
        }
        return ORFToken(
            header: PacketHeader(type: .orfToken, nodeID: from), sequence: sequence(victim, &reader),
            tokenSequence: SequenceNumber(reader.number()), aru: sequence(victim, &reader),
            aruAddress: NodeID(UInt32(reader.u8() & 3)), ringID: ring, backlog: reader.number(), fcc: reader.number(),
            retransFlag: Int32(bitPattern: reader.number()), retransmitList: list)
    }

    /// A message; in the recovery form with another one inside.
    private static func message(
        _ victim: RingCluster.Node, _ ring: RingID, _ from: NodeID, _ reader: inout InputReader,
        into writer: inout ByteWriter
    ) {
        let depth = reader.below(3)
        for level in 0...depth {
            let form = level < depth ? Encapsulation.recovery : Encapsulation.frame
            McastHeader(
                header: PacketHeader(type: .mcast, encapsulated: form, nodeID: from), systemFrom: from,
                sequence: sequence(victim, &reader), thisSequenceNumber: Int32(bitPattern: reader.number()),
                ringID: ring
            ).encode(into: &writer)
        }
        var lengths: [UInt16] = []
        for _ in 0..<reader.below(6) { lengths.append(UInt16(reader.u8())) }
        FrameHeader(fragmented: reader.u8() & 7, continuation: reader.u8() & 7, partLengths: lengths)
            .encode(into: &writer)
        for length in lengths {
            var part = ByteWriter()
            let group = reader.u8() & 1 == 0 ? GroupAddress.servicesGroup : GroupAddress.synchronizationGroup
            GroupAddress.encode(group, into: &part)
            let short = Int(length) - part.count
            writer.bytes(short >= 0 ? part.bytes : Array(part.bytes.prefix(Int(length))))
            writer.zeros(short)
        }
    }

    private static func join(
        _ cluster: RingCluster, _ ring: RingID, _ from: NodeID, _ reader: inout InputReader
    ) -> Join {
        let isLeave = reader.u8() & 7 == 0
        return Join(
            header: PacketHeader(type: .join, nodeID: isLeave ? .none : from), systemFrom: from,
            members: nodes(cluster, &reader), failed: nodes(cluster, &reader), ringSequence: ring.sequence)
    }

    private static func commit(
        _ cluster: RingCluster, _ ring: RingID, _ from: NodeID, _ reader: inout InputReader
    ) -> CommitToken {
        let addresses = nodes(cluster, &reader)
        let filled = reader.u8()
        let members = addresses.indices.map { index in
            guard filled >> UInt8(index & 7) & 1 != 0 else { return CommitMember.unset }
            let victim = cluster.nodes[index % cluster.nodes.count]
            return CommitMember(
                ringID: ringID(of: victim, &reader), aru: sequence(victim, &reader),
                highDelivered: sequence(victim, &reader), receivedFlag: reader.number())
        }
        return CommitToken(
            header: PacketHeader(type: .commitToken, nodeID: from), tokenSequence: reader.number(), ringID: ring,
            retransFlag: UInt32(reader.u8()), memberIndex: Int32(bitPattern: reader.number()), addresses: addresses,
            members: members)
    }
}
