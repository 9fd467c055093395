import TotemWire

/// Reads pcap and pcapng, piece by piece as the bytes come in, so that a capture can be watched while it is made.
public struct CaptureReader: Sendable {
    /// What a parser found at the place it looked at.
    enum Step {
        case needsMore(Int)
        case skipped(Int)
        case frame(CapturedFrame, length: Int)
    }

    /// One of the two, once the file's first bytes are known.
    private var pcap: PcapParser?
    private var pcapng: PcapngParser?
    private var buffer: [UInt8] = []
    /// Where in `buffer` the next record begins.
    private var position = 0
    /// Bytes of the file in front of `buffer`.
    private var dropped = 0
    /// Bytes the record at `position` needs as far as is known.
    private var needed = 4
    private var count = 0

    public init() {}

    /// Whether a file that begins with `bytes` (four suffice) is pcap or pcapng.
    public static func recognises(_ bytes: [UInt8]) -> Bool {
        PcapParser.Layout(bytes.span) != nil || PcapngParser.isSectionHeader(bytes.span)
    }

    /// Takes the next bytes of the file.
    public mutating func append(_ bytes: [UInt8]) {
        if position > 1 << 16, position > buffer.count / 2 {
            buffer.removeSubrange(..<position)
            dropped += position
            position = 0
        }
        buffer += bytes
    }

    /// The next frame; nil when the bytes so far hold no further one.
    public mutating func next() throws(CaptureError) -> CapturedFrame? {
        while buffer.count - position >= needed {
            switch try step() {
            case .needsMore(let length):
                needed = max(length, buffer.count - position + 1)
            case .skipped(let length):
                position += length
                needed = 4
            case .frame(var frame, let length):
                position += length
                needed = 4
                count += 1
                frame.number = count
                return frame
            }
        }
        return nil
    }

    /// Says that no more bytes come; throws when the file ends within a record.
    public func finish() throws(CaptureError) {
        if pcap == nil, pcapng == nil, !CaptureReader.recognises(buffer) {
            throw CaptureError(offset: 0, buffer.isEmpty ? "the file is empty" : "neither pcap nor pcapng")
        }
        guard position == buffer.count else {
            throw CaptureError(
                offset: dropped + position,
                "the file ends within a record: \(needed) bytes needed, \(buffer.count - position) there")
        }
    }

    private mutating func step() throws(CaptureError) -> Step {
        var (file, section) = (pcap, pcapng)
        // The reader lets go of it meanwhile: with a second owner each block would copy all interfaces described so far.
        pcapng = nil
        defer { (pcap, pcapng) = (file, section) }
        return try CaptureReader.step(&file, &section, buffer.span.extracting(position...), dropped + position)
    }

    private static func step(
        _ file: inout PcapParser?, _ section: inout PcapngParser?, _ rest: Span<UInt8>, _ offset: Int
    ) throws(CaptureError) -> Step {
        if let file { return try file.step(rest, offset: offset) }
        if let step = try section?.step(rest, offset: offset) { return step }
        if let layout = PcapParser.Layout(rest) {
            guard rest.count >= PcapParser.fileHeaderSize else { return .needsMore(PcapParser.fileHeaderSize) }
            file = try PcapParser(layout, rest, offset: offset)
            return .skipped(PcapParser.fileHeaderSize)
        }
        guard PcapngParser.isSectionHeader(rest) else {
            throw CaptureError(offset: offset, "neither pcap nor pcapng")
        }
        section = PcapngParser()
        return .skipped(0)
    }
}
