import Basics
import CaptureFiles
import Testing
import TotemWire

/// Packets as people paste them.
struct HexTextTests {
    static let packet = Vectors.bytes(number: 27)
    static let digits = packet.map(two)

    static func two(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    static func packets(_ text: String) throws -> [[UInt8]] { try HexText.frames(of: Array(text.utf8)).map(\.bytes) }

    static func error(_ text: String) -> CaptureError? {
        do throws(CaptureError) {
            _ = try HexText.frames(of: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    static func characters(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x2E }, as: UTF8.self)
    }

    static func offset(_ value: Int, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    enum Tool: CaseIterable {
        case tcpdump, tcpdumpWithCharacters, xxd, hexdump, od, wireshark

        func line(_ offset: Int, _ digits: [String], _ characters: String) -> String {
            switch self {
            case .tcpdump:
                return "\t0x" + HexTextTests.offset(offset, 4) + ":  " + pairs(digits)
            case .tcpdumpWithCharacters:
                return "\t0x" + HexTextTests.offset(offset, 4) + ":  " + padded(pairs(digits), 39) + "  " + characters
            case .xxd:
                return HexTextTests.offset(offset, 8) + ": " + padded(pairs(digits), 39) + "  " + characters
            case .hexdump:
                let halves = [digits.prefix(8), digits.dropFirst(8)].map { padded($0.joined(separator: " "), 23) }
                return HexTextTests.offset(offset, 8) + "  " + halves.joined(separator: "  ") + "  |\(characters)|"
            case .od:
                return HexTextTests.offset(offset, 6) + " " + digits.joined(separator: " ")
            case .wireshark:
                return HexTextTests.offset(offset, 4) + "  " + padded(digits.joined(separator: " "), 47) + "   "
                    + characters
            }
        }
    }

    /// `bytes` as this tool prints them.
    static func dump(_ bytes: [UInt8], _ tool: Tool) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let part = bytes[start..<min(start + 16, bytes.count)]
            return tool.line(start, part.map(two), characters(part)) + "\n"
        }.joined()
    }

    @Test func everyKindOfDumpIsRead() throws {
        // Characters that look like bytes stand behind a dump's last line too.
        for bytes in [Self.packet, Array("70c003: dead beef 12 34 cafe".utf8), [0x61, 0x62]] {
            for tool in Tool.allCases {
                let text = Self.dump(bytes, tool)
                #expect(try Self.packets(text) == [bytes], "\(tool)")
                let ended = text + Self.offset(bytes.count, 8) + "\n"
                #expect(try Self.packets(ended) == [bytes], "\(tool)")
                #expect(try Self.packets("# one\n" + text + "\n" + text) == [bytes, bytes], "\(tool)")
                #expect(try Self.packets(text + text) == [bytes, bytes], "\(tool)")
            }
        }
    }

    @Test func plainDigitsInAnyGroups() throws {
        let digits = Self.digits
        for text in [
            digits.joined(), digits.joined(separator: " "), digits.joined(separator: ":"), digits.joined().uppercased(),
            digits.map { "0x" + $0 }.joined(separator: ", "), pairs(digits) + "\r\n",
        ] {
            #expect(try Self.packets(text) == [Self.packet])
        }
    }

    @Test func linesThatBeginLikePacketsArePackets() throws {
        let (first, second) = (Vectors.bytes(number: 23), Vectors.bytes(number: 80))
        let text = first.map(Self.two).joined() + "\n" + second.map(Self.two).joined() + "\n"
        #expect(try Self.packets(text) == [first, second])
        // Groups of four bytes, of which a later line begins with zeros: no offset column.
        let groups = stride(from: 0, to: Self.digits.count - 1, by: 4).map { Self.digits[$0..<($0 + 4)].joined() }
        let lines = stride(from: 0, to: groups.count, by: 3).map { groups[$0..<($0 + 3)].joined(separator: " ") }
        #expect(lines.contains { $0.hasPrefix("000000") })
        #expect(try Self.packets(lines.joined(separator: "\n")) == [Array(Self.packet.dropLast())])
        let cut = Self.digits[..<40].joined() + "\n" + Self.digits[40...].joined()
        #expect(try Self.packets(cut) == [Self.packet])
    }

    @Test(arguments: [
        ("11:39:27.590542 IP 10.0.1.62.5405 > 10.0.1.243.5405: UDP, length 70", 41_967, 590_542_000, true),
        ("2024-02-29 23:59:59.000001 IP 10.0.1.62.5405 > 10.0.1.243.5405: UDP", 1_709_251_199, 1_000, false),
        ("1970-01-01 00:00:00.5 IP 10.0.1.62.5405 > 10.0.1.243.5405: UDP", 0, 500_000_000, false),
        ("1700000000.123456 IP 10.0.1.62.5405 > 10.0.1.243.5405: UDP", 1_700_000_000, 123_456_000, false),
    ])
    func tcpdumpsLinesGiveTimeAndAddresses(
        _ caption: String, _ seconds: Int64, _ nanoseconds: UInt32, _ isTimeOfDay: Bool
    ) throws {
        let text = caption + "\n" + Self.dump(Self.packet, .tcpdump)
        let frame = try #require(try HexText.frames(of: Array(text.utf8)).first)
        #expect(
            frame.time == CaptureTime(seconds: seconds, nanoseconds: nanoseconds, isTimeOfDay: isTimeOfDay))
        #expect(frame.source?.description == "10.0.1.62:5405" && frame.destination?.description == "10.0.1.243:5405")
        #expect(frame.bytes == Self.packet)
    }

    @Test func tcpdumpsTwoLinesBelongTogether() throws {
        let text = """
            11:39:27.590542 IP (tos 0x0, ttl 64, id 29315, offset 0, flags [DF], proto UDP (17), length 98)
                fe80::1.5404 > ff02::5.5405: [udp sum ok] UDP, length 70
            \(Self.dump(Self.packet, .tcpdumpWithCharacters))
            """
        let frames = try HexText.frames(of: Array(text.utf8))
        #expect(frames.count == 1 && frames[0].time?.nanoseconds == 590_542_000)
        #expect(frames[0].source?.description == "[fe80::1]:5404")
    }

    @Test func errorsNameTheLine() {
        let cases: [(String, Int, String)] = [
            ("", 1, "no hexadecimal digits"),
            ("# nothing\n\n", 1, "no hexadecimal digits"),
            ("70c0\nhello world", 2, "'hello' is neither hexadecimal"),
            ("70c\n", 1, "3 digits, an odd number"),
            ("0000: 70 c0\n0004: 03 00", 1, "2 bytes, the next line's offset says 4"),
            ("0010: 70 c0", 1, "offset 10, but 0 bytes come before"),
            ("0000: 70 c0\n70c0", 2, "a line without an offset column"),
            ("00000000: 70c0 0300\n*", 2, "with -v"),
        ]
        for (text, line, reason) in cases {
            let error = Self.error(text)
            #expect(error?.place == .line(line), "\(text): \(String(describing: error))")
            #expect(error?.reason.contains(reason) == true, "\(text): \(String(describing: error))")
        }
    }

    @Test func binaryIsNotText() {
        #expect(!HexText.recognises(Self.packet) && !HexText.recognises([]))
        #expect(HexText.recognises(Array("70 c0\n".utf8)))
    }

    @Test func noMutationTraps() {
        var random = SeededGenerator(seed: 11)
        let captions = "11:39:27.590542 IP 10.0.1.62.5405 > 10.0.1.243.5405: UDP, length 70\n"
        let texts = Tool.allCases.map { Array((captions + Self.dump(Self.packet, $0)).utf8) }
        for round in 0..<6_000 {
            let text = MutationTests.mutate(texts[round % texts.count], &random)
            guard let frames = try? HexText.frames(of: text) else { continue }
            var extractor = DatagramExtractor()
            for frame in frames { _ = extractor.extract(frame) }
        }
    }
}

struct AddressTests {
    @Test(arguments: [
        ("10.0.1.62", "10.0.1.62"), ("::", "::"), ("::1", "::1"), ("fe80::1", "fe80::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("1::", "1::"),
    ])
    func addressesAreWrittenTheUsualWay(_ text: String, _ expected: String) throws {
        #expect(try #require(IPAddress(text)).description == expected)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1::2::3", "1:2:3", "1:2:3:4:5:6:7:8:9", "g::1", "12345::", "1.2.3.4.5",
    ])
    func othersAreNot(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}

private func pairs(_ digits: [String]) -> String {
    stride(from: 0, to: digits.count, by: 2).map { digits[$0..<min($0 + 2, digits.count)].joined() }
        .joined(separator: " ")
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
