import Basics

/// The call by which the representative of an idle ring finds other rings (spec: totem.md 3.3, 10).
public struct MergeDetect: Sendable, Hashable {
    public var header: PacketHeader
    /// The representative that calls.
    public var systemFrom: NodeID
    public var ringID: RingID

    public static let size = 29

    public init(header: PacketHeader, systemFrom: NodeID, ringID: RingID) {
        self.header = header
        self.systemFrom = systemFrom
        self.ringID = ringID
    }

    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        try datagram.require(MergeDetect.size, "memb_merge_detect")
        self.header = header
        systemFrom = NodeID(datagram.loadU32(at: 13, header.order))
        ringID = datagram.loadRingID(at: 17, header.order)
    }

    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.nodeID(systemFrom)
        writer.ringID(ringID)
    }
}
