import Basics
import ClusterConfiguration
import Testing

/// What is said of the interfaces that knet's links use (spec: knet.md 9).
@Suite("MTUs of links")
struct LinkMTUTests {
    private func advice(_ mtus: [UInt32?], _ totem: String = "") throws -> [Advice] {
        let text = """
            totem {
                version: 2
                cluster_name: mtus
                \(totem)
            }
            nodelist {
                node {
                    ring0_addr: 10.0.0.1
                    ring1_addr: 10.0.1.1
                    nodeid: 1
                    name: one
                }
                node {
                    ring0_addr: 10.0.0.2
                    ring1_addr: 10.0.1.2
                    nodeid: 2
                    name: two
                }
            }

            """
        let interfaces = try mtus.enumerated().map { link, mtu in
            InterfaceAddress(
                interface: "eth\(link)", address: try #require(IPAddress("10.0.\(link).1")), netmask: .v4(0xFFFF_FF00),
                isUp: true, index: UInt32(link) + 2, mtu: mtu)
        }
        let host = HostFacts(hostName: "one", interfaces: interfaces)
        return try ClusterConfiguration(
            try ConfigurationDocument(Array(text.utf8), file: "corosync.conf"), host: host, names: NameTable()
        ).linkMTUAdvice(host)
    }

    @Test("Like ones, and those that nobody knows, are no matter")
    func like() throws {
        #expect(try advice([1500, 1500]).isEmpty)
        #expect(try advice([9000, nil]).isEmpty)
    }

    @Test("Unlike ones are named with their links, and the one that packets are cut for")
    func unlike() throws {
        let found = try advice([9000, 1500])
        #expect(found.map(\.weight) == [.note])
        #expect(found[0].text.contains("link 0 on eth0 9000, link 1 on eth1 1500"))
        #expect(found[0].text.contains("cut for link 1"))
    }

    @Test("A configured size that an interface does not carry is a warning with the line, one that all carry is none")
    func configured() throws {
        #expect(try advice([9000, 1500], "knet_mtu: 1500").isEmpty)
        let found = try advice([9000, 1500], "knet_mtu: 1501")
        #expect(found.map(\.weight) == [.warning])
        #expect(found[0].origin?.line == 4)
        #expect(found[0].text.contains("eth1 of link 1 carries (1500)"))
    }
}
