import TotemWire

extension ByteReader {
    /// A 32-bit number in an 8-byte slot: the second half is padding.
    @_lifetime(self: copy self)
    mutating func slot32(_ field: StaticString) throws(WireError) -> UInt32 {
        let value = try u32(field)
        try skip(4, field)
        return value
    }

    /// One byte in an 8-byte slot.
    @_lifetime(self: copy self)
    mutating func slot8(_ field: StaticString) throws(WireError) -> UInt8 {
        let value = try u8(field)
        try skip(7, field)
        return value
    }

    /// The next `count` bytes.
    @_lifetime(self: copy self)
    mutating func array(_ count: Int, _ field: StaticString) throws(WireError) -> [UInt8] {
        let part = try span(count, field)
        return copy(part, from: 0, count: part.count)
    }

    /// The text in a field of `width` bytes, without its terminating NUL; a field without NUL is refused
    /// (spec: services.md 13 item 3).
    @_lifetime(self: copy self)
    mutating func terminatedText(width: Int, _ field: StaticString) throws(WireError) -> [UInt8] {
        let whole = try array(width, field)
        guard let end = whole.firstIndex(of: 0) else {
            throw WireError.invalid(field: field, value: UInt64(width), allowed: "text with a terminating NUL")
        }
        return Array(whole[..<end])
    }
}

extension ByteWriter {
    mutating func slot8(_ value: UInt8) {
        u8(value)
        zeros(7)
    }

    /// `content` in a field of `width` bytes: cut to fit, filled up with zero.
    mutating func padded(_ content: [UInt8], width: Int) {
        bytes(content.span.extracting(first: width))
        zeros(width - min(content.count, width))
    }
}

/// A copy of `bytes[start ..< start + count]`, which the caller has checked to exist.
func copy(_ bytes: Span<UInt8>, from start: Int, count: Int) -> [UInt8] {
    let part = bytes.extracting(droppingFirst: start).extracting(first: count)
    var writer = ByteWriter(capacity: part.count)
    writer.bytes(part)
    return writer.take()
}

/// Bytes of a peer or client as text for a log line: malformed UTF-8 repaired, control characters shown as `?`, so that
/// nobody on the ring can forge lines in the log.
func printable(_ bytes: some Sequence<UInt8>) -> String {
    let text = String(decoding: Array(bytes), as: UTF8.self)
    var result = ""
    for scalar in text.unicodeScalars {
        let control = scalar.value < 0x20 || (scalar.value >= 0x7f && scalar.value < 0xa0)
        result.unicodeScalars.append(control ? "?" : scalar)
    }
    return result
}
