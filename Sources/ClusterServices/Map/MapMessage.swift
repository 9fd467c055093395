import TotemWire

/// A node tells the others its `totem.config_version` (spec: services.md 3).
///
/// The format could carry any keys; only this one has ever been sent, as the only item.
public struct ConfigVersionMessage: ServiceMessage, Equatable {
    public static let service = ServiceID.map
    public static let function: UInt16 = 0
    /// The key the item names.
    public static let key = "totem.config_version"

    public enum Reason: UInt8, Sendable {
        /// Part of a synchronisation round.
        case synchronization = 0
        /// The key was added, changed or removed.
        case changed = 1
    }

    static let itemLimit: UInt8 = 32
    static let keyWidth = 256
    static let typeMissing: UInt8 = 0
    static let typeUInt64: UInt8 = 8

    /// `nil` for a reason this version does not know.
    public var reason: Reason?
    /// `nil` when the sender has no such key.
    public var version: UInt64?

    public init(reason: Reason, version: UInt64?) {
        self.reason = reason
        self.version = version
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        reason = Reason(rawValue: try reader.slot8("reason"))
        let items = try reader.slot8("no_items")
        guard items <= Self.itemLimit else {
            throw WireError.invalid(field: "no_items", value: UInt64(items), allowed: "at most 32")
        }
        try reader.skip(16, "reserved")
        version = nil
        for _ in 0..<items {
            if let found = try Self.item(&reader) { version = found }
        }
    }

    /// The version an item holds, or `nil` when it is another key or the key does not exist.
    @_lifetime(reader: copy reader)
    private static func item(_ reader: inout ByteReader) throws(WireError) -> UInt64? {
        let keyLength = try reader.u16("key.length")
        guard Int(keyLength) <= Self.keyWidth else {
            throw WireError.invalid(field: "key.length", value: UInt64(keyLength), allowed: "at most 256")
        }
        try reader.skip(6, "key padding")
        let key = try reader.array(Self.keyWidth, "key")
        let type = try reader.slot8("value_type")
        let length = try reader.u64("value_len")
        guard length <= UInt64(reader.remaining) else {
            throw WireError.invalid(field: "value_len", value: length, allowed: "what the message holds")
        }
        var found: UInt64?
        if key.prefix(Int(keyLength)).elementsEqual(Self.key.utf8) {
            switch type {
            case Self.typeMissing: break
            case Self.typeUInt64:
                guard length == 8 else {
                    throw WireError.invalid(field: "value_len", value: length, allowed: "8 for a u64")
                }
                found = try reader.u64("value")
            default:
                throw WireError.invalid(field: "value_type", value: UInt64(type), allowed: "0 or 8")
            }
        }
        let rest = found == nil ? Int(length) : 0
        try reader.skip(rest, "value")
        let tail = (8 - Int(length % 8)) % 8
        try reader.skip(min(tail, reader.remaining), "value padding")
        return found
    }

    public var encodedLength: Int { version == nil ? 328 : 336 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.slot8((reason ?? .synchronization).rawValue)
        writer.slot8(1)
        writer.zeros(16)
        let key = Array(Self.key.utf8)
        writer.u16(UInt16(clamping: key.count))
        writer.zeros(6)
        writer.padded(key, width: Self.keyWidth)
        writer.slot8(version == nil ? Self.typeMissing : Self.typeUInt64)
        writer.u64(version == nil ? 0 : 8)
        if let version { writer.u64(version) }
    }
}
