import Basics
import TotemWire

/// Asks one node to end at once (spec: services.md 4).
public struct KillNode: ServiceMessage, Equatable {
    public static let service = ServiceID.configuration
    public static let function: UInt16 = 1
    static let reasonWidth = 256

    public var nodeID: NodeID
    /// The text, without its NUL.
    public var reason: [UInt8]

    public init(nodeID: NodeID, reason: [UInt8]) {
        self.nodeID = nodeID
        self.reason = Array(reason.prefix(Self.reasonWidth - 1))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        nodeID = NodeID(try reader.slot32("nodeid"))
        let length = try reader.u16("reason.length")
        guard Int(length) <= Self.reasonWidth else {
            throw WireError.invalid(field: "reason.length", value: UInt64(length), allowed: "at most 256")
        }
        try reader.skip(6, "reason padding")
        let field = try reader.array(Self.reasonWidth, "reason.value").prefix(Int(length))
        reason = Array(field.prefix { $0 != 0 })
    }

    public var encodedLength: Int { 288 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.slot32(nodeID.rawValue)
        writer.u16(UInt16(clamping: reason.count + 1))
        writer.zeros(6)
        writer.padded(reason, width: Self.reasonWidth)
    }
}

/// The sender is going to stop because its administrator said so.
public struct Shutdown: ServiceMessage, Equatable {
    public static let service = ServiceID.configuration
    public static let function: UInt16 = 2

    public init() {}

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        _ = try ServiceHeader(decoding: bytes, order: order)
    }

    public var encodedLength: Int { ServiceHeader.length }
    public func encodeBody(into writer: inout ByteWriter) {}
}

/// Every node reads its configuration file again.
public struct ReloadConfiguration: ServiceMessage, Equatable {
    public static let service = ServiceID.configuration
    public static let function: UInt16 = 3

    public var source: MessageSource

    public init(source: MessageSource) { self.source = source }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        source = try MessageSource(reading: &reader)
    }

    public var encodedLength: Int { 32 }
    public func encodeBody(into writer: inout ByteWriter) { source.encode(into: &writer) }
}

/// A step of changing keys without losing packets. When its own come round the ring, a Corosync seals with the new key (1) and
/// forgets the old one (2); what they mean to a Rondo says `ClusterEngine.changeKeys`.
public struct CryptoReconfiguration: ServiceMessage, Equatable {
    public static let service = ServiceID.configuration
    public static let function: UInt16 = 4

    public var phase: UInt32

    public init(phase: UInt32) { self.phase = phase }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        phase = try reader.slot32("phase")
    }

    public var encodedLength: Int { 24 }
    public func encodeBody(into writer: inout ByteWriter) { writer.slot32(phase) }
}
