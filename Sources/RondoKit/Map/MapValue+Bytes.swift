import ClientProtocol
import ClusterMap

extension MapValue {
    /// As the daemon numbers it.
    var typeNumber: UInt8 { type.rawValue }

    private var type: MapValueType {
        switch self {
        case .int8: .i8
        case .uint8: .u8
        case .int16: .i16
        case .uint16: .u16
        case .int32: .i32
        case .uint32: .u32
        case .int64: .i64
        case .uint64: .u64
        case .float: .float
        case .double: .double
        case .string: .string
        case .binary: .binary
        }
    }

    /// The bytes as the daemon takes them: numbers in this machine's order, texts without a NUL.
    var bytes: [UInt8] {
        func raw<Number>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
        return switch self {
        case .int8(let value): raw(value)
        case .uint8(let value): raw(value)
        case .int16(let value): raw(value)
        case .uint16(let value): raw(value)
        case .int32(let value): raw(value)
        case .uint32(let value): raw(value)
        case .int64(let value): raw(value)
        case .uint64(let value): raw(value)
        case .float(let value): raw(value)
        case .double(let value): raw(value)
        case .string(let text): Array(text.utf8)
        case .binary(let value): value
        }
    }

    /// - Returns: nil for no value, a type of a later engine, or a number of the wrong length.
    init?(_ value: CmapValue) {
        let bytes = value.bytes
        func number<Number: BitwiseCopyable>(_: Number.Type) -> Number? {
            // As many bytes as the number has.
            bytes.count == MemoryLayout<Number>.size
                ? bytes.withUnsafeBytes { $0.loadUnaligned(as: Number.self) } : nil
        }
        let value: MapValue? =
            switch MapValueType(rawValue: value.type) {
            case .i8: number(Int8.self).map(MapValue.int8)
            case .u8: number(UInt8.self).map(MapValue.uint8)
            case .i16: number(Int16.self).map(MapValue.int16)
            case .u16: number(UInt16.self).map(MapValue.uint16)
            case .i32: number(Int32.self).map(MapValue.int32)
            case .u32: number(UInt32.self).map(MapValue.uint32)
            case .i64: number(Int64.self).map(MapValue.int64)
            case .u64: number(UInt64.self).map(MapValue.uint64)
            case .float: number(Float.self).map(MapValue.float)
            case .double: number(Double.self).map(MapValue.double)
            case .string: .string(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
            case .binary: .binary(bytes)
            case nil: nil
            }
        guard let value else { return nil }
        self = value
    }
}
