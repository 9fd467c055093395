import Basics
import Glibc
import Testing

@testable import Transports

struct AddressTests {
    @Test(arguments: ["127.0.0.1", "10.77.0.1", "255.255.255.255", "0.0.0.0", "::1", "fd00::1:2", "::", "fe80::1"])
    func `A socket address survives the kernel's form`(text: String) throws {
        let address = try #require(IPAddress(text))
        let target = SocketAddress(address, zone: address.family == .v6 ? 7 : 0, port: 5405)
        var storage = sockaddr_storage()
        let length = SocketAddressStorage.write(target, into: &storage)
        #expect(length == (address.family == .v4 ? 16 : 28))
        #expect(withUnsafeBytes(of: &storage) { $0.baseAddress.flatMap { SocketAddressStorage.read($0) } } == target)
    }

    @Test(arguments: ["127.0.0.1", "10.77.0.1", "::1", "fd00::1:2", "fe80::1"])
    func `The kernel's form is the one the C library makes of the text`(text: String) throws {
        let address = try #require(IPAddress(text))
        var storage = sockaddr_storage()
        SocketAddressStorage.write(SocketAddress(address, port: 5405), into: &storage)
        let (family, offset) = address.family == .v4 ? (AF_INET, 4) : (AF_INET6, 8)
        var expected = [UInt8](repeating: 0, count: address.bytes.count)
        #expect(inet_pton(family, text, &expected) == 1)
        let written = withUnsafeBytes(of: &storage) { Array($0) }
        #expect(storage.ss_family == sa_family_t(family))
        #expect(Array(written[2..<4]) == [5405 >> 8, 5405 & 0xff])
        #expect(Array(written[offset..<(offset + expected.count)]) == expected)
    }

    @Test func `What is no address of the Internet is not read`() {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(withUnsafeBytes(of: &storage) { $0.baseAddress.flatMap { SocketAddressStorage.read($0) } } == nil)
    }

    @Test func `Only a link-local address has the zone of its interface`() throws {
        var found = Self.machine[1]
        #expect(found.zone == 0)
        found.address = try #require(IPAddress("fd00::1"))
        #expect(found.zone == 0)
        found.address = try #require(IPAddress("fe80::1"))
        #expect(found.zone == 2)
    }

    static let machine = [
        InterfaceAddress(
            interface: "lo", address: .v4(0x7f00_0001), netmask: .v4(0xff00_0000), isUp: true, isLoopback: true,
            index: 1),
        InterfaceAddress(
            interface: "eth0", address: .v4(0x0a4d_0001), netmask: .v4(0xffff_ff00), isUp: true, index: 2),
        InterfaceAddress(
            interface: "eth1", address: .v4(0x0a4d_0007), netmask: .v4(0xffff_0000), isUp: false, index: 3),
    ]

    @Test(arguments: [
        ("10.77.0.7", "eth1", "10.77.0.7"),  // exact wins over an earlier matching network
        ("10.77.0.0", "eth0", "10.77.0.1"),  // first matching network, its own address
        ("10.77.9.9", "eth1", "10.77.0.7"),
        ("127.0.0.2", "lo", "127.0.0.2"),  // the whole loopback network is this machine's own
    ])
    func `The own address is matched exactly, then by network`(wanted: String, name: String, own: String) throws {
        let address = try #require(IPAddress(wanted))
        let found = try #require(InterfaceAddress.own(for: address, among: Self.machine))
        #expect(found.interface == name)
        #expect(found.address.description == own)
    }

    @Test func `A foreign address and another family match nothing`() throws {
        for text in ["192.0.2.1", "::1"] {
            let address = try #require(IPAddress(text))
            #expect(InterfaceAddress.own(for: address, among: Self.machine) == nil)
        }
    }
}
