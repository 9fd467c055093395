import Foundation
import Testing

/// `rondo decode` as an administrator sees it.
@Suite struct DecodeCommandTests {
    static func capture(_ name: String) -> String {
        Tool.root.appending(path: "Tests/Fixtures/captures/\(name)").path
    }

    static func vector(_ name: String) -> String {
        Tool.root.appending(path: "Tests/TotemWireTests/Vectors/\(name).hex").path
    }

    static func decode(_ arguments: String...) throws -> Tool.Result { try Tool.run(["decode", "--utc"] + arguments) }

    /// The old two-node cluster of spec/totem.md 21.3.
    @Test func explainsTheOldCapture() throws {
        let result = try Self.decode(Self.capture("corosync-1-two-nodes.txt"), "--summary")
        #expect(result.status == 0 && result.complaint.isEmpty)
        let ring = "node 10.0.1.62, ring 10.0.1.62 seq 152"
        let expected: [String] = [
            "11:39:27.590542 10.0.1.62:5405 > 10.0.1.243:5405 token 424 (heartbeat, idle) \(ring), "
                + "seq 70, aru 70, Corosync 1.x",
            "11:39:27.592533 10.0.1.243:5405 > 10.0.1.62:5405 token 425 (heartbeat, idle) node 10.0.1.243, "
                + "ring 10.0.1.62 seq 152, seq 70, aru 70, Corosync 1.x, +1.991 ms",
            "11:39:27.801664 10.0.1.62:52981 > 10.0.1.243:5405 merge detect (the representative calls for other rings, "
                + "209.131 ms after the last token) \(ring), Corosync 1.x",
        ]
        for (line, text) in zip(result.lines, expected) { #expect(String(line) == text) }
        #expect(result.output.contains("3 packets in 211.122 ms"))
        #expect(result.output.contains("nodes: 10.0.1.243, 10.0.1.62"))
    }

    @Test func explainsTheLeftoversOfTheOldCapture() throws {
        let result = try Self.decode("-v", Self.capture("corosync-1-two-nodes.txt"))
        for text in [
            "1040252938", "made from the address 10.0.1.62", "equals seq: everybody has everything",
            "the rest of a netlink message", "10.0.1.127", "an interface name of 4 characters", "IFA_LOCAL",
            "Corosync 1.4.4 ... 1.4.10", "10.0.1.0/25", "left to the network card", "not configured",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
    }

    @Test func reportsWhatTheQuotedDumpLacks() throws {
        let result = try Self.decode("-v", Self.capture("corosync-1-two-nodes-damaged.txt"))
        #expect(result.status == 0)
        #expect(result.output.contains("[truncated: 78 of 82 bytes;"))
        #expect(result.output.contains("ring id taken from its end] node 10.0.1.62, ring 10.0.1.62 seq 152"))
        #expect(result.output.contains("it is the bytes that are incomplete"))
    }

    /// Two nodes of Corosync 3.1.7, started together, token 1000; ended by one node's farewell.
    @Test func explainsARealRing() throws {
        let result = try Self.decode(Self.capture("two-node-ring.pcap"), "--summary")
        #expect(result.status == 0 && result.complaint.isEmpty)
        #expect(result.lines[0].hasSuffix("join (a membership forms: knows 2) node 2, ring seq 1"))
        for text in [
            "commit token 1 (first round of a new ring with 1 2, 1 of 2 filled in) node 1, ring 1.9",
            "token 0 (first of its ring, recovery begins) node 1, ring 1.9",
            "mcast 1 (sync SERVICE_BUILD ring 1.9, services 0 2 3 5 (552 bytes)) node 2, ring 1.9, 615 bytes",
            "mcast 5 (start of cpg DOWNLIST (1568 bytes)) node 2, ring 1.9, 1455 bytes",
            "mcast 6 (end of cpg DOWNLIST (1568 bytes)) node 2, ring 1.9, 228 bytes",
            "votequorum NODEINFO node 1, 1 vote of 2, waits for all (32 bytes)",
            "164 packets in 2830.311 ms", "rings: 2.5, 1.5, 1.9",
            "(idle heartbeat): min 180.052 ms, median 180.173 ms, max 180.237 ms, 30 times",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
    }

    @Test func writesOneObjectALine() throws {
        let result = try Self.decode(Self.capture("two-node-ring.pcap"), "--format", "json", "-s")
        #expect(result.status == 0)
        let objects = try result.lines.filter { !$0.isEmpty }.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(objects.count == 165)
        let token = try #require(objects.compactMap { $0 }.first { $0["title"] as? String == "token 112" })
        #expect(token["kind"] as? String == "token")
        #expect(token["source"] as? String == "10.99.0.1:5405")
        #expect(abs((token["rotation"] as? Double ?? 0) - 0.180170) < 1e-9)
        let fields = try #require(token["fields"] as? [String: Any])
        #expect(fields["seq"] as? Int == 14 && fields["token_seq"] as? Int == 112)
        #expect((fields["ring_id"] as? [String: Any])?["name"] as? String == "1.9")
        let summary = try #require(objects.last??["summary"] as? [String: Any])
        #expect(summary["packets"] as? Int == 164)
        #expect((summary["kinds"] as? [String: Int])?["merge detect"] == 8)
    }

    @Test func showsEveryFieldWithItsPlace() throws {
        let result = try Self.decode("-v", Self.vector("27-orf-rtr-1"))
        #expect(result.lines[0].hasPrefix("token 7717 (asks for 1 message: 104; 23 messages not yet everywhere"))
        for text in [
            "      0    2  magic                    0xc070            little-endian sender",
            "     17    4  token_seq                7717",
            "     25    4  aru_addr                 2                 holds aru down",
            "     57   16  rtr_list[0]  message 104 is missing somewhere",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
    }

    @Test func namesRetransmissionRecoveryAndCutMessages() throws {
        let names = ["45-mcast-frag-1of3", "46-mcast-frag-2of3", "47-mcast-frag-3of3", "50-mcast-encapsulated-c5"]
        let text = try names.map { try String(contentsOfFile: Self.vector($0), encoding: .utf8) }.joined()
        let result = try Tool.run(["decode"], input: Array(text.utf8))
        #expect(result.lines[0].contains("start of cpg MCAST (3184 bytes)"))
        #expect(result.lines[1].contains("middle of cpg MCAST (3184 bytes)"))
        #expect(result.lines[2].contains("end of cpg MCAST (3184 bytes)"))
        #expect(result.lines[3].contains("recovery, carries message 197 of node 1 in old ring 1.9"))
    }

    @Test func everyVectorIsExplained() throws {
        let directory = Tool.root.appending(path: "Tests/TotemWireTests/Vectors")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) where name.hasSuffix(".hex") {
            for format in [["-v"], ["--format", "json"]] {
                let result = try Tool.run(["decode", directory.appending(path: name).path] + format)
                #expect(result.status == 0 && result.complaint.isEmpty, "\(name)")
                #expect(!result.output.contains("not decodable"), "\(name)")
            }
        }
    }

    @Test func aPortCanBeChosen() throws {
        let none = try Self.decode(Self.capture("two-node-ring.pcap"), "--port", "5410")
        #expect(none.status == 0 && none.output.isEmpty)
        #expect(none.complaint.contains("no packet of a ring among 164 frames to or from port 5410"))
        let all = try Self.decode(Self.capture("two-node-ring.pcap"), "--port", "0", "--all")
        #expect(all.lines.count == 165)
    }

    @Test func badInputIsExplained() throws {
        let capture = try [UInt8](Data(contentsOf: URL(filePath: Self.capture("two-node-ring.pcap"))))
        let cases: [([UInt8], String)] = [
            ([], "the input is empty"),
            ([0x1F, 0x8B, 8, 0], "zcat FILE | rondo decode"),
            ([0x7F, 0x45, 0x4C, 0x46, 0, 0], "it begins with 7f 45 4c 46"),
            (Array("hello".utf8), "line 1: 'hello' is neither hexadecimal nor"),
            (
                Array("  1 0.000000 10.0.0.1 → 10.0.0.2 UDP 71 5405 → 5405 Len=29\n".utf8),
                "line 1: This is tshark's summary, the packets themselves are not in it: capture with tshark -w FILE"
            ),
            (
                Array("12:00:00.1 IP 10.0.0.1.5405 > 10.0.0.2.5405: UDP, length 29\nE..9.@.@.p..\n".utf8),
                "line 2: This is tcpdump's summary"
            ),
            (Array("70c00300 0\n".utf8), "line 1: 9 digits, an odd number"),
            (Array(capture[..<100]), "at byte 24: the file ends within a record: 95 bytes needed, 76 there"),
            (Array(capture[..<20]), "the file ends within a record"),
        ]
        for (input, complaint) in cases {
            let result = try Tool.run(["decode", "-"], input: input)
            #expect(result.status == 1, "\(complaint)")
            #expect(result.complaint.contains("standard input: "))
            #expect(result.complaint.contains(complaint), "\(result.complaint)")
        }
        let missing = try Self.decode("/nonexistent/ring.pcap")
        #expect(missing.status == 1 && missing.complaint == "/nonexistent/ring.pcap: No such file or directory\n")
        #expect(try Self.decode("--port", "70000").status == 64)
        #expect(try Self.decode("--format", "xml").status == 64)
    }

    @Test func whatComesBeforeDamageIsShown() throws {
        let capture = try [UInt8](Data(contentsOf: URL(filePath: Self.capture("two-node-ring.pcap"))))
        let result = try Tool.run(["decode", "-s"], input: Array(capture.dropLast(10)))
        #expect(result.status == 1)
        #expect(result.output.contains("163 packets"))
        #expect(result.complaint.contains("the file ends within a record"))
    }

    // MARK: Captures without a packet of a ring

    /// A capture of `count` frames of these bytes.
    private func capture(linkType: UInt8, _ frame: [UInt8], count: Int = 3) -> Data {
        var file: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
        file += [0xFF, 0xFF, 0, 0, linkType, 0, 0, 0]
        for _ in 0..<count {
            file += [0, 0, 0, 0, 0, 0, 0, 0, UInt8(frame.count), 0, 0, 0, 200, 0, 0, 0] + frame
        }
        return Data(file)
    }

    @Test("what all frames of a capture are is said", arguments: [true, false])
    func noFramesOfARing(isWireless: Bool) throws {
        let header: [UInt8] = [UInt8](repeating: 0, count: 12) + [8, 0, 0x45, 0, 0, 100, 0, 0, 0, 0, 64, 17, 0, 0]
        let cut = header + [10, 0, 0, 1, 10, 0, 0, 2]
        let data = isWireless ? capture(linkType: 105, cut) : capture(linkType: 1, cut)
        let path = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString).pcap")
        defer { try? FileManager.default.removeItem(at: path) }
        try data.write(to: path)
        let result = try Tool.run(["decode", path.path])
        #expect(result.status == 0)
        #expect(
            result.complaint.contains(
                isWireless
                    ? "3 frames: 3 are link type 105, which is not supported"
                    : "3 frames: 3 are cut in its UDP header; capture with tcpdump -s 0"), "\(result.complaint)")
    }
}
