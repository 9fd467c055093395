import Basics
import ClusterConfiguration
import Testing

/// Which node of the list this machine is.
@Suite struct LocalNodeTests {
    private func local(
        hostName: String, nodes: [(name: String?, address: String)], interfaces: [String] = [],
        names: NameTable = NameTable()
    ) -> UInt32? {
        var lines = ["totem {", "version: 2", "transport: udpu", "}", "nodelist {"]
        for (position, node) in nodes.enumerated() {
            lines += ["node {", "ring0_addr: \(node.address)", "nodeid: \(position + 1)"]
            if let name = node.name { lines.append("name: \(name)") }
            lines.append("}")
        }
        let host = HostFacts(
            hostName: hostName,
            interfaces: interfaces.compactMap { IPAddress($0) }.map {
                InterfaceAddress(interface: "eth0", address: $0, netmask: nil, isUp: true, index: 2)
            })
        var known = names
        for node in nodes where IPAddress(node.address) == nil && known.addresses[node.address] == nil {
            known.addresses[node.address] = [.v4(0x0A00_0063)]
        }
        let text = (lines + ["}"]).joined(separator: "\n")
        return (try? configuration(text, host: host, names: known))?.localNode.position
    }

    @Test func byHostName() {
        #expect(local(hostName: "b", nodes: [("a", "10.0.0.1"), ("b", "10.0.0.2")]) == 1)
        #expect(local(hostName: "b.example.org", nodes: [(nil, "a"), (nil, "b")]) == 1)
        #expect(local(hostName: "b.example.org", nodes: [(nil, "a"), ("b.example", "10.0.0.2")]) == 1)
        #expect(local(hostName: "b", nodes: [(nil, "a.example.org"), (nil, "b.example.org")]) == 1)
    }

    @Test func theHostNameComesBeforeAddresses() {
        #expect(
            local(hostName: "b", nodes: [("a", "10.0.0.1"), ("b", "10.0.0.2")], interfaces: ["10.0.0.1"]) == 1)
    }

    @Test func byInterfaceAddress() {
        #expect(local(hostName: "x", nodes: [("a", "10.0.0.1"), ("b", "10.0.0.2")], interfaces: ["10.0.0.2"]) == 1)
        #expect(local(hostName: "x", nodes: [("a", "fd00::1"), ("b", "fd00:0::2")], interfaces: ["fd00::2"]) == 1)
    }

    @Test func byReverseName() throws {
        let address = try #require(IPAddress("10.0.0.9"))
        let names = NameTable(names: [address: "b.example.org"])
        #expect(
            local(hostName: "x", nodes: [("a", "10.0.0.1"), ("b", "10.0.0.2")], interfaces: ["10.0.0.9"], names: names)
                == 1)
    }

    @Test func byResolvedName() throws {
        let address = try #require(IPAddress("10.0.0.9"))
        let names = NameTable(addresses: ["second": [address]])
        #expect(
            local(hostName: "x", nodes: [(nil, "first"), (nil, "second")], interfaces: ["10.0.0.9"], names: names) == 1)
    }

    @Test func aNumericHostNameIsNotTheStartOfAnAddress() {
        #expect(local(hostName: "10", nodes: [("a", "10.77.0.2"), ("b", "10.77.0.1")], interfaces: ["10.77.0.1"]) == 1)
    }

    @Test func nobody() {
        #expect(local(hostName: "x", nodes: [("a", "10.0.0.1")], interfaces: ["10.0.0.7"]) == nil)
    }

    @Test(
        "Takes the family that ip_version asks for",
        arguments: [
            ("ipv4", "10.77.0.5"), ("ipv6", "fd77::5"), ("ipv4-6", "10.77.0.5"), ("ipv6-4", "fd77::5"),
        ])
    func family(version: String, expected: String) throws {
        let both = [try #require(IPAddress("10.77.0.5")), try #require(IPAddress("fd77::5"))]
        let text =
            "totem {\nversion: 2\ntransport: udpu\nip_version: \(version)\n}\nnodelist {\n"
            + "node {\nring0_addr: n5\nname: node1\nnodeid: 5\n}\n}\n"
        let configuration = try configuration(text, names: NameTable(addresses: ["n5": both]))
        #expect(configuration.links.first?.members.first?.address.description == expected)
        #expect(configuration.entries.text("totem.interface.0.bindnetaddr") == "n5")
    }

    @Test func theOtherFamilyWillDoWhereItIsNotExcluded() throws {
        let names = NameTable(addresses: ["n5": [try #require(IPAddress("10.77.0.5"))]])
        let text = "totem {\nversion: 2\n}\nnodelist {\nnode {\nring0_addr: n5\nname: node1\nnodeid: 5\n}\n}\n"
        #expect(try configuration(text, names: names).links.first?.localAddress?.family == .v4)
    }
}
