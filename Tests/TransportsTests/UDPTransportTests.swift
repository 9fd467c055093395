import Basics
import Glibc
import Testing
import TotemWire

@testable import Transports

@Suite(.serialized)
struct UDPTransportTests {
    @Test func `A multicast reaches every other node and not the sender`() throws {
        let ring = try openRing(3, from: 10)
        send([1, 2, 3], ring[0], to: .everyone)
        ring[0].flush()
        #expect(collect(1, from: ring[1]) == [[1, 2, 3]])
        #expect(collect(1, from: ring[2]) == [[1, 2, 3]])
        #expect(isSilent(ring[0]))
        #expect(ring[1].statistics.receivedDatagrams == 1)
    }

    @Test func `A token reaches only its target; one to the own or an unknown node goes nowhere`() throws {
        let ring = try openRing(3, from: 14)
        send([7], ring[0], to: .node(NodeID(2)))
        send([8], ring[0], to: .node(NodeID(1)))
        send([9], ring[0], to: .node(NodeID(77)))
        ring[0].flush()
        #expect(collect(1, from: ring[1]) == [[7]])
        #expect(isSilent(ring[0]) && isSilent(ring[2]))
        #expect(ring[0].statistics.sentDatagrams == 1)
    }

    @Test func `A token visit arrives in order, datagram by datagram, and takes one system call`() throws {
        let ring = try openRing(3, from: 18)
        var expected: [[UInt8]] = []
        for number in 0..<17 {
            let packet = [UInt8](repeating: UInt8(number), count: 1455)
            expected.append(packet)
            send(packet, ring[0], to: .everyone)
        }
        let token = [UInt8](repeating: 0xee, count: 57)
        send(token, ring[0], to: .node(NodeID(2)))
        ring[0].flush()
        #expect(ring[0].statistics.sendCalls == 1)
        #expect(collect(18, from: ring[1]) == expected + [token])
        #expect(collect(17, from: ring[2]) == expected)
        #expect(isSilent(ring[1]) && isSilent(ring[2]))
    }

    @Test func `After many lonely tokens messages and what comes with them arrive in order and in full`() throws {
        let ring = try openRing(2, from: 150)
        let token = [UInt8](repeating: 0xee, count: 57)
        for number in 0..<40 {
            let lonely = token + [UInt8(number)]
            send(lonely, ring[0], to: .node(NodeID(2)))
            ring[0].flush()
            #expect(collect(1, from: ring[1]) == [lonely])
        }
        var expected: [[UInt8]] = []
        for number in 0..<5 {
            let message = [UInt8](repeating: UInt8(number), count: 900 + number)
            send(message, ring[0], to: .everyone)
            send(token, ring[0], to: .node(NodeID(2)))
            ring[0].flush()
            expected += [message, token]
        }
        #expect(collect(expected.count, from: ring[1]) == expected)
    }

    @Test func `Datagrams of all sizes in one batch keep their order and their bounds`() throws {
        let ring = try openRing(2, from: 22)
        let sizes = [1, 45, 45, 44, 1455, 1455, 1500, 9000, 9000, 13, 65507, 2, 2, 2]
        var expected: [[UInt8]] = []
        for (number, size) in sizes.enumerated() {
            let packet = [UInt8](repeating: UInt8(number), count: size)
            expected.append(packet)
            send(packet, ring[0], to: .everyone)
        }
        ring[0].flush()
        #expect(collect(sizes.count, from: ring[1]) == expected)
    }

    @Test func `More datagrams than fit into one call all arrive`() throws {
        let ring = try openRing(2, from: 26)
        var expected: [[UInt8]] = []
        for number in 0..<1500 {
            let packet = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 20 + number % 7)
            expected.append(packet)
            send(packet, ring[0], to: .everyone)
        }
        ring[0].flush()
        #expect(collect(1500, from: ring[1]) == expected)
    }

    @Test func `A datagram no network can carry is counted and does not stop the ones after it`() throws {
        let ring = try openRing(2, from: 30)
        send([UInt8](repeating: 1, count: 70000), ring[0], to: .everyone)
        send([5], ring[0], to: .everyone)
        ring[0].flush()
        #expect(collect(1, from: ring[1]) == [[5]])
        #expect(ring[0].statistics.sendErrors == 1)
        #expect(ring[0].statistics.consecutiveSendErrors == 0)
    }

    @Test func `Datagrams of unlisted addresses are counted and dropped until that is switched off`() throws {
        let all = members(2, from: 34)
        let inside = try UDPTransport(
            address: all[0].address, port: 5405, node: NodeID(1), members: all)
        let outside = try UDPTransport(
            address: TestAddress.loopback(99), port: 5405, node: NodeID(9), members: all)
        send([1], outside, to: .node(NodeID(1)))
        outside.flush()
        #expect(waitReadable(inside, limit: 5000))
        #expect(isSilent(inside))
        #expect(inside.statistics.rejectedSources == 1)

        inside.blocksUnlistedAddresses = false
        send([2], outside, to: .node(NodeID(1)))
        outside.flush()
        #expect(collect(1, from: inside) == [[2]])
        #expect(inside.source(0) == TestAddress.loopback(99))
    }

    @Test func `Adding a member twice does not send to it twice`() throws {
        let ring = try openRing(2, from: 38)
        let again = UDPTransport.Member(node: NodeID(2), address: TestAddress.loopback(39))
        #expect(try ring[0].add(again) == false)
        send([1], ring[0], to: .everyone)
        send([2], ring[0], to: .everyone)
        ring[0].flush()
        #expect(collect(2, from: ring[1]) == [[1], [2]])
        #expect(isSilent(ring[1]))
    }

    @Test func `A removed member gets nothing and is not listened to`() throws {
        let ring = try openRing(3, from: 42)
        #expect(ring[0].remove(NodeID(2))?.address == TestAddress.loopback(43))
        #expect(ring[0].remove(NodeID(2)) == nil)
        send([1], ring[0], to: .everyone)
        ring[0].flush()
        #expect(collect(1, from: ring[2]) == [[1]])
        #expect(isSilent(ring[1]))
        send([2], ring[1], to: .node(NodeID(1)))
        ring[1].flush()
        #expect(waitReadable(ring[0], limit: 5000))
        #expect(isSilent(ring[0]))
    }

    @Test func `A dead member does not keep the living from hearing`() throws {
        let all = members(3, from: 50)
        let first = try UDPTransport(address: all[0].address, port: 5405, node: NodeID(1), members: all)
        let third = try UDPTransport(address: all[2].address, port: 5405, node: NodeID(3), members: all)
        for number in 0..<50 {
            send([UInt8(number)], first, to: .everyone)
            first.flush()
        }
        #expect(collect(50, from: third) == (0..<50).map { [UInt8($0)] })
    }
}
