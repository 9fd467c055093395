import Basics
import ClusterConfiguration
import Testing

/// What is said of the addresses of several links.
extension CaseTests {
    /// A file of two nodes, this machine and beta, with the addresses of their links.
    private func linked(_ own: String..., beta: String...) -> String {
        func lines(_ addresses: [String]) -> String {
            addresses.enumerated().map { "ring\($0)_addr: \($1)\n" }.joined()
        }
        return
            "totem {\nversion: 2\ntransport: knet\ncluster_name: c\n}\nnodelist {\nnode {\n\(lines(own))name: alpha\nnodeid: 1\n}\n"
            + "node {\n\(lines(beta))name: beta\nnodeid: 2\n}\n}\n"
    }

    private func linkWarnings(_ text: String, fault: AddressFault? = nil) throws -> [String] {
        var host = alpha
        host.interfaces.append(
            InterfaceAddress(
                interface: "eth1", address: .v4(0x0A4E_0001), netmask: .v4(0xFFFF_0000), isUp: true, index: 3))
        host.interfaces.append(
            InterfaceAddress(
                interface: "eth1", address: .v4(0x0A4F_0001), netmask: .v4(0xFFFF_0000), isUp: true, index: 3))
        host.interfaces.append(
            InterfaceAddress(
                interface: "eth2", address: .v4(0x0A4E_0008), netmask: .v4(0xFFFF_0000), isUp: true, index: 4))
        let configuration = try ClusterConfiguration(try document(text: text), host: host, names: NameTable())
        #expect(configuration.addressFault == fault)
        return configuration.warnings.map(\.description)
    }

    @Test func addressesOfFurtherLinksAreLookedAtAsThoseOfTheFirst() throws {
        #expect(try linkWarnings(linked("10.77.0.1", "10.78.0.1", beta: "10.77.0.2", "10.78.0.2")).isEmpty)
        let absent = try linkWarnings(linked("10.77.0.1", "10.78.0.9", beta: "10.77.0.2", "10.78.0.2"))
        #expect(
            absent == [
                "corosync.conf:9: ring1_addr 10.78.0.9 of this node is on no interface of this machine. No other node can reach "
                    + "it there: link 1 carries nothing. To do: write 10.78.0.1 on all nodes if that was meant, or add the "
                    + "address to eth1."
            ])
        let loopback = try linkWarnings(linked("10.77.0.1", "127.0.1.1", beta: "10.77.0.2", "10.78.0.2"))
        #expect(loopback.count == 1 && loopback[0].contains("ring1_addr 127.0.1.1 of this node is a loopback address"))
        let shared = try linkWarnings(linked("10.77.0.1", "10.78.0.1", beta: "10.77.0.2", "10.78.0.1"))
        #expect(shared.count == 1 && shared[0].contains(":15: nodes 1 and 2 have the same address, 10.78.0.1."))
    }

    @Test func aNodeWaitsForItsAddressOnlyWhereNoLinkLeadsToIt() throws {
        let first = try linkWarnings(linked("10.77.0.9", "10.78.0.1", beta: "10.77.0.2", "10.78.0.2"))
        #expect(first.count == 1 && first[0].contains("can reach it there: link 0 carries nothing."))
        let both = try linkWarnings(
            linked("10.99.0.9", "10.78.0.9", beta: "10.99.0.2", "10.78.0.2"), fault: .absent(substitute: nil))
        #expect(both.count == 2 && both.allSatisfy { $0.contains("it forms no ring of its own.") })
    }

    @Test func anAddressOfNoMachineIsRefusedWhereNoOtherLinkLeadsToTheNode() throws {
        func configuration(_ text: String) throws -> ClusterConfiguration {
            try ClusterConfiguration(try document(text: text), host: alpha, names: NameTable())
        }
        let one = try configuration(linked("0.0.0.0", "10.77.0.1", beta: "10.78.0.2", "10.77.0.2"))
        #expect(one.addressRefusal == nil && one.addressFault == nil)
        #expect(one.warnings.map(\.origin?.line) == [8])
        let both = try configuration(linked("0.0.0.0", "224.0.0.1", beta: "10.78.0.2", "10.77.0.2"))
        #expect(both.addressRefusal?.origin?.line == 8)
        // Who waits is told why.
        let absent = try configuration(linked("0.0.0.0", "10.99.0.1", beta: "10.78.0.2", "10.77.0.2"))
        #expect(absent.addressRefusal == nil && absent.addressFault != nil)
        #expect(absent.addressWarning?.text.contains("ring1_addr 10.99.0.1 of this node is on no interface") == true)
    }

    @Test func twoLinksOfOneCableArePointedOut() throws {
        let same = try linkWarnings(linked("10.77.0.1", "10.77.0.1", beta: "10.77.0.2", "10.77.0.2"))
        #expect(
            same == [
                "corosync.conf:9: ring1_addr 10.77.0.1 of node 1 is the address of its ring0_addr (line 8), too, and so it is "
                    + "with 1 other node: what cuts one of the links cuts the other. To do: give every node a ring1_addr in "
                    + "another network, or remove it from all nodes."
            ])
        let interface = try linkWarnings(linked("10.78.0.1", "10.79.0.1", beta: "10.78.0.2", "10.79.0.2"))
        #expect(
            interface == [
                "corosync.conf:9: ring0_addr 10.78.0.1 and ring1_addr 10.79.0.1 of this node are both of eth1: what cuts one of "
                    + "the links cuts the other. To do: give every node a ring1_addr in another network, on an interface of "
                    + "its own."
            ])
        let network = try linkWarnings(linked("10.78.0.1", "10.78.0.8", beta: "10.78.0.2", "10.78.0.9"))
        #expect(network.count == 1 && network[0].contains("are in one network, though of eth1 and eth2: the kernel"))
        let crossed = try linkWarnings(linked("10.77.0.1", "10.78.0.1", beta: "10.77.0.2", "10.77.0.1"))
        #expect(
            crossed.count == 1 && crossed[0].contains("ring1_addr 10.77.0.1 of node 2 is ring0_addr of node 1, too."))
    }

    @Test func linkLocalAddressesOfTwoInterfacesAreTwoCables() throws {
        var host = alpha
        let address = try #require(IPAddress("fe80::77:1"))
        for (index, name) in ["eth1", "eth2"].enumerated() {
            host.interfaces.append(
                InterfaceAddress(
                    interface: name, address: address, netmask: IPAddress("ffff:ffff:ffff:ffff::"), isUp: true,
                    index: UInt32(index + 3)))
        }
        let text = linked("fe80::77:1%eth1", "fe80::77:1%eth2", beta: "fe80::77:2%eth1", "fe80::77:2%eth2")
        let configuration = try ClusterConfiguration(try document(text: text), host: host, names: NameTable())
        #expect(configuration.warnings.isEmpty)
    }

    @Test func oneCableIsSeenElsewhereToo() throws {
        let text = linked("10.77.0.1", "10.77.0.1", beta: "10.77.0.2", "10.78.0.2")
        let warnings = try ClusterConfiguration.elsewhere(try document(text: text)).warnings
        #expect(
            warnings.map(\.origin?.line) == [9] && warnings.first?.text.contains("(line 8), too: what cuts") == true)
    }
}
