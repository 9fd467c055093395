import Basics
import ClusterMap
import TotemWire

/// What libquorum's trackers are told (spec: ipc.md 9). Each function writes a whole event.
///
/// A connection of model 0 gets only the first, one of model 1 only the others: an event it does not know makes a
/// library fail (spec: ipc.md 4.4).
extension ByteWriter {
    /// Model 0: the provider's decision.
    public mutating func quorumNotification(isQuorate: Bool, ring: RingID, members: [NodeID]) {
        let size = 48 + 4 * members.count
        begin(3, size: size)
        slot(isQuorate ? 1 : 0)
        u64(ring.sequence)
        u32(UInt32(members.count))
        nodes(members)
        fill(to: size)
    }

    /// Model 1: the provider's decision.
    public mutating func quorumDecision(isQuorate: Bool, ring: RingID, members: [NodeID]) {
        let size = 56 + 4 * members.count
        begin(6, size: size)
        slot(isQuorate ? 1 : 0)
        ringSlot(ring)
        u32(UInt32(members.count))
        nodes(members)
        fill(to: size)
    }

    /// Model 1: who is in the ring, who came and who went.
    public mutating func quorumNodeList(ring: RingID, members: [NodeID], joined: [NodeID], left: [NodeID]) {
        let size = 64 + 4 * (members.count + joined.count + left.count)
        begin(7, size: size)
        ringSlot(ring)
        slot(UInt32(members.count))
        slot(UInt32(joined.count))
        u32(UInt32(left.count))
        nodes(members)
        nodes(joined)
        nodes(left)
        fill(to: size)
    }

    /// A ring id as client libraries lay it out, 16 bytes (spec: ipc.md 4.2).
    mutating func ringSlot(_ ring: RingID) {
        slot(ring.representative.rawValue)
        u64(ring.sequence)
    }

    mutating func nodes(_ nodes: [NodeID]) {
        for node in nodes { nodeID(node) }
    }
}
