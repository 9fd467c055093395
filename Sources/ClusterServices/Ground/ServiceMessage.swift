import Basics
import TotemWire

/// The 16 bytes in front of every service and synchronisation message (spec: services.md 1.2).
///
/// The stated size is not trusted for anything: every decoder checks the length that was really delivered.
public struct ServiceHeader: Sendable, Equatable {
    /// Bytes of the header on the wire.
    public static let length = 16

    /// `service << 16 | function` in group `services`; 0 or 1 in group `synchronization`.
    public var id: UInt32
    /// Length of the whole message as its sender states it.
    public var size: UInt32

    public init(id: UInt32, size: UInt32) {
        self.id = id
        self.size = size
    }

    public init(service: ServiceID, function: UInt16, size: UInt32) {
        self.init(id: UInt32(service.rawValue) << 16 | UInt32(function), size: size)
    }

    /// Number of the service addressed; may be one that does not exist.
    public var service: UInt16 { UInt16(truncatingIfNeeded: id >> 16) }
    /// Number of the function within the service; may be one that does not exist.
    public var function: UInt16 { UInt16(truncatingIfNeeded: id) }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order)
        id = try reader.u32("header.id")
        try reader.skip(4, "header padding")
        size = try reader.u32("header.size")
        try reader.skip(4, "header padding")
    }

    public func encode(into writer: inout ByteWriter) {
        writer.slot32(id)
        writer.slot32(size)
    }
}

/// A message that nodes exchange in group `services`, header included.
///
/// Decoding checks the delivered length and every length, count and name inside; anything wrong makes the message
/// absent (spec: services.md 13).
public protocol ServiceMessage: Sendable {
    static var service: ServiceID { get }
    static var function: UInt16 { get }

    /// - Throws: what is missing or out of range.
    init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError)

    /// Bytes of the whole message when encoded.
    var encodedLength: Int { get }

    /// Appends everything after the header; padding is zero.
    func encodeBody(into writer: inout ByteWriter)
}

extension ServiceMessage {
    /// Appends the whole message in the byte order of `writer`.
    public func encode(into writer: inout ByteWriter) {
        let header = ServiceHeader(
            service: Self.service, function: Self.function, size: UInt32(clamping: encodedLength))
        header.encode(into: &writer)
        encodeBody(into: &writer)
    }

    /// The whole message in this machine's byte order.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: encodedLength)
        encode(into: &writer)
        return writer.take()
    }
}

/// Who asked for a message: the node, and an opaque number by which that node recognises its own request.
///
/// Corosync puts a pointer there; Rondo puts a request number and never interprets another node's
/// (spec: services.md 1.2, 13 item 8).
public struct MessageSource: Sendable, Hashable {
    public static let length = 16

    public var nodeID: NodeID
    public var connection: UInt64

    public init(nodeID: NodeID, connection: UInt64) {
        self.nodeID = nodeID
        self.connection = connection
    }

    @_lifetime(reader: copy reader)
    init(reading reader: inout ByteReader) throws(WireError) {
        nodeID = try reader.nodeID("source.nodeid")
        try reader.skip(4, "source padding")
        connection = try reader.u64("source.connection")
    }

    func encode(into writer: inout ByteWriter) {
        writer.slot32(nodeID.rawValue)
        writer.u64(connection)
    }
}
