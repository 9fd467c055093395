import TotemWire

// knet's own fields are big-endian whatever the machine, other than those of the ring's packets.

extension Span<UInt8> {
    /// The 16-bit number at `offset`. The caller has checked that two bytes are there.
    @inlinable
    func network16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    /// The 64-bit number at `offset`. The caller has checked that eight bytes are there.
    @inlinable
    func network64(at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<(offset + 8) { value = value << 8 | UInt64(self[index]) }
        return value
    }
}

/// The order of the writer, which is that of the ring's packets, has no part in these.
extension ByteWriter {
    @inlinable
    mutating func network16(_ value: UInt16) { u16(order == .big ? value : value.byteSwapped) }

    @inlinable
    mutating func network32(_ value: UInt32) { u32(order == .big ? value : value.byteSwapped) }

    @inlinable
    mutating func network64(_ value: UInt64) { u64(order == .big ? value : value.byteSwapped) }
}
