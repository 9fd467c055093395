/// The request to the representative not to hold an idle ring's token any longer (spec: totem.md 3.6, 16).
public struct HoldCancel: Sendable, Hashable {
    public var header: PacketHeader
    public var ringID: RingID

    public static let size = 25

    public init(header: PacketHeader, ringID: RingID) {
        self.header = header
        self.ringID = ringID
    }

    /// Reads the ring id in the sender's byte order, where Corosync compares it raw and so never obeys a node of the
    /// other order (spec: totem.md 4).
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        try datagram.require(HoldCancel.size, "token_hold_cancel")
        self.header = header
        ringID = datagram.loadRingID(at: 13, header.order)
    }

    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.ringID(ringID)
    }
}
