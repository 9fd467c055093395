/// A typed value of the map (spec: configuration.md 7.1).
///
/// Two values are equal when type and bytes are: a NaN equals itself, and 0.0 differs from −0.0.
public enum MapValue: Sendable {
    case i8(Int8)
    case u8(UInt8)
    case i16(Int16)
    case u16(UInt16)
    case i32(Int32)
    case u32(UInt32)
    case i64(Int64)
    case u64(UInt64)
    case float(Float)
    case double(Double)
    /// Text without its terminating NUL; usually UTF-8, but clients may store any bytes.
    case string([UInt8])
    case binary([UInt8])

    /// Bytes of the largest value a client may store.
    public static let largestSize = 16384

    /// A string value; what follows a NUL in `text` is cut off, since no client could read it.
    public static func text(_ text: String) -> MapValue { .string(Array(text.utf8.prefix { $0 != 0 })) }

    public var type: MapValueType {
        switch self {
        case .i8: .i8
        case .u8: .u8
        case .i16: .i16
        case .u16: .u16
        case .i32: .i32
        case .u32: .u32
        case .i64: .i64
        case .u64: .u64
        case .float: .float
        case .double: .double
        case .string: .string
        case .binary: .binary
        }
    }

    /// The text of a string value, with what is not UTF-8 replaced; nil for every other type.
    public var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number of an integer value that is not negative; nil for all others.
    public var unsigned: UInt64? {
        switch self {
        case .i8(let v): UInt64(exactly: v)
        case .u8(let v): UInt64(v)
        case .i16(let v): UInt64(exactly: v)
        case .u16(let v): UInt64(v)
        case .i32(let v): UInt64(exactly: v)
        case .u32(let v): UInt64(v)
        case .i64(let v): UInt64(exactly: v)
        case .u64(let v): v
        case .float, .double, .string, .binary: nil
        }
    }

    /// The value after adding `step` within the type's width, wrapping; nil when the type is no integer.
    func adjusted(by step: Int32) -> MapValue? {
        switch self {
        case .i8(let v): .i8(v &+ Int8(truncatingIfNeeded: step))
        case .u8(let v): .u8(v &+ UInt8(truncatingIfNeeded: step))
        case .i16(let v): .i16(v &+ Int16(truncatingIfNeeded: step))
        case .u16(let v): .u16(v &+ UInt16(truncatingIfNeeded: step))
        case .i32(let v): .i32(v &+ step)
        case .u32(let v): .u32(v &+ UInt32(truncatingIfNeeded: step))
        case .i64(let v): .i64(v &+ Int64(step))
        case .u64(let v): .u64(v &+ UInt64(truncatingIfNeeded: step))
        case .float, .double, .string, .binary: nil
        }
    }
}

extension MapValue: Equatable {
    public static func == (a: MapValue, b: MapValue) -> Bool {
        switch (a, b) {
        case (.i8(let v), .i8(let w)): v == w
        case (.u8(let v), .u8(let w)): v == w
        case (.i16(let v), .i16(let w)): v == w
        case (.u16(let v), .u16(let w)): v == w
        case (.i32(let v), .i32(let w)): v == w
        case (.u32(let v), .u32(let w)): v == w
        case (.i64(let v), .i64(let w)): v == w
        case (.u64(let v), .u64(let w)): v == w
        case (.float(let v), .float(let w)): v.bitPattern == w.bitPattern
        case (.double(let v), .double(let w)): v.bitPattern == w.bitPattern
        case (.string(let v), .string(let w)), (.binary(let v), .binary(let w)): v == w
        default: false
        }
    }
}

/// The types a map value can have, by their number on the client's side (spec: configuration.md 7.1).
public enum MapValueType: UInt8, Sendable, CaseIterable {
    case i8 = 1
    case u8, i16, u16, i32, u32, i64, u64, float, double, string, binary

    /// Bytes a value of this type always has; nil for strings and binaries.
    public var fixedSize: Int? {
        switch self {
        case .i8, .u8: 1
        case .i16, .u16: 2
        case .i32, .u32, .float: 4
        case .i64, .u64, .double: 8
        case .string, .binary: nil
        }
    }
}
