import Basics
import ClusterConfiguration
import Testing

@Suite struct AddressTests {
    @Test(
        "Prints addresses in their canonical form",
        arguments: [
            ("10.77.0.1", "10.77.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("FD00:0:0:0:0:0:0:1", "fd00::1"), ("2001:db8::0:1", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("fe80::", "fe80::"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::1.2.3.4"), ("1::8", "1::8"),
            ("0001:0002:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ])
    func canonical(text: String, expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == expected)
        #expect(IPAddress(address.description) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(
        "Takes nothing else for an address",
        arguments: [
            "", ".", "1", "10.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1..2.3", ":",
            ":::", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "::1.2.3",
            "1.2.3.4::", "+1::", "::-1", "::+1.2.3.4", "node1", "é", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7",
        ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("Orders addresses by family and number, as those who search in lists of them rely on")
    func order() throws {
        let ascending = try [
            "0.0.0.0", "9.255.255.255", "10.0.0.1", "255.255.255.255", "::", "::2", "::1:0:0:0:0", "fd00::1", "fd00::2",
        ].map { try #require(IPAddress($0)) }
        #expect(ascending.reversed().sorted() == ascending)
        for (index, address) in ascending.enumerated() {
            #expect(ascending.map { $0 < address } == ascending.indices.map { $0 < index })
        }
    }

    @Test(
        "Prints where a socket sends to",
        arguments: [
            ("10.77.0.1", UInt32(0), "10.77.0.1:5405"), ("fd00::1", 0, "[fd00::1]:5405"),
            ("fe80::1", 2, "[fe80::1%2]:5405"),
        ])
    func socketAddress(address: String, zone: UInt32, expected: String) throws {
        let address = try #require(IPAddress(address))
        #expect(SocketAddress(address, zone: zone, port: 5405).description == expected)
    }

    @Test(
        "Knows link-local addresses",
        arguments: [
            ("fe80::1", true), ("febf::1", true), ("fec0::1", false), ("fe00::1", false), ("::1", false),
            ("169.254.0.1", false),
        ])
    func linkLocal(text: String, expected: Bool) throws {
        #expect(try #require(IPAddress(text)).isLinkLocal == expected)
    }

    @Test(
        "Derives udp's group from the cluster name as real daemons do",
        arguments: [
            ("a", "239.192.0.97"), ("tB", "239.192.1.43"), ("tE", "239.192.1.46"), ("abc", "239.192.2.173"),
            ("mycluster", "239.192.221.146"),
            ("a_very_long_cluster_name_with_many_chars", "239.192.4.111"), ("été", "239.192.250.114"),
        ])
    func multicast(name: String, expected: String) throws {
        let text = text(nodes: 2, transport: "udp").replacing("cluster_name: rondo", with: "cluster_name: \(name)")
        let configuration = try configuration(text)
        #expect(configuration.links.first?.multicastAddress?.description == expected)
        #expect(configuration.entries.text("totem.interface.0.mcastaddr") == expected)
        #expect(configuration.entries.u16("totem.interface.0.mcastport") == 5405)
    }

    @Test(arguments: [("tB", "ff15::12a"), ("tE", "ff15::12d")])
    func multicastOverIPv6(name: String, expected: String) throws {
        let text = """
            totem {
            version: 2
            transport: udp
            ip_version: ipv6
            cluster_name: \(name)
            }
            nodelist {
            node {
            ring0_addr: fd77::1
            nodeid: 1
            }
            }
            """
        var host = firstNode
        host.interfaces.append(
            InterfaceAddress(
                interface: "eth0", address: try #require(IPAddress("fd77::1")),
                netmask: IPAddress("ffff:ffff:ffff:ffff::"), isUp: true, index: 2))
        #expect(try configuration(text, host: host).links.first?.multicastAddress?.description == expected)
    }

    @Test func findsTheInterfaceOfAnAddress() throws {
        let exact = try #require(IPAddress("10.77.0.1"))
        let network = try #require(IPAddress("10.77.0.0"))
        #expect(InterfaceAddress.carrying(exact, among: firstNode.interfaces)?.index == 2)
        #expect(InterfaceAddress.carrying(network, among: firstNode.interfaces)?.address == exact)
        for text in ["10.79.0.1", "fd77::1"] {
            let foreign = try #require(IPAddress(text))
            #expect(InterfaceAddress.carrying(foreign, among: firstNode.interfaces) == nil)
        }
    }

    @Test("A link-local address may name its node's interface, which says nothing to the others")
    func zones() throws {
        let own = InterfaceAddress(
            interface: "eth1", address: try #require(IPAddress("fe80::77:1")),
            netmask: IPAddress("ffff:ffff:ffff:ffff::"),
            isUp: true, index: 3)
        let host = HostFacts(hostName: "elsewhere", interfaces: [own])
        let file = text(nodes: 2, transport: "knet")
            .replacing("10.77.0.1", with: "fe80::77:1%eth1").replacing("10.77.0.2", with: "fe80::77:2%enp3s0")
        let link = try #require(try configuration(file, host: host).links.first)
        #expect(link.localAddress == own.address && link.localInterface == "eth1")
        #expect(link.members.map(\.address) == [own.address, IPAddress("fe80::77:2")])
        for wrong in ["fd00::1%eth1", "fe80::77:1%", "fe80::77:1%a-name-of-16-byte"] {
            let file = file.replacing("fe80::77:2%enp3s0", with: wrong)
            #expect(configurationError { _ = try configuration(file, host: host) } != nil, "\(wrong)")
        }
    }
}
