/// A line of a hex dump: an offset, bytes, perhaps the same bytes as characters.
struct DumpLine {
    /// The line of the text it stands in.
    var line: Int
    var offset: Int
    /// All bytes that can be read as such; the characters behind may look like some more.
    var bytes: [UInt8]
    /// How many of `bytes` stand before the first wide gap, which is where characters may begin.
    var likelyCount: Int

    /// Reads a line that begins with an offset; nil when it does not. `last` is the dump's line before;
    /// `amongDigits` tells that lines of plain digits came before, which may begin with zeros too.
    init?(_ text: String, after last: DumpLine?, amongDigits: Bool, line: Int) throws(CaptureError) {
        let expected = last.map { $0.offset + $0.likelyCount } ?? 0
        let first = text.prefix { $0 != " " && $0 != "\t" && $0 != ":" }
        var rest = text[first.endIndex...]
        let hasColon = rest.first == ":"
        if hasColon { rest = rest.dropFirst() }
        let hasPrefix = first.hasPrefix("0x")
        let digits = hasPrefix ? first.dropFirst(2) : first
        guard let value = Int(digits, radix: 16), !digits.hasPrefix("-"), !digits.hasPrefix("+"), digits.count <= 8
        else { return nil }
        // od and hexdump end with the length alone.
        if rest.isEmpty, let last, digits.count >= 6, (last.offset...(last.offset + last.bytes.count)).contains(value) {
            (self.line, offset, bytes, likelyCount) = (line, value, [], 0)
            return
        }
        // Without colon four digits may as well be data: take them for an offset where the next one is due.
        let isSpaced = rest.hasPrefix("  ") || rest.hasPrefix("\t")
        guard hasColon ? digits.count >= 2 : digits.count >= 4 && (value == expected || value == 0) && rest.count > 1,
            hasColon || isSpaced || (digits.count > 4 && !amongDigits)
        else { return nil }
        // MAC addresses and the like have a colon too, but no blank behind it.
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        self.line = line
        offset = value
        (bytes, likelyCount) = DumpLine.parse(rest)
        guard !bytes.isEmpty || hasColon == false else {
            throw CaptureError(line: line, "no bytes behind the offset \(first)")
        }
    }

    private static func parse(_ text: Substring) -> (bytes: [UInt8], likely: Int) {
        // hexdump -C sets the characters apart with bars, and has a wide gap in the middle of the bytes.
        let bar = text.firstIndex(of: "|")
        let area = bar.map { text[..<$0] } ?? text
        var bytes: [UInt8] = []
        var likely: Int?
        var gap = 0
        var rest = area[...]
        while let character = rest.first {
            if character == " " || character == "\t" {
                gap += 1
                rest = rest.dropFirst()
                continue
            }
            if gap >= 2, !bytes.isEmpty, likely == nil, bar == nil { likely = bytes.count }
            gap = 0
            let group = rest.prefix { $0 != " " && $0 != "\t" }
            rest = rest[group.endIndex...]
            let digits = group.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
            guard digits.count == group.count, digits.count % 2 == 0 else { break }
            for index in stride(from: 0, to: digits.count, by: 2) {
                bytes.append(UInt8(digits[index] << 4 | digits[index + 1]))
            }
        }
        return (bytes, likely ?? bytes.count)
    }

    /// The bytes of a whole dump. How many a line has, the next line's offset tells.
    static func bytes(of lines: [DumpLine]) throws(CaptureError) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, line) in lines.enumerated() {
            guard line.offset == bytes.count else {
                throw CaptureError(
                    line: line.line,
                    "offset \(String(line.offset, radix: 16)), but \(String(bytes.count, radix: 16)) bytes come before")
            }
            guard index + 1 < lines.count else {
                bytes += line.bytes.prefix(line.likelyCount)
                break
            }
            let count = lines[index + 1].offset - line.offset
            guard count >= 0, count <= line.bytes.count else {
                throw CaptureError(
                    line: line.line,
                    "\(line.likelyCount) bytes, the next line's offset says \(count)")
            }
            bytes += line.bytes.prefix(count)
        }
        return bytes
    }
}

/// Whether bytes begin like something that can be decoded.
enum PacketStart {
    static func isRecognised(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 13 else { return false }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0x70, 0xC0, _, _), (0xC0, 0x70, _, _): return true
        case (0xFE, 0xFE, 0, 0), (0xFF, 0xFF, 0, 0): return true
        case (0...5, _, 0x22, 0xFF), (0...5, _, 0xFF, 0x22): return true
        default: return IPLayer.looksLikeHeader(bytes.span, at: 0)
        }
    }
}
