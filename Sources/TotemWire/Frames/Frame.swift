/// A reader over the payload of an mcast: parts of messages, packed by their sender (spec: totem.md 13.1).
///
/// Nothing is copied: parts are ranges of the span it reads. After `init` every range lies inside the span.
public struct Frame: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    /// The originator's byte order.
    public let order: ByteOrder
    /// 0: the last part ends a message. Otherwise the last part is cut, and the originator's next frame goes on with
    /// it under this number.
    public let fragmented: UInt8
    /// 0: the first part begins a message. Otherwise it goes on with the part that was cut under this number.
    public let continuation: UInt8
    public let partCount: Int

    /// Bytes in front of the lengths of the parts.
    public static let fixedSize = 8

    /// Reads the head of a frame, refusing one whose parts do not fill it exactly.
    @_lifetime(copy frame)
    public init(decoding frame: Span<UInt8>, order: ByteOrder) throws(WireError) {
        try frame.require(Frame.fixedSize, "totempg header")
        let count = Int(frame.loadU16(at: 6, order))
        try frame.require(Frame.fixedSize + 2 * count, "msg_len")
        var total = Frame.fixedSize + 2 * count
        for index in 0..<count { total += Int(frame.loadU16(at: Frame.fixedSize + 2 * index, order)) }
        try frame.require(total, "totempg parts")
        guard total == frame.count else {
            throw .invalid(field: "totempg frame length", value: UInt64(frame.count), allowed: "the sum of its parts")
        }
        bytes = frame
        self.order = order
        fragmented = frame[4]
        continuation = frame[5]
        partCount = count
    }

    /// Bytes of part `index`; 0 outside `0..<partCount`.
    @inlinable
    public func partLength(_ index: Int) -> Int {
        guard index >= 0, index < partCount else { return 0 }
        return Int(bytes.loadU16(at: 8 + 2 * index, order))
    }

    /// Where part `index` lies in the frame; empty outside `0..<partCount`. Adds up the lengths before it: to visit
    /// all parts, use `nextPart`.
    public func partRange(_ index: Int) -> Range<Int> {
        guard index >= 0, index < partCount else { return bytes.count..<bytes.count }
        var start = Frame.fixedSize + 2 * partCount
        for earlier in 0..<index { start += partLength(earlier) }
        return start..<(start + partLength(index))
    }

    /// A place between two parts, to walk over all of them.
    public struct Cursor: Sendable {
        /// The number of the part that comes next.
        public internal(set) var index = 0
        var offset: Int?

        public init() {}
    }

    /// The part at `cursor` of a frame that `init` accepted before, which moves on to the next; nil after the last.
    /// The frame has not changed since, so that it need not be checked again; ranges still never leave it.
    public static func nextPart(of frame: Span<UInt8>, order: ByteOrder, _ cursor: inout Cursor) -> Range<Int>? {
        guard frame.count >= fixedSize else { return nil }
        let count = Int(frame.loadU16(at: 6, order))
        let place = fixedSize + 2 * cursor.index
        let start = cursor.offset ?? fixedSize + 2 * count
        guard cursor.index < count, place + 2 <= frame.count, start <= frame.count else { return nil }
        let end = min(start + Int(frame.loadU16(at: place, order)), frame.count)
        cursor.index += 1
        cursor.offset = end
        return start..<end
    }

    /// The part at `cursor`, which moves on to the next; nil after the last.
    public func nextPart(_ cursor: inout Cursor) -> Range<Int>? {
        guard cursor.index < partCount else { return nil }
        let start = cursor.offset ?? Frame.fixedSize + 2 * partCount
        let end = start + partLength(cursor.index)
        cursor.index += 1
        cursor.offset = end
        return start..<end
    }
}

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
