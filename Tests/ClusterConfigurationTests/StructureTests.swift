import ClusterConfiguration
import Testing

/// What must fit together before a ring can start; first lines as a real Corosync 3.1.7 prints them.
@Suite struct StructureTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var totem: [String] = []
        var interface: [String] = []
        var nodes: [[String]] = [["ring0_addr: 10.77.0.1", "nodeid: 1", "name: a"]]
        var version = "version: 2"
        var message: String
        var testDescription: String { message }

        var text: String {
            var lines = ["totem {", version] + totem
            if !interface.isEmpty { lines += ["interface {"] + interface + ["}"] }
            lines += ["}", "nodelist {"]
            for node in nodes { lines += ["node {"] + node + ["}"] }
            return (lines + ["}"]).joined(separator: "\n") + "\n"
        }
    }

    static let first = ["ring0_addr: 10.77.0.1", "nodeid: 7"]

    static let refused: [Refused] = [
        Refused(totem: ["transport: x"], message: "Invalid transport type. Should be udpu, udp or knet"),
        Refused(
            totem: ["crypto_cipher: aes256"], message: "crypto_cipher requires crypto_hash with value other than none"),
        Refused(
            totem: ["link_mode: x"],
            message: "parse error in config: The Knet link mode \"x\" specified is invalid.  "
                + "It must be active, passive or rr."),
        Refused(
            totem: ["link_mode: " + String(repeating: "x", count: 64)], message: "totem.link_mode is too long"),
        Refused(
            interface: ["linknumber: 9", "ttl: 1"],
            message: "parse error in config: interface ring number 9 is bigger than allowed maximum 7"),
        Refused(
            nodes: [["ring9_addr: 10.77.0.1", "nodeid: 7"]],
            message: "parse error in config: interface ring number 9 is bigger than allowed maximum 7"),
        Refused(
            nodes: [["ring0_addr: 10.77.0.1", "name: a"]],
            message: "Knet requires an explicit nodeid for the local node"),
        Refused(
            nodes: [["ring0_addr: 10.77.0.1", "nodeid: 0"]],
            message: "Knet requires an explicit nodeid for the local node"),
        Refused(
            nodes: [["ring0_addr: 10.77.0.1", "nodeid: 70000"]],
            message: "Knet requires nodeid to be less than 65536 for address '10.77.0.1'."),
        Refused(
            nodes: [first, ["ring0_addr: 10.0.0.1"]],
            message: "Knet requires an explicit nodeid to be specified for address '10.0.0.1'."),
        Refused(
            nodes: [first, ["ring0_addr: nosuch.invalid", "nodeid: 2"]],
            message: "failed to parse node address 'nosuch.invalid'"),
        Refused(
            nodes: [first, ["ring0_addr: 10.0.0.1", "nodeid: 7"]], message: "Nodeid 7 appears twice in corosync.conf"),
        Refused(
            nodes: [["ring0_addr: 10.1.2.3", "nodeid: 7"]],
            message: "parse error in config: No valid name found for local host"),
        Refused(
            nodes: [first, ["ring0_addr: ::1", "nodeid: 8"]],
            message: "parse error in config: Nodes for link 0 have different IP families (compared ::1 with 10.77.0.1)"),
        Refused(
            totem: ["transport: udpu"], nodes: [["ring0_addr: 10.77.0.1", "ring1_addr: 10.78.0.1", "name: a"]],
            message: "parse error in config: 2 is too many configured interfaces for non-Knet transport."),
        Refused(
            totem: ["transport: udpu"], nodes: [["ring0_addr: ::1", "name: node1"]],
            message: "An IPV6 network requires that a node ID be specified"),
        Refused(
            totem: ["transport: udpu"], nodes: [first, ["ring0_addr: fd77::2"]],
            message: "An IPV6 network requires that a node ID be specified for address 'fd77::2'."),
        Refused(
            totem: ["transport: udp"], message: "parse error in config: No multicast address specified for interface 0"),
        Refused(
            totem: ["transport: udp"], interface: ["mcastaddr: 10.1.1.1"],
            message: "parse error in config: mcastaddr is not a correct multicast address for interface 0"),
        Refused(
            totem: ["transport: udp"], interface: ["mcastaddr: nosuch.invalid"],
            message: "failed to parse mcast address 'nosuch.invalid'"),
        Refused(
            totem: ["transport: udpu"], interface: ["ttl: 3"],
            message: "parse error in config: Can only set ttl on multicast transport types for interface 0"),
        Refused(
            totem: ["transport: udpu"], interface: ["knet_link_priority: 3"],
            message: "parse error in config: Can only set link priority on knet transport type for interface 0"),
        Refused(
            interface: ["knet_transport: tcp"], message: "Unrecognised knet_transport. expected 'udp' or 'sctp'"),
        Refused(
            interface: ["linknumber: 1", "mcastport: 5406"],
            message: "parse error in config: Not all nodes have the same number of links"),
        Refused(
            nodes: [["ring0_addr: 10.77.0.1", "ring1_addr: 10.78.0.1", "nodeid: 1"]],
            message: "parse error in config: for a multi-link configuration, all nodes must have a 'name' attribute"),
        Refused(
            nodes: [
                ["ring0_addr: 10.77.0.1", "ring1_addr: 10.78.0.1", "nodeid: 1", "name: a"],
                ["ring0_addr: 10.77.0.2", "nodeid: 2", "name: b"],
            ],
            message: "parse error in config: Not all nodes have the same number of links"),
        Refused(
            version: "version: 1",
            message: "parse error in config: This totem parser can only parse version 2 configurations."),
        Refused(
            totem: ["token: 10"], version: "",
            message: "parse error in config: This totem parser can only parse version 2 configurations."),
        Refused(
            totem: ["token: 10"],
            message: "parse error in config: The token timeout parameter (10 ms) may not be less than (30 ms)."),
        Refused(
            totem: ["ip_version: ipv6"], message: "failed to parse bindnet address '10.77.0.1'"),
        Refused(
            totem: ["transport: udpu", "secauth: on"],
            message: "parse error in config: crypto_cipher & crypto_hash are only valid for the Knet transport."),
        Refused(nodes: [], message: "parse error in config: No interfaces defined"),
    ]

    @Test("Refuses with Corosync's words and says what to do", arguments: refused)
    func refuses(refused: Refused) throws {
        let error = try #require(configurationError { _ = try configuration(refused.text) })
        #expect(error.message == refused.message)
        #expect(error.exitStatus == 8)
        #expect(error.remedy != nil)
        #expect(error.key != nil)
    }

    @Test func nodeIDsAreComparedInEveryPair() throws {
        for (a, b) in [(3, 4), (2, 10), (0, 11), (10, 11)] {
            var lines = ["totem {", "version: 2", "}", "nodelist {"]
            for position in 0..<12 {
                let id = position == b ? a + 1 : position + 1
                lines += ["node {", "ring0_addr: 10.77.0.\(position + 1)", "nodeid: \(id)", "}"]
            }
            let text = (lines + ["}"]).joined(separator: "\n")
            let error = configurationError { _ = try configuration(text) }
            #expect(error?.message == "Nodeid \(a + 1) appears twice in corosync.conf")
        }
    }

    @Test func moreNodesThanARingHoldsAreRefused() throws {
        func many(_ count: Int) -> String {
            let nodes = (1...count).map { "node {\nring0_addr: 10.77.\($0 / 256).\($0 % 256)\nnodeid: \($0)\n}\n" }
            return "totem {\nversion: 2\n}\nnodelist {\n\(nodes.joined())}\n"
        }
        #expect(try configuration(many(384)).nodes.count == 384)
        let error = configurationError { _ = try configuration(many(385)) }
        #expect(error?.message.contains("385 nodes are more than the 384") == true)
    }

    @Test func nodeIDsAreGeneratedFromAddresses() throws {
        let text = """
            totem {
            version: 2
            transport: udpu
            }
            nodelist {
            node {
            ring0_addr: 10.77.0.1
            }
            node {
            ring0_addr: other
            }
            }
            """
        let names = NameTable(addresses: ["other": [.v4(0xC0A8_4D01)]])
        let configuration = try configuration(text, names: names)
        #expect(configuration.localNodeID.rawValue == 172_818_433)
        #expect(configuration.entries.u32("nodelist.node.0.nodeid") == 172_818_433)
        #expect(configuration.entries.u32("nodelist.node.1.nodeid") == 3_232_255_233)
        // Corosync counts each node twice here; the token is not scaled for two.
        #expect(configuration.timings.token == 3000)
        #expect(configuration.links.first?.members.count == 2)

        let cleared = text.replacing("transport: udpu", with: "transport: udpu\nclear_node_high_bit: yes")
        let entries = try ClusterConfiguration(try document(cleared), host: firstNode, names: names).entries
        #expect(entries.u32("nodelist.node.1.nodeid") == 1_084_771_585)
    }

    /// A reload reports the two in different words.
    @Test(arguments: [("10.77.0.2", "nosuch.invalid", true), ("version: 2", "version: 2\njoin: 5", false)])
    func faultsOfMembersAreToldFromOthers(_ written: String, _ wrong: String, _ isAboutMembers: Bool) throws {
        let broken = text(nodes: 2).replacing(written, with: wrong)
        let error = #expect(throws: ConfigurationError.self) { try configuration(broken) }
        #expect(error?.isAboutMembers == isAboutMembers)
    }

    @Test func oldSettingsGiveCorosyncsWarnings() throws {
        let text = """
            totem {
            version: 2
            transport: udpu
            nodeid: 5
            interface {
            bindnetaddr: 10.77.0.0
            member {
            memberaddr: 1.2.3.4
            }
            }
            }
            nodelist {
            node {
            ring0_addr: 10.77.0.1
            nodeid: 1
            }
            }
            """
        #expect(
            try document(text).deprecations == [
                "member section is used together with nodelist. Members ignored.",
                "nodeid in totem section is deprecated and ignored. Nodelist (or autogenerated) nodeid is going to be "
                    + "used.",
                "interface section bindnetaddr is used together with nodelist. Nodelist one is going to be used.",
                "Please migrate config file to nodelist.",
            ])
    }

    @Test func aNodeWithoutAddressIsNoMemberAndReported() throws {
        let text = text(nodes: 2).replacing("nodelist {", with: "nodelist {\nnode {\nname: ghost\n}")
        let configuration = try configuration(text)
        #expect(configuration.links.first?.members.count == 2)
        #expect(configuration.timings.token == 3000)
        #expect(configuration.warnings.map(\.text) == ["node 0 (ghost) has no address and cannot be a member."])
    }

    @Test func aLinkWithoutTheLocalNodeNeedsASection() throws {
        func text(_ section: String) -> String {
            "totem {\nversion: 2\n\(section)}\nnodelist {\n"
                + "node {\nring0_addr: 10.77.0.1\nnodeid: 1\nname: a\n}\n"
                + "node {\nring1_addr: 10.78.0.2\nnodeid: 2\nname: b\n}\n}\n"
        }
        let error = configurationError { _ = try configuration(text("")) }
        #expect(error?.message == "parse error in config: No multicast port specified for interface 1")
        let accepted = try configuration(text("interface {\nlinknumber: 1\nknet_pong_count: 3\n}\n"))
        #expect(accepted.links.map(\.port) == [5405, 5406])
    }

    @Test func readsLinksWithTheirMembers() throws {
        let text = text(
            nodes: 3, transport: "knet", totem: ["interface {", "linknumber: 1", "mcastport: 6000", "}"], links: [0, 1])
        let configuration = try configuration(text)
        #expect(configuration.links.map(\.number) == [0, 1])
        #expect(configuration.links.map(\.port) == [5405, 6000])
        #expect(configuration.links[1].members.map(\.address.description) == ["10.78.0.1", "10.78.0.2", "10.78.0.3"])
        #expect(configuration.links[1].localAddress?.description == "10.78.0.1")
        #expect(configuration.mtu == 65536)
    }
}
