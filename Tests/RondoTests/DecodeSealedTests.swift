import Foundation
import Testing

/// `rondo decode --key`: packets that real nodes have sealed (spec: knet.md 3).
@Suite struct DecodeSealedTests {
    private static let suites: [(number: Int, cipher: String, hash: String)] = {
        let hashes = ["md5", "sha1", "sha256", "sha384", "sha512"]
        return ["aes128", "aes192", "aes256", "none"].enumerated().flatMap { place, cipher in
            hashes.enumerated().map { (50 + 5 * place + $0.offset, cipher, $0.element) }
        }
    }()

    /// The hexadecimal text of the sealed vectors with these names, one packet each.
    private static func vectors(_ names: String...) throws -> [String] {
        try names.map {
            try String(
                contentsOf: Tool.root.appending(path: "Tests/SealingTests/Vectors/\($0).hex"), encoding: .utf8
            ).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// The key of all vectors but 81, and that one's.
    private static let key = (0..<256).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
    private static let otherKey = (0..<128).map { UInt8(truncatingIfNeeded: 11 * $0 + 5) }

    /// Decodes packets with keys, each in a file of its own; `KEY` in an argument stands for the first of them.
    private static func decode(
        _ packets: [String], keys: [[UInt8]] = [key], _ arguments: String...
    ) throws -> Tool.Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var options: [String] = []
        for (number, key) in keys.enumerated() {
            let file = directory.appending(path: "authkey\(number)")
            try Data(key).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file.path)
            options += ["--key", file.path]
        }
        return try Tool.run(
            ["decode"] + options + arguments, input: Array(packets.joined(separator: "\n\n").utf8))
    }

    @Test("every cipher and hash is found out and named")
    func allSuites() throws {
        let packets = try Self.suites.flatMap { suite in
            let name = "\(suite.number)-\(suite.cipher)-\(suite.hash)"
            return try Self.vectors("\(name)-ping", "\(name)-orf")
        }
        let result = try Self.decode(packets)
        #expect(result.status == 0)
        #expect(result.complaint.isEmpty)
        for (index, suite) in Self.suites.enumerated() {
            let end = "libknet, \(suite.cipher)/\(suite.hash)"
            let (ping, token) = (result.lines[2 * index], result.lines[2 * index + 1])
            #expect(ping.hasPrefix("knet ping ") && ping.hasSuffix(end), "\(ping)")
            #expect(token.hasPrefix("token ") && token.contains(" Corosync 3 in ") && token.contains(end), "\(token)")
        }
    }

    @Test("every kind of packet of a link is opened, and fragments are put together")
    func kinds() throws {
        let name = "62-aes256-sha256"
        let result = try Self.decode(
            Self.vectors(
                "\(name)-ping", "\(name)-pong", "\(name)-pmtud", "\(name)-pmtud-reply", "\(name)-frag-1-of-2",
                "\(name)-frag-2-of-2"), "--cipher", "aes256", "--hash", "sha256")
        let starts = [
            "knet ping ", "knet pong ", "knet MTU probe ", "knet MTU reply ", "knet fragment 1 of 2 ", "mcast ",
        ]
        for (line, start) in zip(result.lines, starts) { #expect(line.hasPrefix(start), "\(line)") }
        #expect(result.lines[5].contains("put together with knet fragment 2 of 2"))
    }

    @Test("a wrong key is said plainly, and nothing is made of what it cannot open")
    func wrongKey() throws {
        let packets = try Self.vectors("62-aes256-sha256-ping", "62-aes256-sha256-orf")
        let result = try Self.decode(packets, keys: [Self.otherKey])
        #expect(result.status == 1)
        #expect(result.complaint.hasPrefix("wrong key: ") && result.complaint.contains("opens none of 2 packets"))
        #expect(result.lines.prefix(2).allSatisfy { $0.contains("sealed: no key given opens it") })
    }

    @Test("a cipher or hash that is not the ring's opens nothing, and the complaint says what to leave out")
    func wrongSuite() throws {
        let packets = try Self.vectors("62-aes256-sha256-orf")
        for arguments in [["--hash", "sha512"], ["--cipher", "aes128"], ["--cipher", "none", "--hash", "sha256"]] {
            let result = try Self.decode(
                packets, arguments[0], arguments[1], arguments.count > 2 ? arguments[2] : "--utc",
                arguments.count > 3 ? arguments[3] : "--all")
            #expect(result.status == 1, "\(arguments)")
            #expect(result.complaint.contains("without --cipher and --hash all are tried"))
        }
    }

    @Test("over a change of the key, with both of them, also what was clear then is shown")
    func rekey() throws {
        let packets = try Self.vectors("80-rekey-last-old", "81-rekey-first-new") + DecodeKnetTests.vectors("82-")
        let both = try Self.decode(packets, keys: [Self.key, Self.otherKey])
        #expect(both.status == 0)
        #expect(both.complaint.isEmpty)
        for (line, end) in zip(both.lines, ["aes256/sha256", "aes128/sha512", "not encrypted"]) {
            #expect(line.contains("libknet, " + end), "\(line)")
        }
        let one = try Self.decode(packets)
        #expect(one.status == 0)
        #expect(one.complaint.hasPrefix("1 packet of 2 could not be opened"))
    }

    @Test("sealed fragments that their sender gave the network card as one are taken apart")
    func sentAsOne() throws {
        let name = "62-aes256-sha256"
        let pieces = try Self.vectors("\(name)-frag-1-of-2", "\(name)-frag-2-of-2").joined()
        let ping = try Self.vectors("\(name)-ping")[0]
        let result = try Self.decode([ping, pieces].map { DecodeKnetTests.framed($0, port: 5406) })
        #expect(result.lines[1].contains("knet fragment 1 of 2"))
        #expect(result.lines[2].contains("put together with knet fragment 2 of 2"))
    }

    @Test("a damaged packet is not opened")
    func damaged() throws {
        let packet = try Self.vectors("62-aes256-sha256-orf")[0]
        let flipped = packet.dropLast() + (packet.last == "0" ? "1" : "0")
        let result = try Self.decode([packet, String(flipped)])
        #expect(result.lines[0].hasPrefix("token "))
        #expect(result.lines[1].contains("sealed: no key given opens it"))
        #expect(result.complaint.contains("or damaged"))
    }

    @Test("without a key there is a word on how to give one")
    func noKey() throws {
        let result = try Self.decode(Self.vectors("62-aes256-sha256-orf"), keys: [])
        #expect(result.status == 0)
        #expect(result.complaint.contains("--key /etc/corosync/authkey"))
    }

    @Test("json and the fields name the seal")
    func fields() throws {
        let packet = try Self.vectors("65-none-md5-orf")
        #expect(try Self.decode(packet, "--format", "json").output.contains("\"sealing\":\"none/md5\""))
        #expect(try Self.decode(packet, "-v").output.contains("sealed with"))
    }

    @Test("what is no key file, or no way to use one, is refused")
    func refused() throws {
        let packets = try Self.vectors("62-aes256-sha256-orf")
        #expect(try Self.decode(packets, keys: [], "--cipher", "aes256").status == 64)
        #expect(try Self.decode(packets, "--hash", "crc32").status == 64)
        #expect(try Self.decode(packets, keys: [], "--key", "/nowhere/authkey").status == 1)
        let short = try Self.decode(packets, keys: [Array(Self.key.prefix(20))])
        #expect(short.status == 1)
        #expect(short.complaint.contains("authkey0"))
        #expect(short.complaint.contains("take the key file of a node of this ring"))
        #expect(!short.complaint.contains("keygen"), "a new key opens nothing")
    }
}
