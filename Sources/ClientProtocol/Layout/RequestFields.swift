import TotemWire

/// The header of every request (spec: ipc.md 4.1).
public struct RequestHeader: Sendable, Equatable {
    public static let size = 16

    /// Compared unsigned with the service's number of requests.
    public var id: UInt32
    /// Bytes of the whole request, as its sender claims.
    public var size: Int32

    /// The header of nothing: no service has such a request.
    public static let none = RequestHeader(id: .max, size: 0)

    init(id: UInt32, size: Int32) {
        self.id = id
        self.size = size
    }

    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        var reader = ByteReader(bytes, order: .native)
        id = try reader.u32("id")
        try reader.skip(4, "id padding")
        size = Int32(bitPattern: try reader.u32("size"))
        try reader.skip(4, "size padding")
    }
}

/// A request's fields by their offsets, which the tables of spec ipc.md 6 to 10 give.
///
/// Nothing beyond the claimed size is ever read, and the claimed size is never more than was received.
struct RequestFields: ~Escapable {
    private let bytes: Span<UInt8>
    let id: UInt32

    /// - Throws: when the claimed size is more than was received or less than the header.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) throws(WireError) {
        let header = try RequestHeader(decoding: bytes)
        guard let size = Int(exactly: header.size), size >= RequestHeader.size, size <= bytes.count else {
            throw .invalid(
                field: "size", value: UInt64(UInt32(bitPattern: header.size)),
                allowed: "at least 16 and at most what was sent")
        }
        self.bytes = bytes.extracting(0..<size)
        id = header.id
    }

    /// Bytes of the whole request.
    var size: Int { bytes.count }

    /// Refuses a request shorter than the fixed part of its struct.
    func require(_ size: Int) throws(WireError) {
        guard bytes.count >= size else {
            throw .short(field: "request", needed: size, available: bytes.count)
        }
    }

    func u8(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt8 {
        var reader = try reader(at: offset, field)
        return try reader.u8(field)
    }

    func u16(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt16 {
        var reader = try reader(at: offset, field)
        return try reader.u16(field)
    }

    func u32(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt32 {
        var reader = try reader(at: offset, field)
        return try reader.u32(field)
    }

    func i32(_ offset: Int, _ field: StaticString) throws(WireError) -> Int32 {
        Int32(bitPattern: try u32(offset, field))
    }

    func u64(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt64 {
        var reader = try reader(at: offset, field)
        return try reader.u64(field)
    }

    /// Exactly `count` bytes from `offset`.
    func array(_ offset: Int, count: UInt64, _ field: StaticString) throws(WireError) -> [UInt8] {
        let part = try span(offset, count: count, field)
        var writer = ByteWriter(capacity: part.count)
        writer.bytes(part)
        return writer.take()
    }

    /// Exactly `count` bytes from `offset`, not copied.
    @_lifetime(copy self)
    func span(_ offset: Int, count: UInt64, _ field: StaticString) throws(WireError) -> Span<UInt8> {
        guard offset <= bytes.count, count <= UInt64(bytes.count - offset), let count = Int(exactly: count) else {
            let (needed, overflow) = UInt64(offset).addingReportingOverflow(count)
            throw .short(field: field, needed: overflow ? .max : Int(clamping: needed), available: bytes.count)
        }
        return bytes.extracting(offset..<(offset + count))
    }

    /// The bytes before the first NUL of an array of `capacity` bytes; all of them when there is none.
    func text(_ offset: Int, capacity: Int, _ field: StaticString) throws(WireError) -> [UInt8] {
        let all = try array(offset, count: UInt64(capacity), field)
        return Array(all.prefix { $0 != 0 })
    }

    @_lifetime(copy self)
    private func reader(at offset: Int, _ field: StaticString) throws(WireError) -> ByteReader {
        guard offset <= bytes.count else {
            throw .short(field: field, needed: offset, available: bytes.count)
        }
        return ByteReader(bytes, order: .native, at: offset)
    }
}
