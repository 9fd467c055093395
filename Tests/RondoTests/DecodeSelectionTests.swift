import Foundation
import Testing

/// What `rondo decode` shows of a capture, and how: batches, cut packets, gatherings, filters, colours.
@Suite struct DecodeSelectionTests {
    private static let ring = DecodeCommandTests.capture("two-node-ring.pcap")

    private static func decode(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(["decode", "--utc"] + arguments)
    }

    /// The capture with at most so many bytes of each frame, as `tcpdump -s` makes it.
    private static func limited(_ path: String, to limit: Int) throws -> [UInt8] {
        let file = try [UInt8](Data(contentsOf: URL(filePath: path)))
        var result = Array(file[..<24])
        var position = 24
        while position + 16 <= file.count {
            let length = Int(file[position + 8]) | Int(file[position + 9]) << 8 | Int(file[position + 10]) << 16
            let kept = min(length, limit)
            result += file[position..<(position + 8)] + [UInt8(kept & 0xFF), UInt8(kept >> 8), 0, 0]
            result += file[(position + 12)..<(position + 16)] + file[(position + 16)..<(position + 16 + kept)]
            position += 16 + length
        }
        return result
    }

    /// A capture on the sender of three Rondo nodes: two long datagrams, each the three packets of one large message.
    @Test("What was sent as one is shown as the packets that arrive")
    func batches() throws {
        let result = try Self.decode("-s", DecodeCommandTests.capture("sent-as-one.pcap"))
        #expect(result.status == 0 && result.complaint.isEmpty)
        let messages = result.lines.filter { $0.contains(":5405 mcast ") }.map {
            $0.split(separator: " ").dropFirst().joined(separator: " ")
        }
        let expected = ["3", "2"].flatMap { receiver in
            [("188 (start", "1455"), ("189 (middle", "1455"), ("190 (end", "444")].map { part, size in
                "10.77.0.1:5405 > 10.77.0.\(receiver):5405 mcast \(part) of cpg MCAST (3184 bytes)) node 1, ring 1.d, \(size) bytes"
            }
        }
        #expect(messages.count == 6)
        for (message, text) in zip(messages, expected) { #expect(message.hasPrefix(text)) }
        #expect(result.output.contains("11 packets in") && !result.output.contains("not decodable"))
        let json = try Self.decode("--format", "json", DecodeCommandTests.capture("sent-as-one.pcap"))
        #expect(json.output.contains("\"bytes\":444,\"missing\":0,\"segment\":3,\"segments\":3"))
        #expect(try Self.decode("-v", DecodeCommandTests.capture("sent-as-one.pcap")).output.contains("2 of 3"))
    }

    @Test("A packet that the capture cut is explained as far as it goes, and says so")
    func cutPackets() throws {
        // Of 14 bytes of link header, 20 of IP and 8 of UDP, 54 of the packet are left with 96.
        let short = try Tool.run(["decode", "--utc", "-s"], input: try Self.limited(Self.ring, to: 96))
        #expect(short.status == 0)
        for text in [
            "token 3 [cut by the capture's length limit: 54 of 57 bytes] node 2, ring 1.9, seq 0, aru 0",
            "mcast 5 (a frame) [cut by the capture's length limit: 54 of 1455 bytes] node 2, ring 1.9, 1455 bytes",
            "commit token 1 (first round of a new ring with 1 2, 1 of 2 filled in) [cut by the capture's length limit: 54 of "
                + "97 bytes] node 1, ring 1.9",
            "cut by the capture's length limit: ",
        ] {
            #expect(short.output.contains(text), "\(text)")
        }
        #expect(short.complaint.contains("packets are not whole; capture with tcpdump -s 0"))
        let longer = try Tool.run(["decode", "--utc"], input: try Self.limited(Self.ring, to: 160))
        #expect(
            longer.output.contains(
                "(start of cpg DOWNLIST (1568 bytes)) [cut by the capture's length limit: 118 of 1455"))
        #expect(longer.output.contains("token 3 (heartbeat, idle) node 2"))
        let shortest = try Tool.run(["decode", "--utc"], input: try Self.limited(Self.ring, to: 68))
        #expect(
            shortest.output.contains("token 3 [cut by the capture's length limit: 26 of 57 bytes] node 2, seq 0, aru 0")
        )
        #expect(!shortest.output.contains("not decodable"))
        // Of the two long datagrams the first packets are left, and how many there were.
        let batch = try Tool.run(
            ["decode", "--utc", "-s"], input: try Self.limited(DecodeCommandTests.capture("sent-as-one.pcap"), to: 200))
        #expect(batch.output.contains("mcast 188 (start of cpg MCAST (3184 bytes)) [cut by"))
        #expect(
            batch.output.contains("not shown: 4 packets sent as one with others, beyond the capture's length limit"))
        let unknown = try Tool.run(
            ["decode", "--utc"], input: try Self.limited(DecodeCommandTests.capture("sent-as-one.pcap"), to: 96))
        #expect(unknown.output.contains("54 of 3354 bytes; probably several packets sent as one"))
    }

    @Test("Every limit of a capture is survived and leaves the kinds of packets known")
    func everyLimit() throws {
        for limit in stride(from: 56, through: 150, by: 7) {
            for format in [["-v"], ["--format", "json"]] {
                let result = try Tool.run(["decode"] + format, input: try Self.limited(Self.ring, to: limit))
                #expect(result.status == 0 && !result.output.contains("not decodable"), "\(limit)")
            }
        }
    }

    @Test("The joins of a gathering are one line with their number")
    func gatherings() throws {
        let result = try Self.decode(Self.ring)
        #expect(
            result.lines.contains(
                "05:15:07.186359 3 joins in 50.062 ms (a membership forms: nodes 1 2 know 1 2), --all shows each"))
        #expect(
            result.lines.contains(
                "05:15:07.136289 2 joins in 0.027 ms (a membership forms: node 1 knows 1; node 2 knows 1 2), --all shows each"
            ))
        // One alone is shown as it is.
        #expect(result.lines[0].hasSuffix("join (a membership forms: knows 2) node 2, ring seq 1"))
        let joins = try ["--all", "--verbose"].map { option in
            try Self.decode(option, Self.ring).lines.count { $0.contains(" join (a membership forms") }
        }
        #expect(joins[0] > 5 && joins[0] == joins[1])
        let json = try Self.decode("--format", "json", Self.ring)
        #expect(json.lines.count { $0.contains("\"kind\":\"join\"") } == joins[0])
    }

    @Test(
        "A filter shows what fits",
        arguments: [
            ("type=commit", 4, "commit token"), ("type=commit-token,join ring=1.9", 4, "commit token"),
            ("TYPE=Commit node=2", 2, "node 2"), ("type=commit to=2", 2, "> 10.99.0.2:5405"),
            ("type=commit node!=10.99.0.1", 2, "10.99.0.2:5405 >"), ("text='CPG downlist' ring=2.5", 2, "cpg DOWNLIST"),
        ])
    func filters(filter: String, count: Int, text: String) throws {
        let result = try Self.decode("--filter", filter, Self.ring)
        let lines = result.lines.filter { !$0.isEmpty }
        #expect(lines.count == count && lines.allSatisfy { $0.contains(text) }, "\(result.output)")
    }

    @Test("Filters add up, leave the summary's figures alone, and say when nothing fits")
    func filtersTogether() throws {
        let both = try Self.decode("--filter", "type=commit", "--filter", "node=1", "-s", Self.ring)
        #expect(both.lines.count { $0.contains("> 10.99.0.2:5405 commit token ") } == 2)
        #expect(both.output.contains("164 packets in"))
        #expect(both.output.contains("not shown: 162 packets that --filter left out, counted above"))
        let none = try Self.decode("--filter", "node=9", Self.ring)
        #expect(none.status == 0 && none.output.isEmpty)
        #expect(none.complaint == "none of the 164 packets fits --filter\n")
    }

    @Test(
        "A filter that cannot be understood is explained",
        arguments: [
            ("token", "did you mean type=token?"), ("hello", "did you mean text=hello?"),
            ("typ=token", "there is no key 'typ'; keys are node, to, type, ring, text"),
            ("type=tokens", "there is no such kind; kinds are token, mcast, merge-detect"),
            ("node=n1", "a node id or an IP address is expected"), ("ring=9", "such as ring=1.9"),
            ("node=", "lacks a value"), ("text='a", "the quotation mark ' is not closed"), ("", "no term"),
        ])
    func badFilters(filter: String, complaint: String) throws {
        let result = try Self.decode("--filter", filter, Self.ring)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.complaint.contains(complaint), "\(result.complaint)")
        #expect(result.complaint.contains("Usage: rondo decode"))
    }

    @Test("Colours are for terminals, or for who asks for them, and change no word")
    func colours() throws {
        let plain = try Self.decode(Self.ring)
        #expect(!plain.output.contains("\u{1B}"))
        let colored = try Self.decode("--color", "always", Self.ring)
        #expect(colored.output.contains("\u{1B}[33mcommit token 1\u{1B}[0m"))
        var words = colored.output
        for code in ["[0m", "[2m", "[1;31m", "[33m", "[35m", "[36m"] {
            words = words.replacingOccurrences(of: "\u{1B}" + code, with: "")
        }
        #expect(words == plain.output)
        let never = try Self.decode("--color", "never", Self.ring)
        #expect(never.output == plain.output)
        #expect(try Self.decode("--color", "blue", Self.ring).status == 64)
        // A filter compares words, not colours.
        let filtered = try Self.decode("--color", "always", "--filter", "text='commit token 1 (first'", Self.ring)
        #expect(filtered.lines.count { !$0.isEmpty } == 1)
    }

    @Test("The summary that tcpdump prints is no capture, and what to do is said")
    func summaryOnly() throws {
        let path = DecodeCommandTests.capture("tcpdump-summary.txt")
        let result = try Self.decode(path)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(
            result.complaint
                == "\(path): line 1: This is tcpdump's summary, the packets themselves are not in it: capture with tcpdump -w "
                + "FILE, or print with -xx.\n")
    }

    @Test("What tcpdump says of itself does not spoil its dump")
    func chatter() throws {
        let dump = try String(contentsOfFile: DecodeCommandTests.capture("corosync-1-two-nodes.txt"), encoding: .utf8)
        let text =
            "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n"
            + "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n" + dump
            + "\n3 packets captured\n3 packets received by filter\n0 packets dropped by kernel\n"
        let result = try Tool.run(["decode", "-s"], input: Array(text.utf8))
        #expect(result.status == 0 && result.output.contains("3 packets in 211.122 ms"), "\(result.complaint)")
    }
}
