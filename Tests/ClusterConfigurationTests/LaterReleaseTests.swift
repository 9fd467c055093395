import Basics
import ClusterConfiguration
import Testing

/// What releases after 3.1.7 read from the file.
@Suite struct LaterReleaseTests {
    // MARK: totem.ip_dscp

    @Test(arguments: [
        ("0", 0), ("63", 63), ("0x2E", 46), ("056", 46), ("cs0", 0), ("cs6", 48), ("af11", 10), ("af23", 22),
        ("af43", 38), ("ef", 46),
    ])
    func aServiceCodePointIsANumberOrAName(written: String, number: UInt8) throws {
        let configuration = try configuration(text(nodes: 2, transport: "knet", totem: ["ip_dscp: \(written)"]))
        #expect(configuration.serviceCodePoint == number)
        #expect(configuration.entries["totem.ip_dscp"]?.value == .u8(number))
    }

    @Test(arguments: ["64", "-1", "cs8", "af14", "EF", "0x40", "08", "46 "])
    func anythingElseIsRefusedInCorosyncsWords(written: String) throws {
        let error = configurationError { _ = try configuration(text(nodes: 2, totem: ["ip_dscp: \(written)!"])) }
        #expect(
            error?.message
                == "parser error: corosync.conf:5: Value of key \"totem.ip_dscp\" is expected to be number (0..63) or symbolical "
                + "dscp value, but \"\(written)!\" was given")
        #expect(error?.permitted?.contains("af41..af43") == true)
    }

    @Test func withoutTheKeyThereIsNone() throws {
        #expect(try configuration(text(nodes: 2)).serviceCodePoint == 0)
    }

    // MARK: A no-break space

    @Test func aNoBreakSpaceOfISO8859IsABlank() throws {
        let text = text(nodes: 2, transport: "udpu")
        let spaced = text.split(separator: "\n").flatMap { line -> [UInt8] in
            let parts = line.split(separator: ": ", maxSplits: 1)
            let key = Array(parts[0].utf8)
            guard parts.count == 2 else { return [0xA0] + key + [0xA0, 0x0A] }
            return [0xA0, 0x20] + key + [0x3A, 0xA0] + Array(parts[1].utf8) + [0x20, 0xA0, 0x0A]
        }
        let document = try ConfigurationDocument(spaced, file: "corosync.conf")
        #expect(
            document.entries.all.map(\.key) == (try ClusterConfigurationTests.document(text)).entries.all.map(\.key))
        #expect(try ClusterConfiguration(document, host: firstNode, names: NameTable()).nodes.count == 2)
    }

    @Test func theLastByteOfACharacterIsNoBlank() throws {
        let document = try document("totem {\nversion: 2\ncluster_name: voil\u{E0}\n}\n")
        #expect(document.entries.text("totem.cluster_name") == "voil\u{E0}")
    }

    // MARK: runtime.config.totem.interface.L.mcastport

    @Test func thePortsOfLinksAreInTheMap() throws {
        let text = text(
            nodes: 2, transport: "knet", totem: ["interface {", "linknumber: 1", "mcastport: 6000", "}"], links: [0, 1])
        let entries = try configuration(text).entries
        #expect(entries["runtime.config.totem.interface.0.mcastport"]?.value == .u16(5405))
        #expect(entries["runtime.config.totem.interface.1.mcastport"]?.value == .u16(6000))
        let udp = try configuration(ClusterConfigurationTests.text(nodes: 2)).entries
        #expect(udp["runtime.config.totem.interface.0.mcastport"] == nil)
    }

    // MARK: Ping timers

    @Test(arguments: [
        ("knet_pong_count: 256", "Invalid knet_pong_count for interface 0", "knet_pong_count"),
        ("knet_pong_count: 2000", "The knet ping timers are 0 for interface 0", "knet_pong_count"),
        ("knet_ping_precision: 0", "Invalid knet_ping_precision for interface 0", "knet_ping_precision"),
    ])
    func pingTimersThatCannotWorkAreRefused(line: String, message: String, key: String) throws {
        let section = ["interface {", "linknumber: 0", line, "}"]
        let error = configurationError {
            _ = try configuration(text(nodes: 2, transport: "knet", totem: section))
        }
        #expect(error?.message == "parse error in config: " + message)
        #expect(error?.key == "totem.interface.0.\(key)")
        #expect(error?.exitStatus == 8)
        // Nobody is pinged.
        #expect(throws: Never.self) { try configuration(text(nodes: 1, transport: "knet", totem: section)) }
    }
}
