import TotemWire

/// A `GroupMulticast` as it was delivered, its name and payload not copied.
public struct GroupMulticastView: ~Escapable {
    public let group: Span<UInt8>
    public let pid: UInt32
    public let source: MessageSource
    public let payload: Span<UInt8>

    /// - Throws: as decoding a `GroupMulticast` does.
    @_lifetime(copy bytes)
    init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        group = try GroupName.span(reading: &reader)
        let length = try reader.slot32("msglen")
        pid = try reader.slot32("pid")
        source = try MessageSource(reading: &reader)
        guard Int(length) <= reader.remaining else {
            throw WireError.short(field: "message", needed: reader.offset + Int(length), available: bytes.count)
        }
        payload = try reader.span(Int(length), "message")
    }
}
