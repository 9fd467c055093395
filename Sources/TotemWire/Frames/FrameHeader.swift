/// The head of a frame to be sent (spec: totem.md 13.1).
public struct FrameHeader: Sendable, Hashable {
    public var fragmented: UInt8
    public var continuation: UInt8
    /// Bytes of each part.
    public var partLengths: [UInt16]

    public init(fragmented: UInt8, continuation: UInt8, partLengths: [UInt16]) {
        self.fragmented = fragmented
        self.continuation = continuation
        self.partLengths = partLengths
    }

    /// Bytes on the wire, the parts not counted.
    public var encodedSize: Int { Frame.fixedSize + 2 * partLengths.count }

    /// Appends the head; the parts follow it. Of more than 65535 parts, which no frame can hold, the rest is left out.
    public func encode(into writer: inout ByteWriter) {
        let count = UInt16(clamping: partLengths.count)
        writer.u16(0)
        writer.u16(0)
        writer.u8(fragmented)
        writer.u8(continuation)
        writer.u16(count)
        for length in partLengths.prefix(Int(count)) { writer.u16(length) }
    }
}
