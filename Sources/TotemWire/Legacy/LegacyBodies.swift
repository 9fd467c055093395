import Basics

/// The ORF token of 1.x and 2.x: 70 + 34·n bytes.
public struct LegacyORFToken: Sendable, Equatable {
    public var sequence: SequenceNumber
    public var tokenSequence: SequenceNumber
    public var aru: SequenceNumber
    /// The node that holds `aru` down; `.none` when nobody does.
    public var aruAddress: NodeID
    public var ringID: LegacyRingID
    public var backlog: UInt32
    public var fcc: UInt32
    public var retransFlag: Int32
    public var retransmitList: [Entry]

    public struct Entry: Sendable, Equatable {
        public var ringID: LegacyRingID
        public var sequence: SequenceNumber
        static let size = LegacyRingID.size + 4
    }

    static let fixedSize = 70

    init(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) {
        let (start, order) = (header.start, header.order)
        try datagram.require(start + LegacyORFToken.fixedSize, "orf_token")
        let count = datagram.loadU32(at: start + 66, order)
        guard count <= UInt32(TotemLimits.retransmitEntries) else {
            throw .invalid(field: "rtr_list_entries", value: UInt64(count), allowed: "0...30")
        }
        try datagram.require(start + LegacyORFToken.fixedSize + Entry.size * Int(count), "rtr_list")
        sequence = SequenceNumber(datagram.loadU32(at: start + 8, order))
        tokenSequence = SequenceNumber(datagram.loadU32(at: start + 12, order))
        aru = SequenceNumber(datagram.loadU32(at: start + 16, order))
        aruAddress = NodeID(datagram.loadU32(at: start + 20, order))
        ringID = LegacyRingID(datagram, at: start + 24, order)
        backlog = datagram.loadU32(at: start + 54, order)
        fcc = datagram.loadU32(at: start + 58, order)
        retransFlag = Int32(bitPattern: datagram.loadU32(at: start + 62, order))
        retransmitList = []
        for index in 0..<Int(count) {
            let offset = start + LegacyORFToken.fixedSize + Entry.size * index
            retransmitList.append(
                Entry(
                    ringID: LegacyRingID(datagram, at: offset, order),
                    sequence: SequenceNumber(datagram.loadU32(at: offset + LegacyRingID.size, order))))
        }
    }
}

/// The head of a message in 1.x (98 bytes) and 2.x (99 bytes); its payload is as in 3.x.
public struct LegacyMcast: Sendable, Equatable {
    public var systemFrom: LegacyNode
    public var sequence: SequenceNumber
    public var thisSequenceNumber: Int32
    public var ringID: LegacyRingID
    public var reservedNodeID: UInt32
    public var guarantee: Int32
    /// Where the payload begins in the datagram.
    public var payloadOffset: Int

    init(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) {
        let order = header.order
        let rest = header.start + LegacyHeader.size + header.generation.nodeAddressSize
        payloadOffset = rest + 46
        try datagram.require(payloadOffset, "mcast")
        systemFrom = LegacyNode(datagram, at: header.start + LegacyHeader.size, header)
        sequence = SequenceNumber(datagram.loadU32(at: rest, order))
        thisSequenceNumber = Int32(bitPattern: datagram.loadU32(at: rest + 4, order))
        ringID = LegacyRingID(datagram, at: rest + 8, order)
        reservedNodeID = datagram.loadU32(at: rest + 38, order)
        guarantee = Int32(bitPattern: datagram.loadU32(at: rest + 42, order))
    }
}

/// The merge detect of 1.x (82 bytes) and 2.x (83 bytes).
public struct LegacyMergeDetect: Sendable, Equatable {
    public var systemFrom: LegacyNode
    public var ringID: LegacyRingID

    init(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) {
        let ring = header.start + LegacyHeader.size + header.generation.nodeAddressSize
        try datagram.require(ring + LegacyRingID.size, "memb_merge_detect")
        systemFrom = LegacyNode(datagram, at: header.start + LegacyHeader.size, header)
        ringID = LegacyRingID(datagram, at: ring, header.order)
    }
}

/// The join of 1.x (68 + 44·(p + f) bytes) and 2.x (69 + 45·(p + f) bytes).
public struct LegacyJoin: Sendable, Equatable {
    public var systemFrom: LegacyNode
    public var members: [LegacyNode]
    public var failed: [LegacyNode]
    public var ringSequence: UInt64

    init(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) {
        let order = header.order
        let nodeSize = header.generation.nodeAddressSize
        let rest = header.start + LegacyHeader.size + nodeSize
        let lists = rest + 16
        try datagram.require(lists, "memb_join")
        let memberCount = datagram.loadU32(at: rest, order)
        let failedCount = datagram.loadU32(at: rest + 4, order)
        guard memberCount <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "proc_list_entries", value: UInt64(memberCount), allowed: "0...384")
        }
        guard failedCount <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "failed_list_entries", value: UInt64(failedCount), allowed: "0...384")
        }
        let failedOffset = lists + nodeSize * Int(memberCount)
        try datagram.require(failedOffset, "proc_list")
        try datagram.require(failedOffset + nodeSize * Int(failedCount), "failed_list")
        systemFrom = LegacyNode(datagram, at: header.start + LegacyHeader.size, header)
        ringSequence = datagram.loadU64(at: rest + 8, order)
        members = datagram.loadLegacyNodes(at: lists, count: Int(memberCount), header)
        failed = datagram.loadLegacyNodes(at: failedOffset, count: Int(failedCount), header)
    }
}

/// The commit token of 1.x (54 + 86·n bytes) and 2.x (54 + 87·n bytes).
public struct LegacyCommitToken: Sendable, Equatable {
    public var tokenSequence: UInt32
    public var ringID: LegacyRingID
    public var retransFlag: UInt32
    public var memberIndex: Int32
    public var addresses: [LegacyNode]
    public var members: [Member]

    public struct Member: Sendable, Equatable {
        public var ringID: LegacyRingID
        public var aru: SequenceNumber
        public var highDelivered: SequenceNumber
        public var receivedFlag: UInt32
        static let size = LegacyRingID.size + 12
    }

    init(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) {
        let (start, order) = (header.start, header.order)
        try datagram.require(start + 54, "memb_commit_token")
        let index = datagram.loadU32(at: start + 46, order)
        let count = datagram.loadU32(at: start + 50, order)
        guard count >= 1, count <= UInt32(TotemLimits.processorCount) else {
            throw .invalid(field: "addr_entries", value: UInt64(count), allowed: "1...384")
        }
        guard index <= count else {
            throw .invalid(field: "memb_index", value: UInt64(index), allowed: "0...addr_entries")
        }
        let membersOffset = start + 54 + header.generation.nodeAddressSize * Int(count)
        try datagram.require(membersOffset + Member.size * Int(count), "memb_list")
        tokenSequence = datagram.loadU32(at: start + 8, order)
        ringID = LegacyRingID(datagram, at: start + 12, order)
        retransFlag = datagram.loadU32(at: start + 42, order)
        memberIndex = Int32(bitPattern: index)
        addresses = datagram.loadLegacyNodes(at: start + 54, count: Int(count), header)
        members = []
        for position in 0..<Int(count) {
            let offset = membersOffset + Member.size * position
            members.append(
                Member(
                    ringID: LegacyRingID(datagram, at: offset, order),
                    aru: SequenceNumber(datagram.loadU32(at: offset + 30, order)),
                    highDelivered: SequenceNumber(datagram.loadU32(at: offset + 34, order)),
                    receivedFlag: datagram.loadU32(at: offset + 38, order)))
        }
    }
}

extension Span<UInt8> {
    /// `count` nodes from `offset` on, which the caller has checked to be there.
    fileprivate func loadLegacyNodes(at offset: Int, count: Int, _ header: LegacyHeader) -> [LegacyNode] {
        var nodes: [LegacyNode] = []
        for index in 0..<count {
            nodes.append(LegacyNode(self, at: offset + header.generation.nodeAddressSize * index, header))
        }
        return nodes
    }
}
