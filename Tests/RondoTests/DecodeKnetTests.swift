import Foundation
import Testing

/// `rondo decode` of knet: packets of real nodes, not sealed (spec: knet.md 2).
@Suite struct DecodeKnetTests {
    /// The hexadecimal text of all vectors whose names begin with one of `prefixes`, one packet a line.
    static func vectors(_ prefixes: String...) throws -> [String] {
        let directory = Tool.root.appending(path: "Tests/LinksTests/Vectors")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        return try prefixes.flatMap { prefix in
            try names.filter { $0.hasPrefix(prefix) }.map {
                try String(contentsOf: directory.appending(path: $0), encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
    }

    static func decode(_ packets: [String], _ arguments: String...) throws -> [String] {
        let result = try Tool.run(["decode"] + arguments, input: Array(packets.joined(separator: "\n\n").utf8))
        #expect(result.status == 0)
        return result.lines.map(String.init)
    }

    /// The packet as a frame of a capture shows it: from and to `port`.
    static func framed(_ packet: String, port: Int) -> String {
        func hex(_ number: Int) -> String { String(String(0x10000 + number, radix: 16).suffix(4)) }
        let count = packet.count / 2
        return "4500" + hex(28 + count) + "00000000401100000a4e00010a4e0002" + hex(port) + hex(port)
            + hex(8 + count) + "0000" + packet
    }

    @Test(
        "packets of links are named with host, link and counter",
        arguments: [
            (
                "01-",
                "knet ping (asks whether the link is up, has sent no data in this life) node 1, link 0, knet seq 0"
            ),
            ("03-", "knet pong (the link is up) node 2, link 0, knet seq 0"),
            (
                "04-",
                "knet ping (asks whether the link is up, has sent no data in this life) node 2, link 1, knet seq 0"
            ),
            ("05-", "knet ping (asks whether the link is up) node 1, link 0, knet seq 57"),
            (
                "06-",
                "knet ping (asks whether the link is up, forced: tells where its counter is) node 1, link 0, knet seq 8191"
            ),
            ("07-", "knet MTU probe (does a packet of this size pass?) node 2, link 0, 1500 bytes"),
            ("08-", "knet MTU reply (a packet of that size has passed) node 1, link 0, 1500 bytes"),
        ])
    func links(_ vector: String, _ line: String) throws {
        #expect(try Self.decode(Self.vectors(vector))[0] == line + ", libknet, not encrypted")
    }

    @Test("whole packets of the ring are explained")
    func whole() throws {
        let lines = try Self.decode(Self.vectors("10-", "11-", "12-", "13-", "14-"), "--all")
        let kinds = ["merge detect", "join", "commit token", "token", "mcast"]
        for (line, kind) in zip(lines, kinds) {
            #expect(line.hasPrefix(kind))
            #expect(line.contains(", knet seq ") && line.contains(", Corosync 3 in libknet, not encrypted"))
        }
    }

    @Test("fragments are put together, in whatever order they come", arguments: [false, true])
    func fragments(_ isReversed: Bool) throws {
        let pieces = try Self.vectors("20-")
        let lines = try Self.decode(isReversed ? pieces.reversed() : pieces)
        for (number, line) in lines.prefix(13).enumerated() {
            let index = isReversed ? 14 - number : number + 1
            #expect(line.hasPrefix("knet fragment \(index) of 14 (part of a packet) node 1, knet seq "))
        }
        #expect(lines[13].hasPrefix("mcast "))
        #expect(lines[13].contains("node 1, ring "))
        #expect(lines[13].contains("put together with knet fragment \(isReversed ? 1 : 14) of 14"))
        #expect(lines[13].contains("20244 bytes"))
    }

    @Test("a packet that lacks a fragment stays in pieces, and the next one does not suffer")
    func lost() throws {
        let lines = try Self.decode(Array(Self.vectors("20-").dropLast()) + Self.vectors("21-"), "-f", "type=mcast")
        #expect(lines.count(where: { $0.hasPrefix("mcast ") }) == 1)
        #expect(lines[0].contains("put together with knet fragment 2 of 2"))
    }

    @Test("fragments that their sender gave the network card as one are taken apart")
    func sentAsOne() throws {
        let lines = try Self.decode([Self.framed(try Self.vectors("20-").joined(), port: 5405)])
        #expect(lines.count(where: { $0.contains("knet fragment") }) == 14)
        #expect(lines[13].contains("put together with knet fragment 14 of 14"))
        let pair = try Self.decode([Self.framed(try Self.vectors("21-").joined(), port: 5405)])
        #expect(pair[1].contains("put together with knet fragment 2 of 2"))
    }

    @Test(
        "what is compressed is decompressed and explained",
        arguments: [
            ("30-", "zlib"), ("31-", "lz4"), ("32-", "lz4hc"), ("33-", "lzo2"), ("34-", "lzma"), ("35-", "bzip2"),
            ("36-", "zstd"),
        ])
    func compressed(_ vector: String, _ model: String) throws {
        let line = try Self.decode(Self.vectors(vector))[0]
        #expect(line.hasPrefix("mcast "), "\(line)")
        #expect(line.contains("compressed with \(model), knet seq "), "\(line)")
        #expect(line.hasSuffix("Corosync 3 in libknet, not encrypted"), "\(line)")
        let fields = try Self.decode(Self.vectors(vector), "-v")
        #expect(fields.contains { $0.contains("decompressed") && $0.contains("bytes become 615") }, "\(fields)")
    }

    @Test("pieces of a compressed packet are put together first")
    func compressedPieces() throws {
        let packet = try Self.vectors("30-")[0]
        // Bytes 11 and 12 of the header are how many pieces there are, and which this is.
        let header = packet.prefix(28)
        let content = packet.dropFirst(28)
        func piece(_ index: Int, _ bytes: Substring) -> String {
            header.prefix(22) + "02" + "0\(index)" + header.suffix(2) + bytes
        }
        let half = content.index(content.startIndex, offsetBy: (content.count / 2 + 1) / 2 * 2)
        let lines = try Self.decode([piece(1, content[..<half]), piece(2, content[half...])])
        #expect(lines[0].hasPrefix("knet fragment 1 of 2 (compressed with zlib)"), "\(lines)")
        #expect(lines[1].hasPrefix("mcast "), "\(lines)")
        #expect(lines[1].contains("put together with knet fragment 2 of 2, compressed with zlib"), "\(lines)")
    }

    @Test("what cannot be decompressed, or would become too large, is said so and costs little")
    func bombs() throws {
        let directory = Tool.root.appending(path: "Tests/SealingTests/Bombs")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
            .filter { $0.hasSuffix(".hex") }
        #expect(names.count == 8)
        for name in names {
            let bomb = try String(contentsOf: directory.appending(path: name), encoding: .utf8)
                .filter(\.isHexDigit)
            let model = try #require(name.first)
            // A data packet of node 1 with all that the bomb is.
            let packet = "01" + "00" + "0001" + "0000" + "0001" + "0\(model)" + "00" + "01" + "01" + "01" + "00"
            let lines = try Self.decode([packet + bomb])
            #expect(lines[0].hasPrefix("knet packet (compressed with "), "\(name): \(lines)")
            #expect(lines[0].contains("compress: "), "\(name): \(lines)")
        }
        let whole = try Self.vectors("30-")[0]
        let damaged = whole.prefix(whole.count / 4 * 2)
        #expect(try Self.decode([String(damaged)])[0].contains("not a packet compressed by zlib, or damaged"))
        let strange = whole.prefix(16) + "63" + whole.dropFirst(18)
        #expect(try Self.decode([String(strange)])[0].contains("unknown compress model 99"))
    }

    @Test("further links are on the ports behind the first")
    func ports() throws {
        let ping = try Self.vectors("04-")[0]
        for port in [5405, 5406, 5412] {
            #expect(try Self.decode([Self.framed(ping, port: port)])[0].contains("knet ping"), "port \(port)")
        }
        for port in [5404, 5413] {
            #expect(!(try Self.decode([Self.framed(ping, port: port)])[0].contains("knet ping")), "port \(port)")
        }
        // Of others only what looks like knet.
        #expect(try Self.decode([Self.framed("70c00303", port: 5406)])[0].isEmpty)
    }

    @Test("a ping tells which link the data between the same ports is on")
    func linkOfData() throws {
        let packets = try (Self.vectors("04-") + Self.vectors("26-")).map { Self.framed($0, port: 5406) }
        #expect(try Self.decode(packets)[1].contains(", link 1"))
    }

    @Test("a malformed packet is named")
    func malformed() throws {
        let ping = try Self.vectors("02-")[0]
        #expect(try Self.decode([String(ping.prefix(40))])[0].contains("knet: ping too short"))
        #expect(try Self.decode(["018100010000" + "09" + ping.dropFirst(14)])[0].contains("knet: link number above 7"))
    }

    @Test("every field has its place")
    func verbose() throws {
        let text = try Self.decode(Self.vectors("21-"), "-v").joined(separator: "\n")
        for part in [
            "knet seq", "knet fragments", "put together", "2 fragments, 1670 bytes",
            "what follows counts from the beginning",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }
}
