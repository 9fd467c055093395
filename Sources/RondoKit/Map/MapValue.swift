/// A value of the configuration map, with the type it has there.
public enum MapValue: Hashable, Sendable {
    case int8(Int8)
    case uint8(UInt8)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case float(Float)
    case double(Double)
    case string(String)
    case binary([UInt8])
}

extension MapValue {
    /// The longest value, in bytes.
    public static let maximumLength = 16384

    /// The number, if it is an integer that fits.
    public var integer: Int? {
        switch self {
        case .int8(let value): Int(value)
        case .uint8(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int64(let value): Int(exactly: value)
        case .uint64(let value): Int(exactly: value)
        case .float, .double, .string, .binary: nil
        }
    }

    /// The text, if it is one.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The type as corosync-cmapctl writes it, as in `u32`.
    public var typeName: String {
        switch self {
        case .int8: "i8"
        case .uint8: "u8"
        case .int16: "i16"
        case .uint16: "u16"
        case .int32: "i32"
        case .uint32: "u32"
        case .int64: "i64"
        case .uint64: "u64"
        case .float: "flt"
        case .double: "dbl"
        case .string: "str"
        case .binary: "bin"
        }
    }
}

extension MapValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .float(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let text): text
        case .binary(let bytes): "\(bytes.count) bytes"
        case .uint64(let value): "\(value)"
        case .int64(let value): "\(value)"
        default: integer.map { "\($0)" } ?? ""
        }
    }
}
