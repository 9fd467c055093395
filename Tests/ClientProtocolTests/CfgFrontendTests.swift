import Basics
import ClientProtocol
import ClusterMap
import Testing
import TotemWire

/// A daemon's configuration service on a two-node cluster, 10.77.0.1 and 10.77.0.2.
struct ConfigurationService {
    var map = ClusterMap()
    var frontend = CfgFrontend()
    var status: ClusterStatus
    var now = Instant(nanoseconds: 0)

    init(transport: ClusterStatus.Transport = .udpu) {
        let nodes = (1...2 as ClosedRange<UInt8>).map { number in
            let address = NodeAddress(family: .inet, bytes: [10, 77, 0, number], text: "10.77.0.\(number)")
            return ClusterStatus.Node(
                id: NodeID(UInt32(number)), isReachable: true,
                links: [LinkStatus(number: 0, address: address, isConnected: true, mtu: 1446)])
        }
        status = ClusterStatus(localNode: NodeID(1), transport: transport, netMTU: 1410, nodes: nodes)
        try? map.set("runtime.members.1.status", .text("joined"))
        try? map.set("runtime.members.2.status", .text("joined"))
        try? map.set("runtime.members.3.status", .text("left"))
    }

    /// - Returns: nil when the response comes later.
    mutating func ask(_ request: [UInt8], by connection: UInt64 = 1) -> ResponseFields? {
        var writer = ByteWriter()
        let outcome = frontend.handle(
            request.span, from: ConnectionID(connection), status: status, map: map, now: now, response: &writer)
        if outcome == .later { return nil }
        let response = ResponseFields(bytes: writer.bytes)
        #expect(response.size == writer.count)
        return response
    }

    static func simple(_ id: UInt32) -> [UInt8] { RequestBytes(id: id, size: 16).bytes }

    static func number(_ id: UInt32, _ number: UInt32) -> [UInt8] {
        var request = RequestBytes(id: id, size: 24)
        request.set(16, number)
        return request.bytes
    }

    static func nodeStatus(_ node: UInt32, version: UInt32 = 1) -> [UInt8] {
        var request = RequestBytes(id: 9, size: 32)
        request.set(16, node)
        request.set(24, version)
        return request.bytes
    }

    static func kill(_ node: UInt32, _ reason: String) -> [UInt8] {
        var request = RequestBytes(id: 2, size: 288)
        request.set(16, node)
        request.set(24, UInt16(reason.utf8.count + 1))
        request.set(26, text: reason)
        return request.bytes
    }
}

/// What libcfg is answered (spec: ipc.md 7, 14).
@Suite struct CfgFrontendTests {
    typealias Service = ConfigurationService

    @Test func theCapturedRingStatusIsAnsweredByteForByte() throws {
        var service = Service()
        let request = hex("00 00 00 00 00 00 00 00  10 00 00 00 00 00 00 00")
        var expected = hex(
            """
            0000: 00 00 00 00 00 00 00 00  20 28 00 00 00 00 00 00   size 10272
            0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00   OK, 1 interface
            0020: 30 20 31 30 2e 37 37 2e  30 2e 31 00 00 00 00 00   "0 10.77.0.1"
            *
            0820: 4f 4b 00
            """)
        expected += [UInt8](repeating: 0, count: 10272 - expected.count)
        #expect(service.ask(request)?.bytes == expected)
    }

    @Test func theCapturedNodeStatusIsAnsweredByteForByte() throws {
        var service = Service()
        let request = hex(
            """
            0000: 09 00 00 00 00 00 00 00  20 00 00 00 00 00 00 00
            0010: 02 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
            """)
        // As captured, with the padding that leaked there zero.
        var expected = hex(
            """
            0000: 10 00 00 00 00 00 00 00  68 10 00 00 00 00 00 00   id 16, size 4200
            0010: 01 00 00 00 00 00 00 00  01 00 00 00 02 00 00 00   version 1, nodeid 2
            0020: 01 00 00 00 00 00 00 00  01 01 00 00 82 05 00 00   reachable; enabled, connected, mtu 1410
            0030: 31 30 2e 37 37 2e 30 2e  32 00                     src "10.77.0.2"
            """)
        expected += [UInt8](repeating: 0, count: 4200 - expected.count)
        #expect(service.ask(request)?.bytes == expected)
    }

    @Test func theCapturedNodeAddressesAreAnsweredByteForByte() throws {
        var service = Service()
        let expected = hex(
            """
            0000: 0b 00 00 00 00 00 00 00  30 00 00 00 00 00 00 00
            0010: 01 00 00 00 00 00 00 00  02 00 00 00 01 00 00 00
            0020: 0a 4d 00 02 00 00 00 00  00 00 00 00 00 00 00 00
            """)
        #expect(service.ask(Service.number(5, 2))?.bytes == expected)
        #expect(
            service.ask(Service.number(5, 0))?.bytes.suffix(16) == [10, 77, 0, 1] + [UInt8](repeating: 0, count: 12))
    }

    /// Corosync skipped addresses that begin with two zero bytes.
    @Test func everyAddressIsAnswered() {
        var service = Service()
        let bytes = [0, 0] + [UInt8](repeating: 7, count: 14)
        service.status.nodes[1].links = (0..<3).map { number in
            LinkStatus(number: number, address: NodeAddress(family: .inet6, bytes: bytes, text: "::"))
        }
        let response = service.ask(Service.number(5, 2))
        #expect(response?.size == 80)
        #expect(response?.u32(24) == 10)
        #expect(response?.u32(28) == 3)
    }

    @Test func aNodeNobodyConfiguredHasNoAddressAndAStatusOfZeros() {
        var service = Service()
        let addresses = service.ask(Service.number(5, 9))
        #expect((addresses?.error, addresses?.size) == (12, 32))
        let status = service.ask(Service.nodeStatus(9))
        #expect((status?.error, status?.size, status?.u32(24), status?.u32(28)) == (1, 4200, 1, 9))
        #expect(status?.bytes[32...].allSatisfy { $0 == 0 } == true)
        let unknownVersion = service.ask(Service.nodeStatus(2, version: 2))
        #expect((unknownVersion?.error, unknownVersion?.size) == (19, 32))
    }

    @Test func aNodeOutsideTheRingIsNotConnected() {
        var service = Service()
        service.status.nodes[1].isReachable = false
        let status = service.ask(Service.nodeStatus(2))
        #expect(status.map { Array($0.bytes[32..<48]) } == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x82, 5, 0, 0])
    }

    @Test func knetShowsEachNodesLink() {
        var service = Service(transport: .knet)
        #expect(service.ask(Service.simple(0))?.text(2080) == "n3")
        service.status.nodes[1].links[0].isConnected = false
        #expect(service.ask(Service.simple(0))?.text(2080) == "n1")
        service.status.nodes[1].links = []
        #expect(service.ask(Service.simple(0))?.text(2080) == "nd")
        #expect(service.ask(Service.nodeStatus(9))?.error == 21)
    }

    @Test func knetTellsOfEachLinkItsEndsItsStateAndItsMTU() throws {
        var service = Service(transport: .knet)
        for index in 0...1 {
            let address = NodeAddress(
                family: .inet, bytes: [10, 78, 0, UInt8(index + 1)], text: "10.78.0.\(index + 1)")
            service.status.nodes[index].links.append(LinkStatus(number: 1, address: address, mtu: 522))
        }
        let answers = [service.ask(Service.nodeStatus(2)), service.ask(Service.nodeStatus(1))]
        let other = try #require(answers[0])
        #expect(other.bytes[32] == 1, "reachable")
        #expect(Array(other.bytes[40..<48]) == [1, 1, 0, 0, 0xA6, 5, 0, 0])
        #expect(other.text(48) == "10.77.0.1" && other.text(304) == "10.77.0.2")
        #expect(Array(other.bytes[560..<568]) == [1, 0, 0, 0, 0x0A, 2, 0, 0])
        #expect(other.text(568) == "10.78.0.1" && other.text(824) == "10.78.0.2")
        service.status.nodes[1].isReachable = false
        #expect(service.ask(Service.nodeStatus(2))?.bytes[32] == 0)
        // To itself a node has one link.
        let own = try #require(answers[1])
        #expect(own.bytes[40] == 1 && own.bytes[560] == 0)
    }

    @Test func simpleQuestionsAreAnswered() {
        var service = Service()
        let local = service.ask(Service.simple(6))
        #expect((local?.id, local?.size, local?.u32(24)) == (12, 32, 1))
        #expect(service.ask(Service.simple(1))?.error == 19)
        let reopened = service.ask(Service.simple(8))
        #expect((reopened?.id, reopened?.error) == (15, 1))
        #expect(service.frontend.takeActions() == [.reopenLogs])
    }

    @Test(arguments: [(2, 1), (1, 1), (3, 12), (9, 12), (0, 12)] as [(UInt32, UInt32)])
    func onlyAMemberCanBeKilled(node: UInt32, error: UInt32) {
        var service = Service()
        let response = service.ask(Service.kill(node, "misbehaves"))
        #expect((response?.id, response?.error) == (8, error))
        let expected: [CfgAction] = error == 1 ? [.killNode(NodeID(node), reason: "misbehaves")] : []
        #expect(service.frontend.takeActions() == expected)
    }

    @Test func aReloadIsAnsweredWhenItIsDone() {
        var service = Service()
        #expect(service.ask(Service.simple(7), by: 1) == nil)
        #expect(service.ask(Service.simple(7), by: 2) == nil)
        #expect(service.frontend.takeMessages().isEmpty)
        let tickets = service.frontend.takeActions().compactMap { action in
            if case .reload(let ticket) = action { ticket } else { nil }
        }
        #expect(tickets.count == 2)
        service.frontend.connectionClosed(ConnectionID(1))
        for ticket in tickets { service.frontend.reloadFinished(ticket, error: .invalidParameter) }
        let messages = service.frontend.takeMessages()
        #expect(messages.map(\.connection) == [ConnectionID(2)])
        #expect(messages.first?.channel == .response)
        let response = messages.first.map { ResponseFields(bytes: $0.bytes) }
        #expect((response?.id, response?.error, response?.size) == (14, 7, 24))
    }
}
