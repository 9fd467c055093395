import Basics
import ClientProtocol
import ClusterMap
import Testing
import TotemWire

/// Requests no library sends (spec: ipc.md 2.5, 12; configuration.md 9.6).
@Suite struct HostileRequestTests {
    private static let refusal = hex(
        "0000: 00 00 00 00 00 00 00 00  18 00 00 00 00 00 00 00\n0010: 07 00 00 00 00 00 00 00")

    private func refuses(cmap request: [UInt8]) -> Bool {
        var map = ClusterMap()
        var statistics = StatisticsMap()
        var frontend = CmapFrontend()
        var writer = ByteWriter()
        frontend.connectionOpened(ConnectionID(1))
        let outcome = frontend.handle(
            request.span, from: ConnectionID(1), map: &map, statistics: &statistics, response: &writer)
        return outcome == .invalid && writer.bytes == Self.refusal && map.count == 0
    }

    private func refuses(cfg request: [UInt8]) -> Bool {
        var frontend = CfgFrontend()
        var writer = ByteWriter()
        let status = ClusterStatus(localNode: NodeID(1), transport: .udpu, netMTU: 1410, nodes: [])
        let outcome = frontend.handle(
            request.span, from: ConnectionID(1), status: status, map: ClusterMap(), now: Instant(nanoseconds: 0),
            response: &writer)
        return outcome == .invalid && writer.bytes == Self.refusal
    }

    @Test(arguments: [99, UInt32.max, 65536, 12]) func anUnknownIdIsRefused(id: UInt32) {
        #expect(refuses(cmap: RequestBytes(id: id, size: 400).bytes))
        #expect(refuses(cfg: RequestBytes(id: id, size: 400).bytes))
    }

    @Test(arguments: [0, 1, 15, 16, 279, 287, 295]) func aRequestShorterThanItsStructIsRefused(size: Int) {
        let whole = CmapRequests.set("my.key", type: 2, [1])
        #expect(refuses(cmap: Array(whole.prefix(size))))
        var lying = whole
        for index in 0..<4 { lying[8 + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
        #expect(refuses(cmap: lying))
    }

    @Test(arguments: [(1, 279), (2, 287), (3, 287), (4, 279), (5, 23), (6, 23), (7, 295), (8, 23), (9, 23)])
    func eachRequestOfTheMapHasItsLeastSize(id: UInt32, size: Int) {
        #expect(refuses(cmap: RequestBytes(id: id, size: size).bytes))
    }

    @Test(arguments: [(2, 287), (3, 23), (4, 23), (5, 23), (9, 31), (10, 23)])
    func eachRequestOfTheConfigurationHasItsLeastSize(id: UInt32, size: Int) {
        #expect(refuses(cfg: RequestBytes(id: id, size: size).bytes))
    }

    @Test(arguments: [-5, 5_000_000, Int(Int32.min), Int(Int32.max), 298])
    func aSizeBeyondWhatWasSentIsRefused(size: Int) {
        var request = RequestBytes(id: 0, size: 297)
        request.set(8, UInt32(truncatingIfNeeded: size))
        #expect(refuses(cmap: request.bytes))
    }

    @Test(arguments: [2, 16385, UInt64(UInt32.max), UInt64(Int.max), .max, .max - 295])
    func aValueLongerThanTheRequestIsRefused(length: UInt64) {
        var request = RequestBytes(id: 0, size: 297)
        request.setName("my.key")
        request.set(280, length)
        request.set(288, UInt8(12))
        #expect(refuses(cmap: request.bytes))
    }

    @Test func aNameWithoutEndNamesNoKey() {
        var request = RequestBytes(id: 0, size: 297)
        request.set(16, UInt16(65535))
        for offset in 24..<280 { request.set(offset, UInt8(ascii: "a")) }
        request.set(280, UInt64(1))
        request.set(288, UInt8(2))
        var service = MapService()
        #expect(service.ask(request.bytes).error == 13)
        #expect(service.map.count == 0)
    }

    @Test func anUnterminatedReasonIsTakenToItsEnd() throws {
        var request = RequestBytes(id: 2, size: 288)
        request.set(16, UInt32(3))
        request.set(24, UInt16(65535))
        for offset in 26..<288 { request.set(offset, UInt8(ascii: "r")) }
        let expected = CfgRequest.killNode(NodeID(3), reason: String(repeating: "r", count: 256))
        #expect(try CfgRequest(decoding: request.bytes.span) == expected)
    }

    @Test func paddingIsIgnored() throws {
        var request = RequestBytes(id: 9, size: 32)
        for offset in [4, 12, 20, 28] { request.set(offset, UInt32(0xdead_beef)) }
        request.set(16, UInt32(2))
        request.set(24, UInt32(1))
        #expect(try CfgRequest(decoding: request.bytes.span) == .nodeStatus(NodeID(2), version: 1))
    }

    private static let seeds: [[UInt8]] = [
        CmapRequests.set("my.key", type: 6, [6, 0, 0, 0]), CmapRequests.set("my.text", type: 11, [65, 66]),
        CmapRequests.delete("my.key"), CmapRequests.get("my.key", room: 4), CmapRequests.adjust("my.key", by: 1),
        CmapRequests.iterate(prefix: "my."), CmapRequests.next(1), CmapRequests.endIteration(1),
        CmapRequests.track("my.", flags: 15, instance: 1), CmapRequests.untrack(1), CmapRequests.selectMap(1),
        RequestBytes(id: 0, size: 16).bytes, RequestBytes(id: 2, size: 288).bytes,
        RequestBytes(id: 3, size: 24).bytes, RequestBytes(id: 4, size: 24).bytes, RequestBytes(id: 5, size: 24).bytes,
        RequestBytes(id: 9, size: 32).bytes, RequestBytes(id: 10, size: 24).bytes, RequestBytes(id: 7, size: 16).bytes,
    ]

    private static func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
        var request = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: request.removeLast(min(request.count, Int.random(in: 0..<32, using: &generator)))
            case 1: request.append(contentsOf: [UInt8](repeating: 0xff, count: 9))
            default:
                guard !request.isEmpty else { continue }
                let place = Int.random(in: 0..<request.count, using: &generator)
                request[place] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        return request
    }

    /// Whatever arrives is answered with a message as long as it says, and nothing traps.
    @Test(arguments: 0..<40 as Range<UInt64>) func mutatedRequestsAreAnswered(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var service = MapService()
        try service.map.set("runtime.members.2.status", .text("joined"))
        var cfg = CfgFrontend()
        var now = Instant(nanoseconds: 0)
        let address = NodeAddress(family: .inet, bytes: [127, 0, 0, 1], text: "127.0.0.1")
        let node = ClusterStatus.Node(
            id: NodeID(1), isReachable: true, links: [LinkStatus(number: 0, address: address)])
        let status = ClusterStatus(localNode: NodeID(1), transport: .udpu, netMTU: 1410, nodes: [node])
        var messages: [[UInt8]] = []
        for _ in 0..<400 {
            let request = Self.mutated(&generator)
            let connection = ConnectionID(UInt64.random(in: 1...3, using: &generator))
            messages.append(service.ask(request, by: connection).bytes)
            messages += service.events().map(\.bytes)
            now = now.adding(milliseconds: 100)
            var writer = ByteWriter()
            let outcome = cfg.handle(
                request.span, from: connection, status: status, map: service.map, now: now, response: &writer)
            if outcome != .later { messages.append(writer.bytes) }
            cfg.advance(now: now)
            messages += cfg.takeMessages().map(\.bytes)
            _ = cfg.takeActions()
        }
        #expect(messages.allSatisfy { ResponseFields(bytes: $0).size == $0.count && $0.count >= 24 })
    }
}
