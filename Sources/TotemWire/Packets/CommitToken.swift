import Basics

/// What a member of the new ring tells the others about its old one (spec: totem.md 3.5).
public struct CommitMember: Sendable, Hashable {
    /// The member's old ring; `.none` while the token has not been with it yet.
    public var ringID: RingID
    /// Its `aru` in the old ring.
    public var aru: SequenceNumber
    public var highDelivered: SequenceNumber
    /// 1 when the member, as far as it knows, lacks nothing of its old ring.
    public var receivedFlag: UInt32

    /// Bytes of an entry on the wire.
    public static let size = 24

    /// Not filled in yet.
    public static let unset = CommitMember(ringID: .none, aru: .zero, highDelivered: .zero, receivedFlag: 0)

    public var isSet: Bool { ringID.representative != .none }

    public init(ringID: RingID, aru: SequenceNumber, highDelivered: SequenceNumber, receivedFlag: UInt32) {
        self.ringID = ringID
        self.aru = aru
        self.highDelivered = highDelivered
        self.receivedFlag = receivedFlag
    }
}

/// The token that goes round a new membership twice before the ring's own token (spec: totem.md 3.5, 11).
public struct CommitToken: Sendable, Hashable {
    /// `nodeID` is the member that sent it on last.
    public var header: PacketHeader
    /// Hops, the first being 1; nobody checks it.
    public var tokenSequence: UInt32
    /// The new ring.
    public var ringID: RingID
    /// Always 0.
    public var retransFlag: UInt32
    /// How many of `members` are filled in.
    public var memberIndex: Int32
    /// The new members, ascending: the way of the token.
    public var addresses: [NodeID]
    /// One entry for each address, in the same order.
    public var members: [CommitMember]

    /// Bytes of a commit token without addresses and members.
    public static let fixedSize = 41
    /// Bytes each member of the ring adds: its address and its entry.
    public static let bytesPerMember = 4 + CommitMember.size

    public init(
        header: PacketHeader, tokenSequence: UInt32, ringID: RingID, retransFlag: UInt32 = 0, memberIndex: Int32,
        addresses: [NodeID], members: [CommitMember]
    ) {
        self.header = header
        self.tokenSequence = tokenSequence
        self.ringID = ringID
        self.retransFlag = retransFlag
        self.memberIndex = memberIndex
        self.addresses = addresses
        self.members = members
    }

    /// Reads a commit token of 1 to 384 members that the datagram holds entirely and whose index lies within them
    /// (spec: totem.md 6, 22.3; CVE-2026-35091). An entry without a ring becomes `.unset`, whatever its other bytes.
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        let order = header.order
        try datagram.require(CommitToken.fixedSize, "memb_commit_token")
        let index = datagram.loadU32(at: 33, order)
        let count = datagram.loadU32(at: 37, order)
        guard count >= 1, count <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "addr_entries", value: UInt64(count), allowed: "1...384")
        }
        guard index <= count else {
            throw .invalid(field: "memb_index", value: UInt64(index), allowed: "0...addr_entries")
        }
        let membersOffset = CommitToken.fixedSize + 4 * Int(count)
        try datagram.require(membersOffset, "addr")
        try datagram.require(membersOffset + CommitMember.size * Int(count), "memb_list")

        self.header = header
        tokenSequence = datagram.loadU32(at: 13, order)
        ringID = datagram.loadRingID(at: 17, order)
        retransFlag = datagram.loadU32(at: 29, order)
        memberIndex = Int32(bitPattern: index)
        addresses = datagram.loadNodeIDs(at: CommitToken.fixedSize, count: Int(count), order)
        members = []
        members.reserveCapacity(Int(count))
        for position in 0..<Int(count) {
            members.append(datagram.loadCommitMember(at: membersOffset + CommitMember.size * position, order))
        }
    }

    /// Appends the token. Both lists count as long as `addresses`: missing entries go out unset, surplus ones not.
    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.u32(tokenSequence)
        writer.ringID(ringID)
        writer.u32(retransFlag)
        writer.i32(memberIndex)
        writer.u32(UInt32(truncatingIfNeeded: addresses.count))
        for address in addresses { writer.nodeID(address) }
        for position in addresses.indices {
            let member = position < members.count ? members[position] : .unset
            writer.ringID(member.ringID)
            writer.sequenceNumber(member.aru)
            writer.sequenceNumber(member.highDelivered)
            writer.u32(member.receivedFlag)
        }
    }
}

extension Span<UInt8> {
    fileprivate func loadCommitMember(at offset: Int, _ order: ByteOrder) -> CommitMember {
        let ringID = loadRingID(at: offset, order)
        guard ringID.representative != .none else { return .unset }
        return CommitMember(
            ringID: ringID,
            aru: SequenceNumber(loadU32(at: offset + 12, order)),
            highDelivered: SequenceNumber(loadU32(at: offset + 16, order)),
            receivedFlag: loadU32(at: offset + 20, order))
    }
}
