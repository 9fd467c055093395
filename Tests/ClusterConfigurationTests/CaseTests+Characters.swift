import ClusterConfiguration
import Testing

/// Case 02: characters that look like others, or cannot be seen.
extension CaseTests {
    @Test func noBreakSpacesAreNamedWithLineAndColumn() throws {
        let error = try error("02-invisible-characters/a-nbsp.conf")
        #expect(error.message.hasPrefix("parser error: a-nbsp.conf:8: Can't store key "))
        #expect(error.reason == "line 8 begins with 4 x U+00A0 (no-break space), column 1")
        #expect(error.remedy == "replace them by blanks")
        #expect(!error.explanation.contains("\u{A0}"))
    }

    @Test func lineEndsOfOldMacintoshesAreRecognised() throws {
        let error = try error("02-invisible-characters/b-cr.conf")
        #expect(error.explanation.contains("the file has CR line ends (old Macintosh)"))
        #expect(error.remedy?.hasPrefix("convert it") == true)
    }

    struct Hidden: Sendable {
        var text: String
        var reason: String
        var remedy: String
    }

    static let hidden: [Hidden] = [
        Hidden(
            text: "totem {\nversion\u{FF1A} 2\n}\n", reason: "line 2 has U+FF1A (fullwidth colon) in column 8",
            remedy: "write ':' in its place"),
        Hidden(
            text: "totem \u{FF5B}\nversion: 2\n}\n",
            reason: "line 1 has U+FF5B (fullwidth left curly bracket) in column 7", remedy: "write '{' in its place"),
        Hidden(
            text: "totem {\nversion: 2\n\u{FF5D}\n",
            reason: "line 3 has U+FF5D (fullwidth right curly bracket) in column 1", remedy: "write '}' in its place"),
        Hidden(
            text: "\u{FF03} comment\ntotem {\n", reason: "line 1 has U+FF03 (fullwidth number sign) in column 1",
            remedy: "write '#' in its place"),
        Hidden(
            text: "totem {\u{A0}\n", reason: "line 1 has U+00A0 (no-break space) in column 8",
            remedy: "replace it by a blank"),
        Hidden(
            text: "totem {\nto\u{200B}ken: 5\n}\n", reason: "line 2 has U+200B (zero width space) in column 3",
            remedy: "remove it"),
        Hidden(
            text: "\u{FEFF}totem {\nversion: 2\n}\n", reason: "line 1 begins with U+FEFF (byte order mark), column 1",
            remedy: "remove it"),
        Hidden(
            text: "totem {\n\u{3000}\u{3000}version: 2\n}\n",
            reason: "line 2 begins with 2 x U+3000 (ideographic space), column 1", remedy: "replace them by blanks"),
        Hidden(
            text: "totem {\nt\u{43E}ken: 5\n}\n", reason: "line 2 has U+043E (cyrillic small letter o) in column 2",
            remedy: "write 'o' in its place"),
        Hidden(
            text: "totem {\ncl\u{FC}ster: 5\n}\n",
            reason: "line 2 has U+00FC (latin small letter u with diaeresis) in column 3",
            remedy: "names take A-Z a-z 0-9 . _ - / : only"),
        Hidden(
            text: "totem {\ntoken: 5000\u{A0}\n}\n", reason: "line 2 has U+00A0 (no-break space) in column 12",
            remedy: "replace it by a blank"),
        Hidden(
            text: "totem {\r version: 2\n}\n", reason: "line 1 has U+000D (carriage return) in column 8",
            remedy: "remove it"),
    ]

    @Test("Characters that look like others are named", arguments: hidden)
    func lookAlikes(_ hidden: Hidden) throws {
        let error = try error(text: hidden.text)
        #expect(error.reason == hidden.reason)
        #expect(error.remedy == hidden.remedy)
    }

    @Test func everyBlankOfUnicodeIsTakenForOne() throws {
        let blanks: [UInt32] =
            [0xA0, 0x1680] + Array(0x2000...0x200A) + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0x2800, 0x3164]
        for number in blanks {
            let blank = String(Character(try #require(Unicode.Scalar(number))))
            #expect(try error(text: "totem {\n\(blank)version: 2\n}\n").remedy == "replace it by a blank", "\(number)")
        }
        for number: UInt32 in [0xAD, 0x200C, 0x200D, 0x200E, 0x202A, 0x2060, 0x2066, 0xFE0F, 0x0C, 0x01] {
            let hidden = String(Character(try #require(Unicode.Scalar(number))))
            #expect(try error(text: "totem {\nver\(hidden)sion: 2\n}\n").remedy == "remove it", "\(number)")
        }
    }

    @Test func bytesThatAreNoUTF8AreNamedAsBytes() throws {
        let text = Array("totem {\nver".utf8) + [0xA0] + Array("sion: 2\n}\n".utf8)
        let error = try #require(configurationError { _ = try ConfigurationDocument(text, file: "corosync.conf") })
        #expect(
            error.reason
                == "line 2 has byte A0, which is no UTF-8, in Latin-1 U+00A0 (no-break space) in column 4")
    }

    @Test func aFileInUTF16IsRecognised() throws {
        let text: [UInt8] = [0xFF, 0xFE] + "totem {\nversion: 2\n}\n".utf8.flatMap { [$0, UInt8(0)] }
        let error = try #require(configurationError { _ = try ConfigurationDocument(text, file: "corosync.conf") })
        #expect(error.reason?.contains("UTF-16") == true)
    }

    @Test func whatHidesInAValueIsPointedOut() throws {
        let text = text(nodes: 2).replacing("name: node2", with: "name: node2\u{200B}")
        let warnings = try document(text: text).warnings
        #expect(warnings.map(\.text) == ["line 14 has U+200B (zero width space) in column 12."])
        #expect(try document(text: text.replacing("node2\u{200B}", with: "n\u{F6}de2")).warnings.isEmpty)
    }

    @Test func aHiddenCharacterExplainsWhatFailsLater() throws {
        let document = try document(text: "totem {\nversion: 2\ntransport: udpu\u{A0}\n}\n")
        let error = configurationError { _ = try ClusterConfiguration(document, host: firstNode, names: NameTable()) }
        #expect(error?.message == "Invalid transport type. Should be udpu, udp or knet")
        #expect(error?.explanation.contains("udpu<U+00A0>") == true)
        #expect(error?.remedy == "replace it by a blank")
    }
}
