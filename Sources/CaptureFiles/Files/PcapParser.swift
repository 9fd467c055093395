import TotemWire

/// The classic capture file: a header of 24 bytes, then records of 16 bytes and the frame each.
struct PcapParser: Sendable {
    /// Byte order and unit of time, as the first four bytes tell.
    struct Layout: Sendable {
        var order: ByteOrder
        var hasNanoseconds: Bool

        init?(_ file: Span<UInt8>) {
            switch file.number32(0) {
            case 0xA1B2_C3D4: (order, hasNanoseconds) = (.big, false)
            case 0xD4C3_B2A1: (order, hasNanoseconds) = (.little, false)
            case 0xA1B2_3C4D: (order, hasNanoseconds) = (.big, true)
            case 0x4D3C_B2A1: (order, hasNanoseconds) = (.little, true)
            default: return nil
            }
        }
    }

    static let fileHeaderSize = 24
    static let recordHeaderSize = 16
    /// No tool writes longer frames; a longer one means that the file is damaged.
    static let largestFrame = 1 << 20

    let layout: Layout
    let linkType: LinkType

    init(_ layout: Layout, _ file: Span<UInt8>, offset: Int) throws(CaptureError) {
        self.layout = layout
        guard let major = file.number16(4, layout.order), let link = file.number32(20, layout.order) else {
            throw CaptureError(offset: offset, "the pcap header is cut")
        }
        guard major == 2 else {
            throw CaptureError(offset: offset + 4, "pcap version \(major), only 2 is known")
        }
        // The upper bits tell about a frame check sequence, which is not looked at.
        linkType = LinkType(number: UInt16(truncatingIfNeeded: link))
    }

    func step(_ rest: Span<UInt8>, offset: Int) throws(CaptureError) -> CaptureReader.Step {
        guard let seconds = rest.number32(0, layout.order), let fraction = rest.number32(4, layout.order),
            let captured = rest.number32(8, layout.order), let original = rest.number32(12, layout.order)
        else { return .needsMore(PcapParser.recordHeaderSize) }
        guard captured <= PcapParser.largestFrame else {
            throw CaptureError(offset: offset + 8, "a frame of \(captured) bytes: the file is damaged here")
        }
        let length = PcapParser.recordHeaderSize + Int(captured)
        guard rest.count >= length else { return .needsMore(length) }
        let nanoseconds = layout.hasNanoseconds ? UInt64(fraction) : UInt64(fraction) * 1000
        let frame = CapturedFrame(
            number: 0,
            time: CaptureTime(
                seconds: Int64(seconds) + Int64(nanoseconds / 1_000_000_000),
                nanoseconds: UInt32(nanoseconds % 1_000_000_000)),
            linkType: linkType,
            bytes: rest.copy(PcapParser.recordHeaderSize..<length),
            originalLength: max(Int(original), Int(captured)))
        return .frame(frame, length: length)
    }
}
