import TotemWire

/// A message that nodes exchange in group `services`, header included.
///
/// Decoding checks the delivered length and every length, count and name inside; anything wrong makes the message
/// absent (spec: services.md 13).
public protocol ServiceMessage: Sendable {
    static var service: ServiceID { get }
    static var function: UInt16 { get }

    /// - Throws: what is missing or out of range.
    init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError)

    /// Bytes of the whole message when encoded.
    var encodedLength: Int { get }

    /// Appends everything after the header; padding is zero.
    func encodeBody(into writer: inout ByteWriter)
}

extension ServiceMessage {
    /// Appends the whole message in the byte order of `writer`.
    public func encode(into writer: inout ByteWriter) {
        let header = ServiceHeader(
            service: Self.service, function: Self.function, size: UInt32(clamping: encodedLength))
        header.encode(into: &writer)
        encodeBody(into: &writer)
    }

    /// The whole message in this machine's byte order.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: encodedLength)
        encode(into: &writer)
        return writer.take()
    }
}
