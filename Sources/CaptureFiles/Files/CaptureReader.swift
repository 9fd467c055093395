import TotemWire

/// Reads pcap and pcapng, piece by piece as the bytes come in, so that a capture can be watched while it is made.
public struct CaptureReader: Sendable {
    private enum Parser: Sendable {
        case undecided
        case pcap(PcapParser)
        case pcapng(PcapngParser)
    }

    /// What a parser found at the place it looked at.
    enum Step {
        case needsMore(Int)
        case skipped(Int)
        case frame(CapturedFrame, length: Int)
    }

    private var parser = Parser.undecided
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
        if case .undecided = parser, !CaptureReader.recognises(buffer) {
            throw CaptureError(offset: 0, buffer.isEmpty ? "the file is empty" : "neither pcap nor pcapng")
        }
        guard position == buffer.count else {
            throw CaptureError(
                offset: dropped + position,
                "the file ends within a record: \(needed) bytes needed, \(buffer.count - position) there")
        }
    }

    private mutating func step() throws(CaptureError) -> Step {
        let (next, step) = try CaptureReader.step(parser, buffer.span.extracting(position...), dropped + position)
        parser = next
        return step
    }

    private static func step(
        _ parser: Parser, _ rest: Span<UInt8>, _ offset: Int
    ) throws(CaptureError) -> (Parser, Step) {
        switch parser {
        case .undecided:
            if let layout = PcapParser.Layout(rest) {
                guard rest.count >= PcapParser.fileHeaderSize else {
                    return (parser, .needsMore(PcapParser.fileHeaderSize))
                }
                let pcap = try PcapParser(layout, rest, offset: offset)
                return (.pcap(pcap), .skipped(PcapParser.fileHeaderSize))
            }
            guard PcapngParser.isSectionHeader(rest) else {
                throw CaptureError(offset: offset, "neither pcap nor pcapng")
            }
            return (.pcapng(PcapngParser()), .skipped(0))
        case .pcap(let pcap):
            return (parser, try pcap.step(rest, offset: offset))
        case .pcapng(var pcapng):
            let step = try pcapng.step(rest, offset: offset)
            return (.pcapng(pcapng), step)
        }
    }
}
