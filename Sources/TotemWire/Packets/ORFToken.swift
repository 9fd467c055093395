import Basics

/// The token of an operational or recovering ring: who holds it may send (spec: totem.md 3.1).
public struct ORFToken: Sendable, Equatable {
    /// `nodeID` is the member that sent it on last.
    public var header: PacketHeader
    /// Highest number given to a message on this ring.
    public var sequence: SequenceNumber
    /// Hops since the ring began; tells a new token from a repeated one.
    public var tokenSequence: SequenceNumber
    /// All received up to: no member lacks a message up to here, as far as the last rotation knows.
    public var aru: SequenceNumber
    /// The member that holds `aru` down; `.none` when nobody does.
    public var aruAddress: NodeID
    public var ringID: RingID
    /// Messages waiting on all members together.
    public var backlog: UInt32
    /// Flow control count: messages sent during the last rotation.
    public var fcc: UInt32
    /// In recovery: not 0 while some member still has old messages to repeat.
    public var retransFlag: Int32
    public var retransmitList: RetransmitList

    /// Bytes of a token without retransmit list.
    public static let fixedSize = 57
    /// Bytes of the longest datagram taken for a token.
    public static let maximumSize = 1500

    /// Bytes on the wire.
    public var encodedSize: Int { ORFToken.fixedSize + RetransmitEntry.size * retransmitList.count }

    public init(
        header: PacketHeader, sequence: SequenceNumber, tokenSequence: SequenceNumber, aru: SequenceNumber,
        aruAddress: NodeID, ringID: RingID, backlog: UInt32 = 0, fcc: UInt32 = 0, retransFlag: Int32 = 0,
        retransmitList: RetransmitList = RetransmitList()
    ) {
        self.header = header
        self.sequence = sequence
        self.tokenSequence = tokenSequence
        self.aru = aru
        self.aruAddress = aruAddress
        self.ringID = ringID
        self.backlog = backlog
        self.fcc = fcc
        self.retransFlag = retransFlag
        self.retransmitList = retransmitList
    }

    /// Reads a token, refusing more than 30 or fewer than 0 entries and lengths that do not fit them (spec: totem.md
    /// 6; CVE-2025-30472). Bytes behind the last entry are ignored, as Corosync does.
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        let order = header.order
        try datagram.require(ORFToken.fixedSize, "orf_token")
        guard datagram.count <= ORFToken.maximumSize else {
            throw .invalid(field: "orf_token length", value: UInt64(datagram.count), allowed: "57...1500")
        }
        let count = datagram.loadU32(at: 53, order)
        guard count <= UInt32(TotemLimits.retransmitEntries) else {
            throw .invalid(field: "rtr_list_entries", value: UInt64(count), allowed: "0...30")
        }
        try datagram.require(ORFToken.fixedSize + RetransmitEntry.size * Int(count), "rtr_list")

        self.header = header
        sequence = SequenceNumber(datagram.loadU32(at: 13, order))
        tokenSequence = SequenceNumber(datagram.loadU32(at: 17, order))
        aru = SequenceNumber(datagram.loadU32(at: 21, order))
        aruAddress = NodeID(datagram.loadU32(at: 25, order))
        ringID = datagram.loadRingID(at: 29, order)
        backlog = datagram.loadU32(at: 41, order)
        fcc = datagram.loadU32(at: 45, order)
        retransFlag = Int32(bitPattern: datagram.loadU32(at: 49, order))
        retransmitList = RetransmitList()
        for index in 0..<Int(count) {
            let offset = ORFToken.fixedSize + RetransmitEntry.size * index
            retransmitList.append(
                RetransmitEntry(
                    ringID: datagram.loadRingID(at: offset, order),
                    sequence: SequenceNumber(datagram.loadU32(at: offset + 12, order))))
        }
    }

    /// Appends the token in the order of `writer`; its fixed part in one piece, since this is done for every visit.
    public func encode(into writer: inout ByteWriter) {
        let order = writer.order
        let start = writer.count
        writer.zeros(ORFToken.fixedSize)
        var bytes = writer.storage.mutableSpan
        header.store(in: &bytes, at: start, order)
        bytes.store(sequence.rawValue, at: start + 13, order)
        bytes.store(tokenSequence.rawValue, at: start + 17, order)
        bytes.store(aru.rawValue, at: start + 21, order)
        bytes.store(aruAddress.rawValue, at: start + 25, order)
        bytes.store(ringID, at: start + 29, order)
        bytes.store(backlog, at: start + 41, order)
        bytes.store(fcc, at: start + 45, order)
        bytes.store(UInt32(bitPattern: retransFlag), at: start + 49, order)
        bytes.store(UInt32(clamping: retransmitList.count), at: start + 53, order)
        for index in 0..<retransmitList.count {
            let entry = retransmitList[index]
            writer.ringID(entry.ringID)
            writer.sequenceNumber(entry.sequence)
        }
    }
}
