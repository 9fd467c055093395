import ClusterMap
import TotemWire

/// A request of libcmap (spec: ipc.md 8.1).
public enum CmapRequest: Sendable, Equatable {
    case set(name: String, type: UInt8, value: [UInt8])
    case delete(name: String)
    /// `room` is the size of the caller's buffer; zero asks for type and length only.
    case get(name: String, room: UInt64)
    case adjust(name: String, step: Int32)
    case startIteration(prefix: String)
    case iterate(handle: UInt64)
    case endIteration(handle: UInt64)
    /// `instance` is the client's own handle, which comes back in every notification.
    case track(name: String?, flags: UInt32, instance: UInt64)
    case untrack(handle: UInt64)
    case selectMap(Int32)

    private static let nameOffset = 16
    private static let nameCapacity = 256

    /// - Throws: when the request is shorter than its struct with its value, its value is larger than any value may
    ///   be, or its id is none of cmap's.
    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 0:
            try fields.require(296)
            let length = try fields.u64(280, "value_len")
            guard length <= UInt64(MapValue.largestSize) else {
                throw .invalid(field: "value_len", value: length, allowed: "at most 16384")
            }
            self = .set(
                name: try Self.name(fields), type: try fields.u8(288, "type"),
                value: try fields.array(296, count: length, "value"))
        case 1:
            try fields.require(280)
            self = .delete(name: try Self.name(fields))
        case 2:
            try fields.require(288)
            self = .get(name: try Self.name(fields), room: try fields.u64(280, "value_len"))
        case 3:
            try fields.require(288)
            self = .adjust(name: try Self.name(fields), step: try fields.i32(280, "step"))
        case 4:
            try fields.require(280)
            self = .startIteration(prefix: try Self.optionalName(fields) ?? "")
        case 5:
            self = .iterate(handle: try fields.u64(16, "iter_handle"))
        case 6:
            self = .endIteration(handle: try fields.u64(16, "iter_handle"))
        case 7:
            try fields.require(296)
            self = .track(
                name: try Self.optionalName(fields), flags: try fields.u32(280, "track_type"),
                instance: try fields.u64(288, "track_inst_handle"))
        case 8:
            self = .untrack(handle: try fields.u64(16, "track_handle"))
        case 9:
            try fields.require(24)
            self = .selectMap(try fields.i32(16, "map"))
        default:
            throw .invalid(field: "id", value: UInt64(fields.id), allowed: "0 to 9")
        }
    }

    /// The text before the first NUL, whatever the length field says; what is not UTF-8 becomes a name no key has.
    private static func name(_ fields: borrowing RequestFields) throws(WireError) -> String {
        String(decoding: try fields.text(nameOffset + 8, capacity: nameCapacity, "key name"), as: UTF8.self)
    }

    /// As `name`; nil when the length field says there is none.
    private static func optionalName(_ fields: borrowing RequestFields) throws(WireError) -> String? {
        try fields.u16(nameOffset, "key name length") == 0 ? nil : try name(fields)
    }
}
