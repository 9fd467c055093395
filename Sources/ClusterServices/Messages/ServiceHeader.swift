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
