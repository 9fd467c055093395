/// Reads packets written as hexadecimal text: plain digits, or the dumps of xxd, hexdump -C, od, Wireshark and
/// tcpdump -x or -X (with its lines of time and addresses).
///
/// Blank lines, an offset that starts again at 0, and tcpdump's lines separate packets; lines that begin with `#` are
/// comments.
public enum HexText {
    /// Whether `bytes` may be such text: printable characters only.
    public static func recognises(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) || $0 >= 0x80 }
    }

    /// All packets of `text`.
    public static func frames(of text: [UInt8]) throws(CaptureError) -> [CapturedFrame] {
        var builder = HexBuilder()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A }) {
            number += 1
            try builder.take(String(decoding: line, as: UTF8.self), line: number)
        }
        try builder.endPacket()
        guard !builder.frames.isEmpty else {
            throw CaptureError(
                line: builder.firstCaption ?? 1,
                builder.firstCaption == nil ? "no hexadecimal digits" : HexText.summaryOnly("tcpdump"))
        }
        return builder.frames
    }

    /// Why lines that only tell of packets are not enough, and what to do.
    static func summaryOnly(_ program: String) -> String {
        let how =
            program == "tcpdump"
            ? "capture with tcpdump -w FILE, or print with -xx" : "capture with \(program) -w FILE, or print with -x"
        return "This is \(program)'s summary, the packets themselves are not in it: \(how)."
    }
}

/// Collects lines of text into packets.
struct HexBuilder {
    private(set) var frames: [CapturedFrame] = []
    private var caption: TcpdumpCaption?
    /// The line of the first caption.
    private(set) var firstCaption: Int?
    /// Lines with an offset column.
    private var dump: [DumpLine] = []
    /// Lines of digits only.
    private var plain: [[UInt8]] = []

    mutating func take(_ text: String, line: Int) throws(CaptureError) {
        let content = text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0.isWhitespace }.reversed()
        let trimmed = String(content)
        guard !trimmed.isEmpty else {
            try endPacket()
            return
        }
        guard !trimmed.hasPrefix("#"), !TcpdumpCaption.isChatter(trimmed) else { return }
        if TcpdumpCaption.isTsharkSummary(trimmed) { throw CaptureError(line: line, HexText.summaryOnly("tshark")) }
        if let next = TcpdumpCaption(trimmed) {
            firstCaption = firstCaption ?? line
            if !dump.isEmpty || !plain.isEmpty { try endPacket() }
            caption = caption?.merged(with: next) ?? next
            return
        }
        guard trimmed != "*" else {
            throw CaptureError(line: line, "equal lines were left out here (*): dump again with -v")
        }
        if let next = try DumpLine(trimmed, after: dump.last, amongDigits: !plain.isEmpty, line: line) {
            if next.offset == 0 || !plain.isEmpty { try endBytes() }
            dump.append(next)
            return
        }
        guard dump.isEmpty else {
            throw CaptureError(line: line, "a line without an offset column among lines with one")
        }
        do throws(CaptureError) {
            plain.append(try HexBuilder.digits(trimmed, line: line))
        } catch {
            // Below a packet's line stands what tcpdump -A prints: characters, of which most are lost.
            guard caption == nil else { throw CaptureError(line: line, HexText.summaryOnly("tcpdump")) }
            throw error
        }
    }

    /// Ends the packet under way and forgets its caption.
    mutating func endPacket() throws(CaptureError) {
        try endBytes()
        caption = nil
    }

    private mutating func endBytes() throws(CaptureError) {
        if !dump.isEmpty {
            add(try DumpLine.bytes(of: dump))
            dump = []
        }
        // Several lines are several packets when each one begins like a packet, otherwise one packet in several lines.
        if plain.count > 1, plain.allSatisfy(PacketStart.isRecognised) {
            for bytes in plain { add(bytes) }
        } else if !plain.isEmpty {
            add(plain.flatMap { $0 })
        }
        plain = []
    }

    private mutating func add(_ bytes: [UInt8]) {
        frames.append(
            CapturedFrame(
                number: frames.count + 1, time: caption?.time, linkType: .unspecified, bytes: bytes,
                source: caption?.source, destination: caption?.destination))
        caption = nil
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// The bytes of a line of digits, in groups or not, with or without 0x in front.
    private static func digits(_ text: String, line: Int) throws(CaptureError) -> [UInt8] {
        var digits: [UInt8] = []
        for group in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ":" || $0 == "," }) {
            let bare = group.hasPrefix("0x") || group.hasPrefix("0X") ? group.dropFirst(2) : group
            for character in bare.utf8 {
                guard let value = HexBuilder.value(of: character) else {
                    throw CaptureError(
                        line: line, "'\(group.prefix(20))' is neither hexadecimal nor the start of a dump's line")
                }
                digits.append(value)
            }
        }
        guard digits.count % 2 == 0 else {
            throw CaptureError(line: line, "\(digits.count) digits, an odd number: one is missing")
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
