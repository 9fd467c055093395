import Testing

@testable import Transports

struct AddressTests {
    @Test(arguments: ["127.0.0.1", "10.77.0.1", "255.255.255.255", "0.0.0.0", "::1", "fd00::1:2", "fe80::1", "::"])
    func `Numeric texts survive a round trip`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.description == text)
    }

    @Test(arguments: ["", "node1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::g", "fe80::1%nosuchinterface", "1.2.3.4 "])
    func `Names and malformed texts are no addresses`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func `Bytes are in network order`() throws {
        #expect(NetworkAddress("10.77.0.1")?.bytes == [10, 77, 0, 1])
        #expect(NetworkAddress("fd00::2")?.bytes == [0xfd] + [UInt8](repeating: 0, count: 14) + [2])
    }

    @Test func `A zone does not make another address`() throws {
        let plain = try #require(NetworkAddress("fe80::1"))
        let zoned = try #require(NetworkAddress("fe80::1%lo"))
        #expect(plain == zoned && zoned.zone != 0 && plain.isLinkLocal)
    }

    static let machine = [
        LocalInterface(
            name: "lo", index: 1, address: NetworkAddress(ipv4: 0x7f00_0001), prefixLength: 8, isUp: true,
            isLoopback: true),
        LocalInterface(
            name: "eth0", index: 2, address: NetworkAddress(ipv4: 0x0a4d_0001), prefixLength: 24, isUp: true,
            isLoopback: false),
        LocalInterface(
            name: "eth1", index: 3, address: NetworkAddress(ipv4: 0x0a4d_0007), prefixLength: 16, isUp: false,
            isLoopback: false),
    ]

    @Test(arguments: [
        ("10.77.0.7", "eth1", "10.77.0.7"),  // exact wins over an earlier matching network
        ("10.77.0.0", "eth0", "10.77.0.1"),  // first matching network, its own address
        ("10.77.9.9", "eth1", "10.77.0.7"),
        ("127.0.0.2", "lo", "127.0.0.2"),  // the whole loopback network is this machine's own
    ])
    func `The own address is matched exactly, then by network`(wanted: String, name: String, own: String) throws {
        let address = try #require(NetworkAddress(wanted))
        let found = try #require(LocalInterface.matching(address, among: Self.machine))
        #expect(found.name == name)
        #expect(found.address.description == own)
    }

    @Test func `A foreign address and another family match nothing`() throws {
        for text in ["192.0.2.1", "::1"] {
            let address = try #require(NetworkAddress(text))
            #expect(LocalInterface.matching(address, among: Self.machine) == nil)
        }
    }
}
