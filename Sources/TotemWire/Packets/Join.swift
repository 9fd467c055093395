import Basics

/// A node's view of the membership that is forming, or its farewell (spec: totem.md 3.4, 9).
public struct Join: Sendable, Hashable {
    /// `nodeID` is the sender, `.none` in a leave.
    public var header: PacketHeader
    /// The sender, also in a leave.
    public var systemFrom: NodeID
    /// `proc_list`: who the sender knows of, in the order it heard of them.
    public var members: [NodeID]
    /// `failed_list`: who of `members` it counts as failed; in a leave the leaver is last.
    public var failed: [NodeID]
    /// The sequence of the sender's current ring.
    public var ringSequence: UInt64

    /// Bytes of a join without its lists.
    public static let fixedSize = 33

    public var isLeave: Bool { header.nodeID == .none }

    public init(header: PacketHeader, systemFrom: NodeID, members: [NodeID], failed: [NodeID], ringSequence: UInt64) {
        self.header = header
        self.systemFrom = systemFrom
        self.members = members
        self.failed = failed
        self.ringSequence = ringSequence
    }

    /// Reads a join whose lists have at most 384 entries each, and only when the datagram holds them all (spec:
    /// totem.md 6; CVE-2026-35092). Whether entries repeat or are configured is for the ring to judge.
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        let order = header.order
        try datagram.require(Join.fixedSize, "memb_join")
        let memberCount = datagram.loadU32(at: 17, order)
        let failedCount = datagram.loadU32(at: 21, order)
        guard memberCount <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "proc_list_entries", value: UInt64(memberCount), allowed: "0...384")
        }
        guard failedCount <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "failed_list_entries", value: UInt64(failedCount), allowed: "0...384")
        }
        let failedOffset = Join.fixedSize + 4 * Int(memberCount)
        try datagram.require(failedOffset, "proc_list")
        try datagram.require(failedOffset + 4 * Int(failedCount), "failed_list")

        self.header = header
        systemFrom = NodeID(datagram.loadU32(at: 13, order))
        ringSequence = datagram.loadU64(at: 25, order)
        members = datagram.loadNodeIDs(at: Join.fixedSize, count: Int(memberCount), order)
        failed = datagram.loadNodeIDs(at: failedOffset, count: Int(failedCount), order)
    }

    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.nodeID(systemFrom)
        writer.u32(UInt32(truncatingIfNeeded: members.count))
        writer.u32(UInt32(truncatingIfNeeded: failed.count))
        writer.u64(ringSequence)
        for member in members { writer.nodeID(member) }
        for member in failed { writer.nodeID(member) }
    }
}

extension Span<UInt8> {
    /// `count` node ids from `offset` on, which the caller has checked to be there.
    func loadNodeIDs(at offset: Int, count: Int, _ order: ByteOrder) -> [NodeID] {
        var ids: [NodeID] = []
        ids.reserveCapacity(count)
        for index in 0..<count { ids.append(NodeID(loadU32(at: offset + 4 * index, order))) }
        return ids
    }
}
