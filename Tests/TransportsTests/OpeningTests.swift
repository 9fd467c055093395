import Basics
import Glibc
import Links
import Testing
import TotemWire

@testable import Transports

@Suite(.serialized)
struct OpeningTests {
    @Test func `A busy port is named with the remedy, after the permitted attempts`() throws {
        let address = TestAddress.loopback(150)
        let first = try UDPTransport(address: address, port: 5405, node: NodeID(1), members: [])
        var attempts: [Int] = []
        let error = #expect(throws: TransportError.self) {
            _ = try UDPTransport(address: address, port: 5405, node: NodeID(1), members: []) { attempt in
                attempts.append(attempt)
                return attempt <= 10
            }
        }
        #expect(error == .portInUse(address, port: 5405, attempts: 11))
        #expect(attempts == Array(1...11))
        let text = error?.description ?? ""
        #expect(text.contains("5405") && text.contains(address.description) && text.contains("ss -ulpn"))
        withExtendedLifetime(first) {}
    }

    @Test func `A port that becomes free is taken`() throws {
        let address = TestAddress.loopback(151)
        var first: UDPTransport? = try UDPTransport(
            address: address, port: 5405, node: NodeID(1), members: [])
        #expect(first != nil)
        let second = try UDPTransport(address: address, port: 5405, node: NodeID(1), members: []) { _ in
            first = nil
            return true
        }
        #expect(second.port == 5405)
    }

    @Test func `An address of another machine is refused with the remedy`() throws {
        let address = try #require(IPAddress("198.51.100.77"))
        let error = #expect(throws: TransportError.self) {
            _ = try UDPTransport(address: address, port: 5405, node: NodeID(1), members: [])
        }
        #expect(error == .addressNotLocal(address))
        #expect(error?.description.contains("198.51.100.77") == true)
        #expect(error?.description.contains("ring0_addr") == true)
    }

    @Test func `A member of another family is refused`() throws {
        let six = try #require(IPAddress("fd00::2"))
        let own = TestAddress.loopback(152)
        #expect(throws: TransportError.mixedFamilies(own: own, member: six)) {
            _ = try UDPTransport(
                address: own, port: 0, node: NodeID(1), members: [.init(node: NodeID(2), address: six)])
        }
    }

    @Test func `A vanished address silences the node until it is back`() throws {
        let ring = try openRing(2, from: 160)
        #expect(ring[0].checkInterface() == .none)
        #expect(ring[0].update(found: nil) == .wentDown)
        #expect(ring[0].update(found: nil) == .none)
        send([1], ring[0], to: .everyone)
        ring[0].flush()
        #expect(isSilent(ring[1]))
        send([2], ring[1], to: .everyone)
        ring[1].flush()
        #expect(waitReadable(ring[0], limit: 5000))
        #expect(isSilent(ring[0]))

        #expect(ring[0].checkInterface() == .cameUp(TestAddress.loopback(160)))
        send([3], ring[1], to: .everyone)
        ring[1].flush()
        #expect(collect(1, from: ring[0]) == [[3]])
    }

    @Test func `An interface that is down counts as a vanished address`() throws {
        let ring = try openRing(1, from: 170)
        var interface = try #require(
            InterfaceAddress.own(for: ring[0].address, among: InterfaceAddress.ofThisMachine()))
        interface.isUp = false
        #expect(ring[0].update(found: interface) == .wentDown)
    }

    @Test func `Packets bear the code point that was asked for`() throws {
        func type(_ descriptor: Int32) -> Int32 {
            var value: Int32 = -1
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, Int32(IPPROTO_IP), IP_TOS, &value, &length)
            return value
        }
        let address = TestAddress.loopback(61)
        let marked = try UDPTransport(
            address: address, port: 0, node: NodeID(1), members: [], serviceCodePoint: 46)
        #expect(type(marked.descriptor) == 46 << 2)
        let link = KnetTransport(serviceCodePoint: 46)
        #expect(type(try link.open(SocketNumber(0), at: SocketAddress(address, port: 0))) == 46 << 2)
        let plain = KnetTransport()
        #expect(type(try plain.open(SocketNumber(0), at: SocketAddress(address, port: 0))) == 0x10)
    }
}
