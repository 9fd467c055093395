import Basics

/// What stands before the payload of a message in the ring's order (spec: totem.md 3.2).
///
/// The payload follows at `McastHeader.size`: a `Frame`, or in recovery one whole message of the old ring (see
/// `Encapsulation`).
public struct McastHeader: Sendable, Hashable {
    /// `nodeID` is the originator, also in a copy that another member retransmits.
    public var header: PacketHeader
    /// The originator.
    public var systemFrom: NodeID
    /// The message's place in the ring's total order.
    public var sequence: SequenceNumber
    /// The originator's own count of its messages since it started; nobody reads it.
    public var thisSequenceNumber: Int32
    /// The ring in which `sequence` was given.
    public var ringID: RingID
    /// Always 0.
    public var reservedNodeID: UInt32
    /// 0, agreed order. 1, safe order, has a number but no implementation.
    public var guarantee: Int32

    public static let size = 45

    public init(
        header: PacketHeader, systemFrom: NodeID, sequence: SequenceNumber, thisSequenceNumber: Int32, ringID: RingID,
        reservedNodeID: UInt32 = 0, guarantee: Int32 = 0
    ) {
        self.header = header
        self.systemFrom = systemFrom
        self.sequence = sequence
        self.thisSequenceNumber = thisSequenceNumber
        self.ringID = ringID
        self.reservedNodeID = reservedNodeID
        self.guarantee = guarantee
    }

    /// Reads the first 45 bytes of a message of at most 65536.
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        let order = header.order
        try datagram.require(McastHeader.size, "mcast")
        guard datagram.count <= TotemLimits.frameSize else {
            throw .invalid(field: "mcast length", value: UInt64(datagram.count), allowed: "45...65536")
        }
        self.header = header
        systemFrom = NodeID(datagram.loadU32(at: 13, order))
        sequence = SequenceNumber(datagram.loadU32(at: 17, order))
        thisSequenceNumber = Int32(bitPattern: datagram.loadU32(at: 21, order))
        ringID = datagram.loadRingID(at: 25, order)
        reservedNodeID = datagram.loadU32(at: 37, order)
        guarantee = Int32(bitPattern: datagram.loadU32(at: 41, order))
    }

    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.nodeID(systemFrom)
        writer.sequenceNumber(sequence)
        writer.i32(thisSequenceNumber)
        writer.ringID(ringID)
        writer.u32(reservedNodeID)
        writer.i32(guarantee)
    }

    /// Writes the 45 bytes, in the order `header.order`, over the first 45 of `buffer`, without allocating: how a
    /// message that waited for its number gets it. A buffer of fewer than 45 bytes stays as it is.
    public func overwrite(_ buffer: inout [UInt8]) {
        guard buffer.count >= McastHeader.size else { return }
        let order = header.order
        var bytes = buffer.mutableSpan
        header.store(in: &bytes, at: 0, order)
        bytes.store(systemFrom.rawValue, at: 13, order)
        bytes.store(sequence.rawValue, at: 17, order)
        bytes.store(UInt32(bitPattern: thisSequenceNumber), at: 21, order)
        bytes.store(ringID, at: 25, order)
        bytes.store(reservedNodeID, at: 37, order)
        bytes.store(UInt32(bitPattern: guarantee), at: 41, order)
    }
}
