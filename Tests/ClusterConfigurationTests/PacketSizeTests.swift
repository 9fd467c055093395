import Basics
import ClusterConfiguration
import Testing

/// Packets are as large as the network carries whole (spec: transports.md 6).
@Suite("Packet sizes")
struct PacketSizeTests {
    private func text(_ address: String, _ totem: String = "") -> [UInt8] {
        Array(
            """
            totem {
                version: 2
                transport: udpu
                \(totem)
            }
            nodelist {
                node {
                    ring0_addr: \(address)
                    name: one
                    nodeid: 1
                }
            }

            """.utf8)
    }

    private func configuration(
        _ address: String, _ totem: String = "", interface: String? = nil, interfaceMTU: UInt32?
    ) throws -> ClusterConfiguration {
        let local = try #require(IPAddress(interface ?? address))
        let host = HostFacts(
            hostName: "one",
            interfaces: [
                InterfaceAddress(
                    interface: "eth0", address: local, netmask: interface == nil ? nil : .v4(0xFFFF_FF00), isUp: true,
                    index: 2, mtu: interfaceMTU)
            ])
        return try ClusterConfiguration(
            try ConfigurationDocument(text(address, totem), file: "corosync.conf"), host: host, names: NameTable())
    }

    @Test(
        "Without netmtu they are Corosync's where those pass whole, and else so large that those of recovery pass too",
        arguments: [
            ("10.0.0.1", 1500, 1500), ("10.0.0.1", nil, 1500), ("10.0.0.1", 9000, 1500), ("10.0.0.1", 1483, 1500),
            ("10.0.0.1", 1482, 1454), ("10.0.0.1", 1450, 1422), ("10.0.0.1", 100, 548),
            ("fd00::1", 1500, 1452), ("fd00::1", nil, 1452), ("fd00::1", 9000, 1452), ("fd00::1", 1280, 1232),
        ] as [(String, UInt32?, UInt32)])
    func byInterface(address: String, interface: UInt32?, expected: UInt32) throws {
        let configuration = try configuration(address, interfaceMTU: interface)
        #expect(configuration.mtu == expected)
        #expect(configuration.warnings.isEmpty)
    }

    @Test("Where another address of the network is used instead, its interface counts")
    func substitute() throws {
        let tunnel = try configuration("10.0.0.1", interface: "10.0.0.9", interfaceMTU: 1400)
        #expect(tunnel.mtu == 1372)
        let cut = try configuration("10.0.0.1", "netmtu: 1500", interface: "10.0.0.9", interfaceMTU: 1400)
        #expect(cut.warnings.contains { $0.description.contains("eth0 has an MTU of 1400") })
    }

    @Test("What the file gives is obeyed, with a warning where the kernel will cut packets")
    func given() throws {
        let fits = try configuration("fd00::1", "netmtu: 1497", interfaceMTU: 1500)
        #expect(fits.mtu == 1497 && fits.warnings.isEmpty)
        let cut = try configuration("fd00::1", "netmtu: 1500", interfaceMTU: 1500)
        #expect(cut.mtu == 1500)
        #expect(
            cut.warnings.map(\.description) == [
                "corosync.conf:4: With totem.netmtu 1500 full packets have 1503 bytes, headers included, but eth0 has an MTU "
                    + "of 1500: the kernel cuts each in two, and some networks drop the parts. To do: set totem.netmtu to "
                    + "at most 1452, or remove the line."
            ])
        let tunnel = try configuration("10.0.0.1", "netmtu: 1500", interfaceMTU: 1450)
        #expect(tunnel.mtu == 1500 && tunnel.warnings.count == 1)
    }

    @Test("A tool that has only the file knows the family")
    func document() throws {
        let expectations: [(address: String, totem: String, mtu: UInt32, warnings: Int)] = [
            ("10.0.0.1", "", 1500, 0), ("fd00::1", "", 1452, 0), ("fd00::1", "netmtu: 1500", 1500, 1),
            ("fd00::1", "netmtu: 1497", 1497, 0), ("name", "", 1500, 0), ("name", "ip_version: ipv6", 1452, 0),
        ]
        for (address, totem, mtu, warnings) in expectations {
            let document = try ConfigurationDocument(text(address, totem), file: "corosync.conf")
            #expect(document.mtu == mtu, "\(address) \(totem)")
            let advice = document.advice.filter { $0.key == "totem.netmtu" && $0.weight == .warning }
            #expect(advice.count == warnings, "\(address) \(totem)")
        }
    }
}
