import TotemWire

/// The 14 bytes in front of a packet of the ring, or of a piece of one (spec: knet.md 2).
public struct DataHeader: Sendable, Hashable {
    /// The sender.
    public var host: HostID
    /// The sender's counter of data packets, 1...65535; the same in all pieces and in all copies.
    public var sequence: UInt16
    /// A `CompressionModel`, or a number that nobody has defined.
    public var compression: UInt8
    /// Whether it went to everybody. Receivers ignore it: the target in the ring's own header decides.
    public var isMulticast: Bool
    /// Pieces that the packet was cut into; 0 and 1 both mean that this is all of it.
    public var pieceCount: UInt8
    /// Which piece this is, 1...`pieceCount`; without meaning when there is one only.
    public var pieceIndex: UInt8
    /// 0 for a ring; 1 is for a nozzle device, which Rondo does not have.
    public var channel: Int8

    public static let size = 14

    /// The header of a whole packet, or of one piece.
    public init(
        host: HostID, sequence: UInt16, compression: UInt8 = CompressionModel.none.rawValue, isMulticast: Bool,
        pieceCount: UInt8 = 1, pieceIndex: UInt8 = 0, channel: Int8 = 0
    ) {
        self.host = host
        self.sequence = sequence
        self.compression = compression
        self.isMulticast = isMulticast
        self.pieceCount = pieceCount
        self.pieceIndex = pieceIndex
        self.channel = channel
    }

    /// Reads the header of a datagram of which kind and length have been checked. Whether count and index go together is
    /// not looked at: `Reassembly` does that.
    init(checked datagram: Span<UInt8>) throws(KnetPacketError) {
        sequence = datagram.network16(at: 6)
        guard sequence != 0 else { throw .sequence }
        host = HostID(datagram.network16(at: 2))
        compression = datagram[8]
        isMulticast = datagram[10] == 1
        pieceCount = datagram[11]
        pieceIndex = datagram[12]
        channel = Int8(bitPattern: datagram[13])
    }

    /// Whether it goes with all of a packet, and not with a piece.
    @inlinable
    public var isWhole: Bool { pieceCount <= 1 }

    /// Whether a plain datagram says of itself that it holds a token of a ring: a hint, nothing is checked. Tokens with which
    /// much is asked for are cut, and not told by it.
    @inlinable
    public static func announcesToken(_ datagram: Span<UInt8>) -> Bool {
        datagram.count > size && datagram[1] == KnetPacketType.data.rawValue && datagram[8] == 0 && datagram[11] <= 1
            && PacketHeader.announcesToken(datagram.extracting(size...))
    }

    /// Appends the 14 bytes.
    public func encode(into writer: inout ByteWriter) {
        writer.network64(
            UInt64(KnetPacket.version) << 56 | UInt64(KnetPacketType.data.rawValue) << 48
                | UInt64(host.rawValue) << 32 | UInt64(sequence))
        writer.network32(UInt32(compression) << 24 | (isMulticast ? 1 << 8 : 0) | UInt32(pieceCount))
        writer.network16(UInt16(pieceIndex) << 8 | UInt16(UInt8(bitPattern: channel)))
    }
}
