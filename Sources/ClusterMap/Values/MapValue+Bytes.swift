extension MapValue {
    /// Bytes the value takes on a client's side; a string counts its NUL.
    public var byteCount: Int {
        switch self {
        case .string(let text): text.count + 1
        case .binary(let bytes): bytes.count
        default: type.fixedSize ?? 0
        }
    }

    /// The value as clients see it: host byte order, strings with their NUL.
    public var bytes: [UInt8] {
        switch self {
        case .i8(let v): [UInt8(bitPattern: v)]
        case .u8(let v): [v]
        case .i16(let v): Self.bytes(UInt64(truncatingIfNeeded: v), count: 2)
        case .u16(let v): Self.bytes(UInt64(v), count: 2)
        case .i32(let v): Self.bytes(UInt64(truncatingIfNeeded: v), count: 4)
        case .u32(let v): Self.bytes(UInt64(v), count: 4)
        case .i64(let v): Self.bytes(UInt64(bitPattern: v), count: 8)
        case .u64(let v): Self.bytes(v, count: 8)
        case .float(let v): Self.bytes(UInt64(v.bitPattern), count: 4)
        case .double(let v): Self.bytes(v.bitPattern, count: 8)
        case .string(let text): text + [0]
        case .binary(let bytes): bytes
        }
    }

    /// Reads a value a client sent (spec: configuration.md 7.3, ipc.md 8.2).
    ///
    /// - Parameter type: the number of a `MapValueType`.
    /// - Throws: `.invalidParameter` for an unknown type, more than 16384 bytes, a number of the wrong length, or a
    ///   string with bytes after its NUL.
    public init(type number: UInt8, bytes: [UInt8]) throws(ClientError) {
        guard let type = MapValueType(rawValue: number), bytes.count <= Self.largestSize else {
            throw .invalidParameter
        }
        if let size = type.fixedSize, bytes.count != size { throw .invalidParameter }
        let number = type.fixedSize == nil ? 0 : Self.number(bytes)
        switch type {
        case .i8: self = .i8(Int8(truncatingIfNeeded: number))
        case .u8: self = .u8(UInt8(truncatingIfNeeded: number))
        case .i16: self = .i16(Int16(truncatingIfNeeded: number))
        case .u16: self = .u16(UInt16(truncatingIfNeeded: number))
        case .i32: self = .i32(Int32(truncatingIfNeeded: number))
        case .u32: self = .u32(UInt32(truncatingIfNeeded: number))
        case .i64: self = .i64(Int64(truncatingIfNeeded: number))
        case .u64: self = .u64(number)
        case .float: self = .float(Float(bitPattern: UInt32(truncatingIfNeeded: number)))
        case .double: self = .double(Double(bitPattern: number))
        case .string:
            let text = bytes.prefix { $0 != 0 }
            guard bytes.count <= text.count + 1 else { throw .invalidParameter }
            self = .string(Array(text))
        case .binary: self = .binary(bytes)
        }
    }

    private static func bytes(_ number: UInt64, count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for index in 0..<count { result.append(UInt8(truncatingIfNeeded: number >> shift(index, of: count))) }
        return result
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        var number: UInt64 = 0
        for (index, byte) in bytes.enumerated() { number |= UInt64(byte) << shift(index, of: bytes.count) }
        return number
    }

    private static func shift(_ index: Int, of count: Int) -> UInt64 {
        #if _endian(little)
            UInt64(8 * index)
        #else
            UInt64(8 * (count - 1 - index))
        #endif
    }
}
