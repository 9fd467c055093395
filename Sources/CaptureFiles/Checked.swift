import TotemWire

extension Span<UInt8> {
    /// The byte at `offset`; nil when it lies outside.
    func byte(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? self[offset] : nil
    }

    /// The 16-bit number at `offset`; nil when not all of it is there.
    func number16(_ offset: Int, _ order: ByteOrder = .big) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        let (first, second) = (UInt16(self[offset]), UInt16(self[offset + 1]))
        return order == .big ? first << 8 | second : second << 8 | first
    }

    /// The 32-bit number at `offset`; nil when not all of it is there.
    func number32(_ offset: Int, _ order: ByteOrder = .big) -> UInt32? {
        guard let first = number16(offset, order), let second = number16(offset + 2, order) else { return nil }
        return order == .big ? UInt32(first) << 16 | UInt32(second) : UInt32(second) << 16 | UInt32(first)
    }

    /// The 64-bit number at `offset`; nil when not all of it is there.
    func number64(_ offset: Int, _ order: ByteOrder = .big) -> UInt64? {
        guard let first = number32(offset, order), let second = number32(offset + 4, order) else { return nil }
        return order == .big ? UInt64(first) << 32 | UInt64(second) : UInt64(second) << 32 | UInt64(first)
    }

    /// A copy of `range`, as far as it lies inside.
    func copy(_ range: Range<Int>) -> [UInt8] {
        let lower = Swift.min(Swift.max(range.lowerBound, 0), count)
        let upper = Swift.min(Swift.max(range.upperBound, lower), count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(upper - lower)
        for index in lower..<upper { bytes.append(self[index]) }
        return bytes
    }
}
