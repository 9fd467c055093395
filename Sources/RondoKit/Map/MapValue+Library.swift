import CCorosync

extension MapValue {
    var libraryType: cmap_value_types_t {
        switch self {
        case .int8: CMAP_VALUETYPE_INT8
        case .uint8: CMAP_VALUETYPE_UINT8
        case .int16: CMAP_VALUETYPE_INT16
        case .uint16: CMAP_VALUETYPE_UINT16
        case .int32: CMAP_VALUETYPE_INT32
        case .uint32: CMAP_VALUETYPE_UINT32
        case .int64: CMAP_VALUETYPE_INT64
        case .uint64: CMAP_VALUETYPE_UINT64
        case .float: CMAP_VALUETYPE_FLOAT
        case .double: CMAP_VALUETYPE_DOUBLE
        case .string: CMAP_VALUETYPE_STRING
        case .binary: CMAP_VALUETYPE_BINARY
        }
    }

    /// The bytes as the library takes them: numbers in this machine's order, texts without a NUL.
    var libraryBytes: [UInt8] {
        func bytes<Number>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
        return switch self {
        case .int8(let value): bytes(value)
        case .uint8(let value): bytes(value)
        case .int16(let value): bytes(value)
        case .uint16(let value): bytes(value)
        case .int32(let value): bytes(value)
        case .uint32(let value): bytes(value)
        case .int64(let value): bytes(value)
        case .uint64(let value): bytes(value)
        case .float(let value): bytes(value)
        case .double(let value): bytes(value)
        case .string(let text): Array(text.utf8)
        case .binary(let value): value
        }
    }

    /// - Returns: nil for no value, a type of a later engine, or a number of the wrong length.
    init?(_ type: cmap_value_types_t, _ bytes: UnsafeRawBufferPointer) {
        func number<Number: BitwiseCopyable>(_: Number.Type) -> Number? {
            bytes.count == MemoryLayout<Number>.size ? bytes.loadUnaligned(as: Number.self) : nil
        }
        let value: MapValue? =
            switch type {
            case CMAP_VALUETYPE_INT8: number(Int8.self).map(MapValue.int8)
            case CMAP_VALUETYPE_UINT8: number(UInt8.self).map(MapValue.uint8)
            case CMAP_VALUETYPE_INT16: number(Int16.self).map(MapValue.int16)
            case CMAP_VALUETYPE_UINT16: number(UInt16.self).map(MapValue.uint16)
            case CMAP_VALUETYPE_INT32: number(Int32.self).map(MapValue.int32)
            case CMAP_VALUETYPE_UINT32: number(UInt32.self).map(MapValue.uint32)
            case CMAP_VALUETYPE_INT64: number(Int64.self).map(MapValue.int64)
            case CMAP_VALUETYPE_UINT64: number(UInt64.self).map(MapValue.uint64)
            case CMAP_VALUETYPE_FLOAT: number(Float.self).map(MapValue.float)
            case CMAP_VALUETYPE_DOUBLE: number(Double.self).map(MapValue.double)
            case CMAP_VALUETYPE_STRING: .string(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
            case CMAP_VALUETYPE_BINARY: .binary(Array(bytes))
            default: nil
            }
        guard let value else { return nil }
        self = value
    }
}
