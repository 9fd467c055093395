import Basics

/// The byte order a datagram was written in: that of its sender's processor.
public enum ByteOrder: Sendable, Hashable {
    case little
    case big

    /// The order of the machine this runs on, in which everything is sent.
    @inlinable
    public static var native: ByteOrder {
        #if _endian(little)
            .little
        #else
            .big
        #endif
    }
}

extension Span<UInt8> {
    /// The 16-bit number at `offset`. The caller has checked that two bytes are there.
    @inlinable
    func loadU16(at offset: Int, _ order: ByteOrder) -> UInt16 {
        let little = UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
        return order == .little ? little : little.byteSwapped
    }

    /// The 32-bit number at `offset`. The caller has checked that four bytes are there.
    @inlinable
    func loadU32(at offset: Int, _ order: ByteOrder) -> UInt32 {
        let little =
            UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
            | UInt32(self[offset + 3]) << 24
        return order == .little ? little : little.byteSwapped
    }

    /// The 64-bit number at `offset`. The caller has checked that eight bytes are there.
    @inlinable
    func loadU64(at offset: Int, _ order: ByteOrder) -> UInt64 {
        let first = UInt64(loadU32(at: offset, order))
        let second = UInt64(loadU32(at: offset + 4, order))
        return order == .little ? first | second << 32 : first << 32 | second
    }

    /// The ring id in the 12 bytes at `offset`, which the caller has checked to be there.
    @inlinable
    func loadRingID(at offset: Int, _ order: ByteOrder) -> RingID {
        RingID(representative: NodeID(loadU32(at: offset, order)), sequence: loadU64(at: offset + 4, order))
    }

    /// Throws `WireError.short` unless at least `size` bytes are there for `field`.
    @inlinable
    func require(_ size: Int, _ field: StaticString) throws(WireError) {
        guard count >= size else { throw WireError.short(field: field, needed: size, available: count) }
    }
}

extension MutableSpan<UInt8> {
    /// Writes `value` at `offset`, where the caller has checked that four bytes are.
    @inlinable
    mutating func store(_ value: UInt32, at offset: Int, _ order: ByteOrder) {
        let little = order == .little ? value : value.byteSwapped
        self[offset] = UInt8(truncatingIfNeeded: little)
        self[offset + 1] = UInt8(truncatingIfNeeded: little >> 8)
        self[offset + 2] = UInt8(truncatingIfNeeded: little >> 16)
        self[offset + 3] = UInt8(truncatingIfNeeded: little >> 24)
    }

    /// Writes the 12 bytes of a ring id at `offset`, where the caller has checked that they are.
    @inlinable
    mutating func store(_ value: RingID, at offset: Int, _ order: ByteOrder) {
        let low = UInt32(truncatingIfNeeded: value.sequence)
        let high = UInt32(truncatingIfNeeded: value.sequence >> 32)
        store(value.representative.rawValue, at: offset, order)
        store(order == .little ? low : high, at: offset + 4, order)
        store(order == .little ? high : low, at: offset + 8, order)
    }
}
