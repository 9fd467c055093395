import Basics
import ClusterConfiguration
import Foundation
import Testing

/// Advice that fits the mistake, and places where the mistake is.
extension CaseTests {
    /// A file for two nodes, of which alpha is this machine.
    private func file(
        totem: [String] = [], own: String = "ring0_addr: 10.77.0.1", other: String = "ring0_addr: 10.77.0.2",
        quorum: String = "quorum {", transport: String = "transport: udpu"
    ) -> String {
        """
        totem {
        version: 2
        cluster_name: c
        \(transport)
        \(totem.joined(separator: "\n"))
        }
        nodelist {
        node {
        \(own)
        name: alpha
        nodeid: 1
        }
        node {
        \(other)
        name: beta
        nodeid: 2
        }
        }
        \(quorum)
        provider: corosync_votequorum
        }

        """
    }

    private func refusal(_ text: String) -> ConfigurationError? {
        configurationError {
            _ = try ClusterConfiguration(try document(text: text), host: alpha, names: NameTable())
        }
    }

    // MARK: Names

    @Test func aColonBeforeTheBraceIsNoPartOfTheName() throws {
        let entries = try document(text: file(quorum: "quorum: {")).entries
        #expect(entries.text("quorum.provider") == "corosync_votequorum")
    }

    @Test(
        "A section whose name cannot be one is named with its own line",
        arguments: [
            ("quorum = {", 19, "write 'quorum {' in line 19"), ("quorum= {", 19, "write 'quorum {' in line 19"),
            ("// quorum {", 19, "begin comments with '#'"),
            ("my own quorum {", 19, "name the section in one word of A-Z a-z 0-9 . _ - /"),
        ])
    func sectionNames(line: String, number: Int, remedy: String) throws {
        let error = try error(text: file(quorum: line))
        #expect(error.message.hasPrefix("parser error: corosync.conf:20: Can't store key"))
        #expect(error.line == number && error.remedy == remedy)
        #expect(error.reason?.contains("\"\(line)\" in line 19") == true)
    }

    @Test func aBraceInAValueIsNamedWithItsLine() throws {
        let error = try error(text: file(own: "ring0_addr: 10.77.0.1 {"))
        #expect(error.line == 9)
        #expect(error.remedy == "remove '{' from line 9, or write 'ring0_addr {' for a section")
    }

    @Test(
        "Comments of other languages are recognised before a colon",
        arguments: ["; token: 5", "// token: 5", "-- a: b"])
    func comments(line: String) throws {
        let error = try error(text: file(totem: [line]))
        #expect(error.line == 5 && error.remedy == "begin comments with '#'")
    }

    @Test func aCommentThatPassesForAKeyIsPointedOut() throws {
        let warning = try #require(try document(text: file(totem: ["//token: 5000"])).warnings.first)
        #expect(warning.remedy == "begin comments with '#'" && warning.weight == .warning)
    }

    // MARK: Words

    @Test(
        "Nobody is told to write what he has written",
        arguments: [
            (["secauth: on"], 5, "remove secauth, crypto_cipher and crypto_hash"),
            (["crypto_hash: sha256"], 5, "remove secauth, crypto_cipher and crypto_hash"),
            (["crypto_cipher: aes256"], 5, "remove crypto_cipher: udpu does not encrypt"),
            (["crypto_cipher: aes256", "crypto_hash: sha256"], 5, "remove secauth, crypto_cipher and crypto_hash"),
        ])
    func encryption(totem: [String], line: Int, remedy: String) throws {
        let error = try #require(refusal(file(totem: totem)))
        #expect(error.line == line)
        #expect(error.remedy?.hasPrefix(remedy) == true, "\(error)")
        let knet = try #require(refusal(file(totem: ["crypto_cipher: aes256"], transport: "transport: knet")))
        #expect(knet.remedy == "add 'crypto_hash: sha256'")
    }

    @Test func aSecondLinkIsNotAMatterOfLetters() throws {
        let error = try #require(
            refusal(
                file(
                    own: "ring0_addr: 10.77.0.1\nring1_addr: 10.78.0.1",
                    other: "ring0_addr: 10.77.0.2\nring1_addr: 10.78.0.2")))
        #expect(error.remedy?.hasPrefix("keep only ring0_addr of each node") == true)
    }

    @Test(
        "A word that is taken for another one is named",
        arguments: [
            (
                "secauth: ON", "\"ON\", which is neither on nor off: off is taken",
                "remove the line: udpu neither encrypts"
            ),
            (
                "secauth: 1", "\"1\", which is neither on nor off: off is taken",
                "remove the line: udpu neither encrypts"
            ),
            (
                "block_unlisted_ips: No", "\"No\", which is neither yes nor no: yes is taken",
                "write it in small letters: no"
            ),
            ("cancel_token_hold_on_retransmit: maybe", "neither yes nor no: no is taken", "write yes or no"),
            ("clear_node_high_bit: on", "neither yes nor no: no is taken", "write yes or no"),
            ("secauth: on # yes", "off is taken", "remove the line: udpu neither encrypts"),
            ("block_unlisted_ips: no # x", "yes is taken", "move the comment to a line of its own"),
        ])
    func silentWords(line: String, text: String, remedy: String) throws {
        let warnings = try document(text: file(totem: [line])).warnings
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.origin?.line == 5 && warning.text.contains(text), "\(warning)")
        #expect(warning.remedy?.hasPrefix(remedy) == true, "\(warning)")
    }

    @Test func withKnetSecauthIsAMatterOfLetters() throws {
        let warnings = try document(text: file(totem: ["secauth: ON"], transport: "transport: knet")).warnings
        #expect(warnings.map(\.remedy) == ["write it in small letters: on"])
    }

    @Test(arguments: ["secauth: off", "block_unlisted_ips: no", "clear_node_high_bit: yes"])
    func wordsThatAreMeantAreNotComplainedOf(line: String) throws {
        #expect(try document(text: file(totem: [line])).warnings.isEmpty)
    }

    // MARK: Places

    @Test func filesThatSayNothingAreNamed() throws {
        for text in ["", "# nothing\n", "totem.version: 2\n"] {
            #expect(try #require(refusal(text)).file == "corosync.conf")
        }
        let error = try #require(refusal("nodelist {\nnode {\nring0_addr: 10.77.0.1\nname: alpha\nnodeid: 1\n}\n}\n"))
        #expect(error.key == "totem.version" && error.file == "corosync.conf")
    }

    @Test func anEmptyNodeListIsNotAMissingOne() throws {
        let error = try #require(refusal("totem {\nversion: 2\n}\nnodelist {\n}\n"))
        #expect(error.line == 4 && error.reason == "no node section in it has a key")
    }

    @Test func indentedSectionsAreNone() throws {
        let error = try #require(refusal("totem:\n  version: 2\n"))
        #expect(error.line == 1)
        #expect(error.remedy?.hasPrefix("write 'totem {'") == true)
    }

    @Test(
        "What is derived is refused with the line it is derived from",
        arguments: [
            (["token: 30"], 5, "totem.token_retransmit"),
            (["token_coefficient: 0", "token_retransmits_before_loss_const: 100000"], 6, "totem.token_retransmit"),
            (["join: 4294967295"], 5, "totem.join"),
        ])
    func derived(totem: [String], line: Int, key: String) throws {
        let error = try #require(refusal(file(totem: totem)))
        #expect(error.line == line && error.key == key, "\(error)")
    }

    @Test(
        "A node without an address on a link is named itself",
        arguments: [
            (
                "ring1_addr: 10.77.0.1", "ring0_addr: 10.77.0.2", 9,
                "write ring0_addr for ring1_addr: with udpu there is one link, ring0_addr"
            ),
            (
                "ring0_addr: 10.77.0.1", "ring1_addr: 10.77.0.2", 14,
                "write ring0_addr for ring1_addr: with udpu there is one link, ring0_addr"
            ),
            ("rign0_addr: 10.77.0.1", "ring0_addr: 10.77.0.2", 9, "write ring0_addr for rign0_addr if that was meant"),
            ("ring_addr: 10.77.0.1", "ring0_addr: 10.77.0.2", 9, "write ring0_addr for ring_addr if that was meant"),
            (
                "ring0_addr: 10.77.0.1", "ring0_addr: 10.77.0.2\nring2_addr: 10.78.0.2", 9,
                "remove ring2_addr: with udpu there is one link, ring0_addr"
            ),
        ])
    func noAddressHere(own: String, other: String, line: Int, remedy: String) throws {
        let error = try #require(refusal(file(own: own, other: other)))
        #expect(error.message.hasPrefix("parse error in config: No multicast port specified for interface"))
        #expect(error.line == line && error.remedy == remedy, "\(error)")
    }

    // MARK: Addresses

    @Test(
        "Advice on a text that is no address fits the mistake",
        arguments: [
            ("10.77.0.1:", "write the address without it: 10.77.0.1"),
            ("10.77.0.1,", "write the address without it: 10.77.0.1"),
            ("10.77.0.1;", "write the address without it: 10.77.0.1"),
            ("http://10.77.0.1", "write the address alone: 10.77.0.1"),
            ("udp://10.77.0.1:5405/", "write the address alone: 10.77.0.1"),
            ("10.77.0.1 255.255.0.0", "write the address without it: 10.77.0.1"),
            ("10,77,0,1", "write it with points: 10.77.0.1"),
            ("10.77.0.1 :5405", "write the address alone: 10.77.0.1; the port is totem.interface.mcastport (5405)"),
        ])
    func noAddresses(text: String, remedy: String) throws {
        let error = try #require(refusal(file(own: "ring0_addr: \(text)")))
        #expect(error.line == 9 && error.remedy == remedy, "\(error)")
    }

    @Test(
        "Other spellings of an address are translated",
        arguments: [
            ("012.77.0.1", "10.77.0.1"), ("0x0a.77.0.1", "10.77.0.1"), ("10.77.1", "10.77.0.1"),
            ("10.77.0.01", "10.77.0.1"),
            ("172818433", "10.77.0.1"),
        ])
    func spellings(text: String, address: String) throws {
        let document = try document(text: file(own: "ring0_addr: \(text)"))
        let warning = try #require(document.warnings.first)
        #expect(warning.origin?.line == 9 && warning.text.hasPrefix("\(text) is taken for \(address): "))
        #expect(
            warning.remedy
                == (text == "012.77.0.1"
                    ? "write 12.77.0.1 if the zeros in front were to say nothing, 10.77.0.1 if they were meant"
                    : "write 10.77.0.1 if that was meant"))
        let elsewhere = try ClusterConfiguration.elsewhere(document)
        #expect(elsewhere.links.first?.localAddress == IPAddress(address))
    }

    @Test(arguments: ["256.1.1.1", "10.77.0.1.5", "0x.1", "+1.2.3.4", "1.16777216", "alpha", "10.", "09.1.1.1"])
    func otherTextsAreNoSpellingOfAnAddress(text: String) throws {
        let warnings = try document(text: file(own: "ring0_addr: \(text)")).warnings
        #expect(!warnings.contains { $0.text.contains("is taken for") })
    }

    @Test(
        "Addresses of no node are called so", arguments: ["0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "ff02::1"])
    func noNodesAddress(text: String) throws {
        let other = text.contains(":") ? "ring0_addr: fd00::2" : "ring0_addr: 10.77.0.2"
        let document = try document(text: file(own: "ring0_addr: \(text)", other: other))
        let warnings = try ClusterConfiguration(document, host: alpha, names: NameTable()).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.text.contains("no node can be reached there") == true)
        #expect(warnings.first?.remedy == "write the node's own address in the cluster's network")
    }

    // MARK: Files that are none

    @Test func otherFilesAreCalledWhatTheyAre() throws {
        func reason(_ bytes: [UInt8]) -> String {
            configurationError { _ = try ConfigurationDocument(bytes, file: "F") }?.reason ?? ""
        }
        let text = Array("totem {\n    version: 2\n}\nnodelist {\n".utf8)
        #expect(reason(text.flatMap { [$0, 0] }).contains("UTF-16"))
        #expect(reason([0xFF, 0xFE, 0, 0] + text.flatMap { [$0, 0, 0, 0] }).contains("UTF-32"))
        #expect(reason(text.flatMap { [$0, 0, 0, 0] }).contains("UTF-32"))
        #expect(reason([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("a program (ELF)"))
        #expect(reason([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]).contains("gzip"))
        #expect(reason(text + [0x61, 0, 0, 0x62, 0x0A]).contains("NUL"))
    }

    // MARK: What is taken otherwise

    @Test(
        "What means something else than it seems to is pointed out",
        arguments: [
            (["rrp_mode: passive"], "totem.rrp_mode has no effect."), (["threads: 4"], "totem.threads has no effect."),
            (["max_messages: 0"], "totem.max_messages 0 asks for the default, 17."),
            (["window_size: 0"], "totem.window_size 0 asks for the default, 50."),
            (["netmtu: 1"], "netmtu 1 is outside of what packets can be."),
            (["netmtu: 4294967295"], "netmtu 4294967295 is outside of what packets can be."),
            (["config_version: -1"], "config_version is taken for 18446744073709551615"),
            (["interface {", "linknumber: 8", "}"], "linknumber 8 is above 7, the last link there can be."),
        ])
    func takenOtherwise(totem: [String], text: String) throws {
        let document = try document(text: file(totem: totem))
        let warnings = document.warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.text.hasPrefix(text) == true, "\(warnings)")
        #expect(document.advice.count == 1)
    }

    @Test func keysOfNodesThatStandBesideThemArePointedOut() throws {
        let warning = try #require(try document(text: "nodelist {\nring0_addr: 10.77.0.9\n}\n").warnings.first)
        #expect(warning.origin?.line == 2 && warning.remedy == "move it into section nodelist.node")
    }

    @Test(
        "What a node calls itself is looked at",
        arguments: [
            ("name: beta\nnodeid: 3", "beta is the name of two nodes, the other in line 15"),
            ("name: \"gamma\"\nnodeid: 3", "nodelist.node.2.name is \"gamma\": the quotes are part of the value."),
            ("name: gamma\nnodeid: 0", "nodeid 0 counts as none"),
        ])
    func nodes(lines: String, text: String) throws {
        let whole = file().replacingOccurrences(
            of: "nodeid: 2\n}\n", with: "nodeid: 2\n}\nnode {\nring0_addr: 10.77.0.3\n\(lines)\n}\n")
        let warnings = try document(text: whole).warnings
        #expect(warnings.contains { $0.text.hasPrefix(text) && $0.weight == .warning }, "\(warnings)")
    }

    @Test func namesThatAreNoUTF8ArePointedOut() throws {
        let bytes = Array("nodelist {\nnode {\nname: alph".utf8) + [0xE4] + Array("\n}\n}\n".utf8)
        let warning = try #require(try ConfigurationDocument(bytes, file: "F").warnings.first)
        #expect(warning.origin?.line == 3 && warning.text.contains("is no UTF-8 (byte E4)"))
    }

    @Test func twoRulesForOneCaseArePointedOut() throws {
        let text = file(quorum: "quorum {\ntwo_node: 1\nauto_tie_breaker: 1")
        let warnings = try document(text: text).warnings
        #expect(
            warnings.map(\.text) == ["two_node and auto_tie_breaker (line 21) exclude each other: two_node is off."])
        #expect(warnings.map(\.origin?.line) == [20])
    }

    // MARK: Large files

    /// Nanoseconds of this thread's processor time; the least of two, since other work on the machine only adds to it.
    private func cost(_ text: String) throws -> UInt64 {
        let bytes = Array(text.utf8)
        var least = UInt64.max
        for _ in 0..<2 {
            let start = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
            _ = try ConfigurationDocument(bytes, file: "F")
            least = min(least, nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start)
        }
        return least
    }

    @Test(
        "Eight times the text costs about eight times the work", .serialized,
        arguments: ["s%d {\n}\n", "totem {\nk%d {\n}\n}\n", "mine.k%d: v\n"])
    func growth(part: String) throws {
        func text(_ count: Int) -> String {
            (0..<count).map { part.replacingOccurrences(of: "%d", with: "\($0)") }.joined()
        }
        let (few, many) = (try cost(text(1500)), try cost(text(12000)))
        #expect(many < few * 20, "\(few) ns, \(many) ns")
    }

    @Test("So do the keys of one section", arguments: ["logger_subsys", "interface", "nodes"])
    func growthWithinASection(kind: String) throws {
        func text(_ count: Int) -> String {
            switch kind {
            case "logger_subsys":
                "logging {\nlogger_subsys {\nsubsys: A\n" + (0..<count).map { "k\($0): v\n" }.joined() + "}\n}\n"
            case "interface":
                "totem {\ninterface {\n" + (0..<count).map { _ in "mcastport: 5405\n" }.joined() + "}\n}\n"
            default:
                "nodelist {\n" + (0..<count).map { "node {\nnodeid: \($0)\nnodeid: \($0)\n}\n" }.joined() + "}\n"
            }
        }
        let (few, many) = (try cost(text(1500)), try cost(text(12000)))
        #expect(many < few * 20, "\(few) ns, \(many) ns")
    }
}

/// Nanoseconds of a clock.
private func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
