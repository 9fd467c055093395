import Basics

/// The 13 bytes every packet begins with (spec: totem.md 2).
public struct PacketHeader: Sendable, Hashable {
    /// The byte order of the sender, in which every other field of the packet is to be read.
    public var order: ByteOrder
    public var type: PacketType
    /// See `Encapsulation`. Means something in an mcast only; elsewhere it can be garbage that travels with a token.
    public var encapsulated: UInt8
    /// Who sent this hop (tokens) or who originated it (mcast); `.none` in a leave.
    public var nodeID: NodeID
    /// The only destination on libknet, `.none` for everybody. Without meaning on the UDP transports, where a sender
    /// may leave whatever was in its memory.
    public var targetNodeID: NodeID

    public static let size = 13
    /// The first two bytes, as a number in the sender's byte order.
    public static let magic: UInt16 = 0xC070
    public static let version: UInt8 = 3

    /// A header to be sent, in this machine's byte order.
    public init(
        type: PacketType, encapsulated: UInt8 = Encapsulation.none, nodeID: NodeID, targetNodeID: NodeID = .none
    ) {
        order = .native
        self.type = type
        self.encapsulated = encapsulated
        self.nodeID = nodeID
        self.targetNodeID = targetNodeID
    }

    /// Reads the header of a received datagram, with Corosync's checks in Corosync's order (spec: totem.md 6).
    public init(decoding datagram: Span<UInt8>) throws(HeaderError) {
        guard datagram.count >= PacketHeader.size else { throw .tooShort(datagram.count) }
        switch (datagram[0], datagram[1]) {
        case (0x70, 0xC0): order = .little
        case (0xC0, 0x70): order = .big
        default: throw .badMagic(guess: ForeignSender(first: datagram[0], second: datagram[1]))
        }
        guard datagram[2] == PacketHeader.version else { throw .unsupportedVersion(datagram[2]) }
        guard let type = PacketType(rawValue: datagram[3]) else { throw .wrongType(datagram[3]) }
        self.type = type
        encapsulated = datagram[4]
        nodeID = NodeID(datagram.loadU32(at: 5, order))
        targetNodeID = NodeID(datagram.loadU32(at: 9, order))
    }

    /// Whether a datagram says of itself that it is a token: a hint, nothing is checked.
    @inlinable
    public static func announcesToken(_ datagram: Span<UInt8>) -> Bool {
        datagram.count >= PacketHeader.size && datagram[3] == PacketType.orfToken.rawValue
    }

    /// Appends the 13 bytes in the order of `writer`; `order` has no part in it.
    public func encode(into writer: inout ByteWriter) {
        writer.u16(PacketHeader.magic)
        writer.u8(PacketHeader.version)
        writer.u8(type.rawValue)
        writer.u8(encapsulated)
        writer.nodeID(nodeID)
        writer.nodeID(targetNodeID)
    }

    /// Writes the 13 bytes at `offset`, where the caller has checked that they are; `order` of the header has no part in
    /// it.
    func store(in bytes: inout MutableSpan<UInt8>, at offset: Int, _ order: ByteOrder) {
        bytes[offset] = UInt8(truncatingIfNeeded: order == .little ? PacketHeader.magic : PacketHeader.magic >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: order == .little ? PacketHeader.magic >> 8 : PacketHeader.magic)
        bytes[offset + 2] = PacketHeader.version
        bytes[offset + 3] = type.rawValue
        bytes[offset + 4] = encapsulated
        bytes.store(nodeID.rawValue, at: offset + 5, order)
        bytes.store(targetNodeID.rawValue, at: offset + 9, order)
    }
}
