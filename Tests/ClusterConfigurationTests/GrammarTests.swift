import ClusterConfiguration
import Testing

/// The grammar's errors: first lines as a real Corosync 3.1.7 prints them, then what we add.
@Suite struct GrammarTests {
    struct Broken: Sendable, CustomTestStringConvertible {
        var text: String
        var line: Int
        var message: String
        var testDescription: String { text.replacing("\n", with: "⏎") }

        init(_ text: String, _ line: Int, _ message: String) {
            self.text = text
            self.line = line
            self.message = message
        }
    }

    static let broken: [Broken] = [
        Broken("{ x\n", 1, "Extra characters after opening bracket '{'"),
        Broken(" {\n", 1, "Missing section name before opening bracket '{'"),
        Broken("{}\n", 1, "Missing section name before opening bracket '{'"),
        Broken("{version: 2\n", 1, "Missing section name before opening bracket '{'"),
        Broken("a { x {\n", 1, "Extra characters after opening bracket '{'"),
        Broken("a: {x\n", 1, "Extra characters after opening bracket '{'"),
        Broken("foo { }\n", 1, "Extra characters after opening bracket '{'"),
        Broken("}\n", 1, "Unexpected closing brace"),
        Broken("a {\n", 1, "Missing closing brace"),
        Broken("a {\n\n\n", 3, "Missing closing brace"),
        Broken("a } \n", 1, "Extra characters before or after closing bracket '}'"),
        Broken("abc: 1\nhello\n", 2, "Line is not opening or closing section or key value"),
        Broken("ab: 1\n", 1, "Can't store key \"ab\" into icmap, returned error is CS_ERR_NAME_TOO_LONG"),
        Broken(
            "totem {\n a b: 1\n}\n", 2,
            "Can't store key \"totem.a b\" into icmap, returned error is CS_ERR_NAME_TOO_LONG"),
        Broken(
            "nodelist {\n node {\n b b: x\n}\n}\n", 3,
            "Can't store key \"nodelist.node.0.b b\" into icmap, returned error is CS_ERR_NAME_TOO_LONG"),
        Broken("abc: 1\0ccc\nxx: 2\n", 1, "Line too long"),
        Broken("# " + String(repeating: "x", count: 509) + "\n", 1, "Line too long"),
        Broken(
            "\u{FEFF}totem {\n version: 2\n}\n", 2,
            "Can't store key \"\u{FEFF}totem.version\" into icmap, returned error is CS_ERR_NAME_TOO_LONG"),
        Broken("totem {\n interface {\n member {\n x: 1\n}\n}\n}\n", 4, "Only memberaddr is allowed in member section"),
        Broken("uidgid {\n foo: x\n}\n", 2, "uidgid: Only uid and gid are allowed items"),
        Broken(
            "uidgid {\n uid: nosuch\n}\n", 2,
            "The 'nosuch' user is not found in /etc/passwd, please read the documentation."),
        Broken(
            "uidgid {\n gid:\n}\n", 2, "The '' group is not found in /etc/group, please read the documentation."),
        Broken(
            "uidgid {\n uid: -3\n}\n", 2,
            "The '-3' user is not found in /etc/passwd, please read the documentation."),
        Broken("uidgid {\n uid: 4294967295\n}\n", 2, ""),
        Broken("logging {\n logger_subsys {\n debug: on\n}\n}\n", 4, "No subsys key in logger_subsys directive"),
        Broken("logging {\n logging_daemon {\n debug: on\n}\n}\n", 4, "No name key in logging_daemon directive"),
        Broken("totem {\n ip_version: x\n}\n", 2, "Invalid ip_version type"),
        Broken("totem {\n crypto_model: x\n}\n", 2, "Invalid crypto model. Should be nss or openssl"),
        Broken(
            "totem {\n crypto_cipher: AES256\n}\n", 2,
            "Invalid cipher type. Should be none, aes256, aes192 or aes128"),
        Broken(
            "totem {\n crypto_hash: md4\n}\n", 2,
            "Invalid hash type. Should be none, md5, sha1, sha256, sha384 or sha512"),
        Broken(
            "totem {\n knet_compression_model: none\n}\n", 2,
            "Invalid compression model. Should be zlib, lz4, lz4hc, lzo2, lzma, bzip2 or zstd"),
        Broken("system {\n qb_ipc_type: md4\n}\n", 2, "Invalid system.qb_ipc_type"),
        Broken("system {\n sched_rr: on\n}\n", 2, "Invalid system.sched_rr value"),
        Broken("system {\n move_to_root_cgroup: on\n}\n", 2, "Invalid system.move_to_root_cgroup"),
        Broken("system {\n allow_knet_handle_fallback: on\n}\n", 2, "Invalid system.allow_knet_handle_fallback"),
    ]

    @Test("Refuses with Corosync's words", arguments: broken)
    func refuses(broken: Broken) throws {
        let error = try #require(configurationError { _ = try document(broken.text) })
        #expect(error.message == "parser error: corosync.conf:\(broken.line): \(broken.message)")
        #expect(error.exitStatus == 8)
        #expect(error.line == broken.line)
        #expect(!error.explanation.isEmpty)
    }

    struct BadNumber: Sendable {
        var section: String
        var line: String
        var key: String
        var range: String
        var value: String
    }

    static let badNumbers: [BadNumber] =
        ["abc", "", "0x10", "4294967296", "-1", "99999999999999999999", "2 # two", "5s", "1.5"].map {
            BadNumber(section: "totem", line: "token: \($0)", key: "totem.token", range: "0..4294967295", value: $0)
        } + [
            BadNumber(
                section: "totem.interface", line: "linknumber: 256", key: "totem.interface.linknumber", range: "0..255",
                value: "256"),
            BadNumber(
                section: "totem.interface", line: "mcastport: 99999", key: "totem.interface.mcastport",
                range: "0..65535", value: "99999"),
            BadNumber(
                section: "totem", line: "knet_compression_level: x", key: "totem.knet_compression_level",
                range: "-2147483648..2147483647", value: "x"),
            BadNumber(section: "quorum", line: "two_node: 256", key: "quorum.two_node", range: "0..255", value: "256"),
            BadNumber(
                section: "nodelist.node", line: "nodeid: x", key: "nodelist.node.0.nodeid", range: "0..4294967295",
                value: "x"),
            // Corosync 3.1.7 has no text for these two.
            BadNumber(
                section: "totem", line: "config_version: abc", key: "totem.config_version",
                range: "0..18446744073709551615", value: "abc"),
            BadNumber(
                section: "resources.system.load_15min", line: "poll_period: x",
                key: "resources.system.load_15min.poll_period", range: "0..18446744073709551615", value: "x"),
        ]

    @Test("Names key, range, value and remedy of a bad number", arguments: badNumbers)
    func refusesNumbers(bad: BadNumber) throws {
        let error = try #require(configurationError { _ = try document("\(bad.section) {\n\(bad.line)\n}\n") })
        #expect(
            error.message
                == "parser error: corosync.conf:2: Value of key \"\(bad.key)\" is expected to be integer in range "
                + "(\(bad.range)), but \"\(bad.value)\" was given")
        #expect(error.key == bad.key)
        #expect(error.value == bad.value)
        #expect(error.permitted?.contains(bad.range) == true)
        #expect(error.remedy != nil)
        #expect(error.description.split(separator: "\n").count == 2)
    }

    @Test func acceptsWhatCorosyncAccepts() throws {
        let entries = try document(
            """
            # comment
               \t# comment
            foo:{
            }
            bar {\r
            \ttoken :\t +12
            \t:no key
            \t: no key but a colon
            }
            totem {
             token:   +10
             config_version: -1
             note: a: b # } "c"
             empty:
            }
            """
        ).entries
        #expect(entries["totem.token"]?.value == .u32(10))
        #expect(entries["totem.config_version"]?.value == .u64(.max))
        #expect(entries["totem.note"]?.value == .text("a: b # } \"c\""))
        #expect(entries["totem.empty"]?.value == .text(""))
        #expect(entries["bar.token"]?.value == .text("+12"))
        #expect(entries["bar."]?.value == .text("no key"))
        #expect(entries["bar.:"]?.value == .text("no key but a colon"))
        #expect(entries["totem.token"]?.origin == Origin(file: "corosync.conf", line: 11))
    }

    @Test func braceInsideAValueOpensASection() {
        let error = configurationError { _ = try document("abc: {}\n") }
        #expect(error?.message == "parser error: corosync.conf:1: Extra characters after opening bracket '{'")
    }

    @Test func longestLineIs510Bytes() throws {
        let longest = "abc: " + String(repeating: "x", count: 505)
        #expect(try document(longest + "\n").entries.text("abc")?.count == 505)
        #expect(try document(longest).entries.text("abc")?.count == 505)
        #expect(configurationError { _ = try document(longest + "x") } != nil)
    }

    @Test func namesMayFillButNotExceedTheMap() throws {
        let section = String(repeating: "s", count: 100)
        let fits = String(repeating: "k", count: 153)
        #expect(try document("\(section) {\n\(fits): 1\n}\n").entries["\(section).\(fits)"] != nil)
        let error = configurationError { _ = try document("\(section) {\n\(fits)k: 1\n}\n") }
        #expect(error?.message == "parser error: corosync.conf:2: New key makes total cmap path too long")
        let sections = String(repeating: "\(section) {\n", count: 3)
        #expect(
            configurationError { _ = try document(sections) }?.message
                == "parser error: corosync.conf:3: Start of section makes total cmap path too long")
    }

    @Test func overlongFileNamesGiveAShortMessage() throws {
        let file = String(repeating: "f", count: 400)
        let error = try #require(configurationError { _ = try document("x\n", file: file) })
        #expect(error.message == "Can't format parser error message")
        #expect(error.explanation.contains("none of 'name {'"))
    }
}
