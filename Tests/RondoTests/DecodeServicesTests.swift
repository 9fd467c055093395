import Foundation
import Testing

/// Messages of the services, and what else travels on the ring's port, as `rondo decode` names them.
@Suite struct DecodeServicesTests {
    static let messages = Tool.root.appending(path: "Tests/ClusterServicesTests/Vectors")

    static func hex(_ number: Int) -> String { String(format: "%02x%02x", number & 0xFF, number >> 8) }

    /// The message as an mcast of node 2 would carry it.
    static func packet(_ message: String, isSynchronization: Bool) -> String {
        let group = isSynchronization ? "0100040073796e63" : "0100010061"
        let header = "70c003010202000000000000000200000007000000000000000100000009000000000000000000000000000000"
        return header + "0000000000000100" + hex((group.count + message.count) / 2) + group + message
    }

    static func line(_ name: String) throws -> String {
        let url = messages.appending(path: name + ".hex")
        let text = try String(contentsOf: url, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let isSynchronization = name.contains("sync-service") || name.contains("sync-barrier")
        let result = try Tool.run(
            ["decode"], input: Array(packet(text, isSynchronization: isSynchronization).utf8))
        #expect(result.status == 0 && result.complaint.isEmpty, "\(name)")
        return String(result.lines[0])
    }

    @Test func everyMessageIsNamed() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.messages.path)
            .filter { $0.hasSuffix(".hex") }.map { String($0.dropLast(4)) }.sorted()
        #expect(names.count > 50)
        for name in names {
            let line = try Self.line(name)
            #expect(line.hasPrefix("mcast 7 ("), "\(name): \(line)")
            #expect(line.contains("malformed") == name.contains("TRUNCATED"), "\(name): \(line)")
            #expect(!line.contains("service "), "\(name): \(line)")
        }
    }

    @Test(arguments: [
        ("02-sync-service-build-three-nodes", "sync SERVICE_BUILD ring 1.d, services 0 2 3 5 (552 bytes)"),
        ("04-sync-barrier-ring-2.5", "sync BARRIER ring 2.5 (32 bytes)"),
        ("11-cmap-sync-version-5", "cmap MCAST config_version 5 (336 bytes)"),
        ("20-cfg-killnode-3", "cfg KILLNODE node 3: Killed by corosync-cfgtool (288 bytes)"),
        ("22-cfg-shutdown", "cfg SHUTDOWN (16 bytes)"),
        ("26-cfg-crypto-phase-1", "cfg CRYPTO_RECONFIG phase 1 (24 bytes)"),
        ("32-cpg-procjoin-binary-name", "cpg PROCJOIN group 'a?b\\' pid 24759 (168 bytes)"),
        ("40-cpg-mcast-hello", "cpg MCAST group 'alpha', 5 bytes of data (189 bytes)"),
        ("43-cpg-partial-last-100", "cpg PARTIAL_MCAST group 'frag', 100 of 1047652 bytes of data (300 bytes)"),
        ("53-cpg-downlist-left-3-4", "cpg DOWNLIST left 3 4 (1568 bytes)"),
        ("55-cpg-joinlist-2", "cpg JOINLIST 2 processes (312 bytes)"),
        ("67-vq-nodeinfo-first-quorate", "votequorum NODEINFO node 2, 1 vote of 3, quorate + first (32 bytes)"),
        ("64-vq-nodeinfo-qdevice-1", "votequorum NODEINFO quorum device, 1 vote (32 bytes)"),
    ])
    func theirMainFieldsAreShown(_ name: String, _ text: String) throws {
        #expect(try Self.line(name) == "mcast 7 (\(text)) node 2, ring 1.9, \(try Self.size(name)) bytes")
    }

    private static func size(_ name: String) throws -> Int {
        let text = try String(contentsOf: messages.appending(path: name + ".hex"), encoding: .utf8)
        let group = name.contains("-sync-service") || name.contains("-sync-barrier") ? 8 : 5
        return 45 + 10 + group + text.filter(\.isHexDigit).count / 2
    }

    /// libknet without encryption (spec: transports.md 5.1).
    @Test(arguments: [
        (
            "010000010000 0001 00 00 01 01 00 00 70c00303 00 01000000 00000000 01000000 01000000 00000000"
                + "0100000000000000 01000000",
            "join (a membership forms: knows 1) node 1, ring seq 1, knet seq 1, Corosync 3 in libknet, not encrypted"
        ),
        (
            "010000010000 0009 00 00 01 02 02 00 aabbcc",
            "knet fragment 2 of 2 (part of a packet) node 1, knet seq 9, 17 bytes, libknet, not encrypted"
        ),
        (
            "018100020000 00 0308000000000000 f99c910c00000000 0000 01",
            "knet ping (asks whether the link is up, has sent no data in this life) node 2, link 0, knet seq 0, "
                + "libknet, not encrypted"
        ),
        (
            "018400010000 00 dc05",
            "knet MTU reply (a packet of that size has passed) node 1, link 0, 1500 bytes, libknet, not encrypted"
        ),
    ])
    func libknetIsSeenThrough(_ text: String, _ line: String) throws {
        #expect(try Tool.run(["decode"], input: Array(text.utf8)).lines[0] == line)
    }

    @Test func whatIsEncryptedIsSaidToBe() throws {
        let noise = String(repeating: "5a", count: 40)
        let old = try Tool.run(["decode"], input: Array("fefe0000\(noise)".utf8))
        #expect(old.lines[0].contains("Corosync 2.3/2.4, encrypted: not decodable without the key"))
        let unknown = try Tool.run(["decode"], input: Array(noise.utf8))
        #expect(unknown.lines[0].contains("probably encrypted Kronosnet/Corosync 2.0/2.1/1.x/OpenAIS or unknown"))
    }

    /// Bytes of strangers must not reach the terminal.
    @Test func controlCharactersAreNotPrinted() throws {
        let url = Self.messages.appending(path: "40-cpg-mcast-hello.hex")
        let text = try String(contentsOf: url, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            .replacingOccurrences(of: "616c706861", with: "1b5b324a07")
        let packet = Self.packet(text, isSynchronization: false)
        for format in ["text", "json"] {
            let result = try Tool.run(["decode", "-v", "--format", format], input: Array(packet.utf8))
            #expect(result.output.contains("?[2J?"))
            #expect(result.output.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
        }
    }
}
