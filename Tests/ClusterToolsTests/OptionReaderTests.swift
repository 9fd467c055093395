import Testing

@testable import ClusterTools

/// Command lines are read as GNU's getopt and getopt_long read them.
@Suite struct OptionReaderTests {
    private static let long: [OptionReader.LongOption] = [
        .init(name: "status", letter: "s"), .init(name: "kill", letter: "k", takesValue: true),
        .init(name: "reload", letter: "R"), .init(name: "reopen", letter: "L"),
    ]

    private func read(
        _ words: [String], long: [OptionReader.LongOption] = long
    ) -> (options: [String], operands: [String], complaint: String?) {
        var reader = OptionReader("tool", words, letters: "sbk:RL", long: long)
        var found: [String] = []
        do throws(OptionReader.Complaint) {
            while let option = try reader.next() {
                found.append("\(option.letter)" + (option.value.map { "=\($0)" } ?? ""))
            }
            return (found, reader.operands, nil)
        } catch {
            return (found, reader.operands, error.text)
        }
    }

    @Test(arguments: [
        ("-s -b", "s b", ""), ("-sb", "s b", ""), ("-k 5", "k=5", ""), ("-k5", "k=5", ""), ("-sk5", "s k=5", ""),
        ("-sk 5 -b", "s k=5 b", ""), ("word -s more", "s", "word more"), ("-s -- -b", "s", "-b"), ("-", "", "-"),
        ("--status", "s", ""), ("--st", "s", ""), ("--kill=5", "k=5", ""), ("--kill 5", "k=5", ""), ("--k=", "k=", ""),
        ("--rel", "R", ""), ("-k -s", "k=-s", ""),
    ])
    func options(line: String, options: String, operands: String) {
        let result = read(line.split(separator: " ").map(String.init))
        #expect(result.complaint == nil)
        #expect(result.options.joined(separator: " ") == options)
        #expect(result.operands.joined(separator: " ") == operands)
    }

    @Test(arguments: [
        ("-x", "tool: invalid option -- 'x'"), ("-sx", "tool: invalid option -- 'x'"),
        ("-k", "tool: option requires an argument -- 'k'"), ("--kill", "tool: option '--kill' requires an argument"),
        ("--nothing", "tool: unrecognized option '--nothing'"),
        ("--status=1", "tool: option '--status' doesn't allow an argument"),
        ("--re", "tool: option '--re' is ambiguous; possibilities: '--reload' '--reopen'"),
    ])
    func complaints(line: String, complaint: String) {
        #expect(read(line.split(separator: " ").map(String.init)).complaint == complaint)
    }

    @Test func withoutLongOptionsTwoDashesAreAnOptionLikeOthers() {
        #expect(read(["--status"], long: []).complaint == "tool: invalid option -- '-'")
    }
}

/// Numbers are read as C reads them.
@Suite struct NumberTests {
    @Test(
        arguments: [
            ("1", 1), (" 7", 7), ("+3", 3), ("4294967295", 4_294_967_295), ("0", nil), ("-1", nil), ("4294967296", nil),
            ("1x", nil), ("", nil), ("x", nil), ("99999999999999999999", nil),
        ] as [(String, UInt32?)])
    func whole(text: String, number: UInt32?) {
        #expect(Numbers.whole(text, in: 1...UInt32.max) == number)
    }

    @Test func leadingNumbersPassOverWhatIsBehindThem() {
        #expect(Numbers.leading("12abc") == 12)
        #expect(Numbers.leading("  -5 ") == -5)
        #expect(Numbers.leading("99999999999999999999") == .max)
        #expect(Numbers.leading("abc") == nil)
        #expect(Numbers.leadingUnsigned("-1") == .max)
        #expect(Numbers.leadingFloat("1.5e2x") == 150)
        #expect(Numbers.leadingDouble("") == nil)
    }
}

/// Values are written as corosync-cmapctl writes them.
@Suite struct TextTests {
    @Test func keys() {
        let plain = KeyStyle()
        #expect(plain.text("a.key", .uint32(5)) == "a.key (u32) = 5")
        #expect(plain.text("a.key", .float(1.5)) == "a.key (flt) = 1.500000")
        #expect(plain.text("a.key", .double(-2.25e10)) == "a.key (dbl) = -22500000000.000000")
        #expect(plain.text("a.key", .binary([1])) == "a.key (bin)")
        let shown = KeyStyle(showsBinary: true).text("a.key", .binary([0x61, 0x5C, 1, 0x80]))
        #expect(shown == #"a.key (bin) = a\\\x01\xFFFFFF80"#)
        #expect(KeyStyle(isQuiet: true).text("a.key", .string("x y")) == "x y")
        #expect(KeyStyle(isQuiet: true).text("a.key", .binary([1])) == "bin)")
    }

    @Test func json() {
        let line = KeyStyle.json("a.key", .uint64(.max)).line
        #expect(line == #"{"key":"a.key","type":"u64","value":18446744073709551615}"#)
        #expect(KeyStyle.json(.binary([0, 0xAB])).line == #""00ab""#)
        #expect(KeyStyle.json(.double(.infinity)).line == #""inf""#)
        #expect(KeyStyle.json(.string("a\"b")).line == #""a\"b""#)
    }

    @Test func numbersOfAWidth() {
        #expect("5".right(10) == "         5")
        #expect("12345678901".right(10) == "12345678901")
        #expect(UInt32(10).hexadecimal == "0x0000000a")
    }
}
