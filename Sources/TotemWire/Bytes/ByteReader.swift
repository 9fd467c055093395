import Basics

/// A cursor over received bytes that never reads past their end.
///
/// Every read names the field it reads, so that a short packet is reported as *what* is missing.
public struct ByteReader: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline var position: Int
    public let order: ByteOrder

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, order: ByteOrder, at offset: Int = 0) {
        self.bytes = bytes
        position = min(max(offset, 0), bytes.count)
        self.order = order
    }

    /// Where the next field begins.
    @inlinable
    public var offset: Int { position }

    @inlinable
    public var remaining: Int { bytes.count - offset }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func skip(_ count: Int, _ field: StaticString) throws(WireError) {
        guard count >= 0, count <= remaining else {
            throw WireError.short(field: field, needed: offset + max(count, 0), available: bytes.count)
        }
        position += count
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func u8(_ field: StaticString) throws(WireError) -> UInt8 {
        let start = offset
        try skip(1, field)
        return bytes[start]
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func u16(_ field: StaticString) throws(WireError) -> UInt16 {
        let start = offset
        try skip(2, field)
        let first = UInt16(bytes[start])
        let second = UInt16(bytes[start + 1])
        return order == .little ? first | second << 8 : first << 8 | second
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func u32(_ field: StaticString) throws(WireError) -> UInt32 {
        let start = offset
        try skip(4, field)
        let little =
            UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
            | UInt32(bytes[start + 3]) << 24
        return order == .little ? little : little.byteSwapped
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func u64(_ field: StaticString) throws(WireError) -> UInt64 {
        let first = UInt64(try u32(field))
        let second = UInt64(try u32(field))
        return order == .little ? first | second << 32 : first << 32 | second
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func nodeID(_ field: StaticString) throws(WireError) -> NodeID {
        NodeID(try u32(field))
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func sequenceNumber(_ field: StaticString) throws(WireError) -> SequenceNumber {
        SequenceNumber(try u32(field))
    }

    @inlinable
    @_lifetime(self: copy self)
    public mutating func ringID(_ field: StaticString) throws(WireError) -> RingID {
        RingID(representative: try nodeID(field), sequence: try u64(field))
    }

    /// The next `count` bytes, not copied.
    @inlinable
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func span(_ count: Int, _ field: StaticString) throws(WireError) -> Span<UInt8> {
        let start = offset
        try skip(count, field)
        return bytes.extracting(start..<(start + count))
    }
}
