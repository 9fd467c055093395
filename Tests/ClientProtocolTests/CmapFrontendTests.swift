import ClientProtocol
import ClusterMap
import Testing
import TotemWire

/// A daemon's map service with two clients.
struct MapService {
    var map = ClusterMap()
    var statistics = StatisticsMap(figures: [Figure("stats.srp.mcast_tx", .counter, .u64(0))])
    var frontend = CmapFrontend()
    let alice = ConnectionID(1)
    let bob = ConnectionID(2)

    init() {
        frontend.connectionOpened(alice)
        frontend.connectionOpened(bob)
    }

    mutating func ask(_ request: [UInt8], by connection: ConnectionID? = nil) -> ResponseFields {
        var writer = ByteWriter()
        _ = frontend.handle(
            request.span, from: connection ?? alice, map: &map, statistics: &statistics, response: &writer)
        let response = ResponseFields(bytes: writer.bytes)
        #expect(response.size == writer.count)
        return response
    }

    mutating func events() -> [ClientMessage] { frontend.takeEvents(map: &map, statistics: &statistics) }
}

/// What libcmap is answered (spec: ipc.md 8).
@Suite struct CmapFrontendTests {
    /// spec: ipc.md 14.
    @Test func theCapturedGetIsAnsweredByteForByte() throws {
        var service = MapService()
        try service.map.set("runtime.config.totem.token", .u32(3000))
        let response = service.ask(
            hex(
                """
                0000: 02 00 00 00 00 00 00 00  20 01 00 00 00 00 00 00   id 2, size 288
                0010: 1a 00 00 00 00 00 00 00  72 75 6e 74 69 6d 65 2e   length 26
                0020: 63 6f 6e 66 69 67 2e 74  6f 74 65 6d 2e 74 6f 6b
                0030: 65 6e 00 00 00 00 00 00  00 00 00 00 00 00 00 00
                *
                0110: 00 00 00 00 00 00 00 00  10 00 00 00 00 00 00 00   value_len 16
                """))
        #expect(
            response.bytes
                == hex(
                    """
                    0000: 02 00 00 00 00 00 00 00  38 00 00 00 00 00 00 00   id 2, size 56
                    0010: 01 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00   CS_OK, length 4
                    0020: 06 00 00 00 00 00 00 00  b8 0b 00 00 00 00 00 00   type u32, 3000
                    0030: 00 00 00 00 00 00 00 00
                    """))
    }

    /// spec: ipc.md 14.
    @Test func theCapturedNotificationIsSentByteForByte() throws {
        var service = MapService()
        try service.map.set("my.key", .u32(5))
        _ = service.ask(CmapRequests.track("my.key", flags: 2, instance: 0x327b_23c6_0000_0000))
        let bob = service.bob
        #expect(service.ask(CmapRequests.set("my.key", type: 6, [6, 0, 0, 0]), by: bob).error == 1)
        let events = service.events()
        #expect(events.map(\.connection) == [service.alice])
        #expect(
            events.first?.bytes
                == hex(
                    """
                    0000: 09 00 00 00 00 00 00 00  58 01 00 00 00 00 00 00   id 9, size 344
                    0010: 01 00 00 00 00 00 00 00  00 00 00 00 c6 23 7b 32   client's handle
                    0020: 06 00 00 00 00 00 00 00  6d 79 2e 6b 65 79 00 00
                    *
                    0120: 00 00 00 00 00 00 00 00  02 00 00 00 00 00 00 00   event 2
                    0130: 06 00 00 00 00 00 00 00  06 00 00 00 00 00 00 00   types
                    0140: 04 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00   lengths
                    0150: 06 00 00 00 05 00 00 00                            new, old
                    """))
    }

    @Test func addAndDeleteLeaveTheMissingSideEmpty() throws {
        var service = MapService()
        _ = service.ask(CmapRequests.track("my.", flags: 15, instance: 7))
        _ = service.ask(CmapRequests.set("my.key", type: 11, Array("text".utf8)))
        _ = service.ask(CmapRequests.delete("my.key"))
        let events = service.events().map { ResponseFields(bytes: $0.bytes) }
        #expect(events.map(\.size) == [341, 341])
        #expect(events.map { $0.u32(296) } == [4, 1])
        #expect(events.map { $0.bytes[304] } == [11, 0])
        #expect(events.map { $0.bytes[312] } == [0, 11])
        #expect(events.map { $0.u64(320) } == [5, 0])
        #expect(events.map { $0.u64(328) } == [0, 5])
        #expect(events.map { $0.text(336) } == ["text", "text"])
    }

    @Test func aStringIsReturnedWithItsEnd() {
        var service = MapService()
        #expect(service.ask(CmapRequests.set("my.key", type: 11, Array("hello".utf8))).error == 1)
        let asked = service.ask(CmapRequests.get("my.key", room: 0))
        #expect((asked.error, asked.size, asked.u64(24), asked.bytes[32]) == (1, 40, 6, 11))
        let read = service.ask(CmapRequests.get("my.key", room: 6))
        #expect((read.error, read.size, read.text(40)) == (1, 46, "hello"))
    }

    @Test func aBufferThatIsTooSmallIsRefused() throws {
        var service = MapService()
        try service.map.set("my.key", .text("hello"))
        let response = service.ask(CmapRequests.get("my.key", room: 5))
        #expect((response.error, response.size) == (7, 40))
    }

    /// A buffer of any size made Corosync allocate it, or never answer.
    @Test(arguments: [16386, 2_000_000, UInt64(UInt32.max), .max])
    func aHugeBufferCostsNothing(room: UInt64) throws {
        var service = MapService()
        try service.map.set("my.key", .u8(3))
        let response = service.ask(CmapRequests.get("my.key", room: room))
        #expect(response.error == 1)
        #expect(response.size <= 40 + 16385)
        #expect(response.bytes[40] == 3)
    }

    @Test func theLargestValueIsReturnedWhole() {
        var service = MapService()
        let value = [UInt8](repeating: 0x61, count: 16384)
        #expect(service.ask(CmapRequests.set("my.text", type: 11, value)).error == 1)
        let response = service.ask(CmapRequests.get("my.text", room: 20000))
        #expect((response.error, response.u64(24), response.size) == (1, 16385, 40 + 16385))
    }

    @Test func errorsHaveTheNumbersClientsKnow() throws {
        var service = MapService()
        try service.map.set("totem.transport", .text("udpu"))
        for (request, error) in [
            (CmapRequests.set("totem.transport", type: 2, [1]), 11), (CmapRequests.set("totem.key", type: 2, []), 11),
            (CmapRequests.delete("totem.absent"), 12), (CmapRequests.delete("nodelist.absent"), 11),
            (CmapRequests.get("absent", room: 4), 12), (CmapRequests.adjust("absent", by: 1), 12),
            (CmapRequests.set("my.key", type: 6, [1]), 7), (CmapRequests.set("my.key", type: 13, []), 7),
            (CmapRequests.set("x", type: 2, [1]), 13), (CmapRequests.set("my key", type: 2, [1]), 13),
        ] as [([UInt8], UInt32)] {
            #expect(service.ask(request).error == error)
        }
        #expect(service.ask(CmapRequests.get("absent", room: 4)).size == 40)
        #expect(service.map.count == 1)
    }

    @Test func anIntegerIsAdjusted() throws {
        var service = MapService()
        try service.map.set("my.key", .u8(255))
        let response = service.ask(CmapRequests.adjust("my.key", by: 2))
        #expect((response.id, response.error, response.size) == (3, 1, 24))
        #expect(service.map["my.key"] == .u8(1))
    }

    @Test func aWalkGivesEveryKeyAndEnds() throws {
        var service = MapService()
        try service.map.set("a.key", .u32(1))
        try service.map.set("b.text", .text("abc"))
        let started = service.ask(CmapRequests.iterate(prefix: ""))
        #expect((started.id, started.size, started.error) == (4, 32, 1))
        let handle = started.u64(24)
        let first = service.ask(CmapRequests.next(handle))
        #expect((first.size, first.u32(24), first.text(32)) == (304, 5, "a.key"))
        #expect((first.u64(288), first.bytes[296]) == (4, 6))
        let second = service.ask(CmapRequests.next(handle))
        #expect((second.text(32), second.u64(288), second.bytes[296]) == ("b.text", 4, 11))
        let end = service.ask(CmapRequests.next(handle))
        #expect((end.error, end.size) == (27, 304))
        #expect(service.ask(CmapRequests.endIteration(handle)).error == 1)
        #expect(service.ask(CmapRequests.endIteration(handle)).error == 9)
        #expect(service.ask(CmapRequests.next(handle)).error == 9)
    }

    @Test func aPrefixWithoutKeysGivesAWalkThatEndsAtOnce() {
        var service = MapService()
        let started = service.ask(CmapRequests.iterate(prefix: "none."))
        #expect(started.error == 1)
        #expect(service.ask(CmapRequests.next(started.u64(24))).error == 27)
    }

    @Test func handlesBelongToTheirConnection() {
        var service = MapService()
        let bob = service.bob
        let iterator = service.ask(CmapRequests.iterate(prefix: "")).u64(24)
        let tracker = service.ask(CmapRequests.track("my.key", flags: 7, instance: 1)).u64(24)
        #expect(service.ask(CmapRequests.next(iterator), by: bob).error == 9)
        #expect(service.ask(CmapRequests.endIteration(iterator), by: bob).error == 9)
        #expect(service.ask(CmapRequests.untrack(tracker), by: bob).error == 9)
        #expect(service.ask(CmapRequests.untrack(tracker)).error == 1)
    }

    @Test func stoppingATrackerReturnsTheClientsHandle() {
        var service = MapService()
        let handle = service.ask(CmapRequests.track("my.key", flags: 7, instance: 0xabcd_0000_0001)).u64(24)
        let stopped = service.ask(CmapRequests.untrack(handle))
        #expect((stopped.id, stopped.size, stopped.error) == (8, 32, 1))
        #expect(stopped.u64(24) == 0xabcd_0000_0001)
        #expect(service.ask(CmapRequests.untrack(handle)).error == 9)
        #expect(service.ask(CmapRequests.track("my.key", flags: 16, instance: 1)).error == 7)
    }

    @Test func eachTrackerOfAKeyIsToldNewestFirst() {
        var service = MapService()
        for instance in 1...3 as ClosedRange<UInt64> {
            _ = service.ask(CmapRequests.track("my.key", flags: 4, instance: instance))
        }
        _ = service.ask(CmapRequests.set("my.key", type: 2, [1]))
        #expect(service.events().map { ResponseFields(bytes: $0.bytes).u64(24) } == [3, 2, 1])
    }

    @Test func aClosedConnectionLeavesNothingBehind() {
        var service = MapService()
        let bob = service.bob
        _ = service.ask(CmapRequests.track("my.key", flags: 7, instance: 1))
        _ = service.ask(CmapRequests.selectMap(1), by: bob)
        _ = service.ask(CmapRequests.track("stats.", flags: 13, instance: 1), by: bob)
        for connection in [service.alice, bob] {
            service.frontend.connectionClosed(connection, map: &service.map, statistics: &service.statistics)
        }
        try? service.map.set("my.key", .u8(1))
        service.statistics.connectionOpened(
            ConnectionIdentity(id: ConnectionID(9), service: 0, process: 1, processName: "x"))
        #expect(!service.map.hasNotifications(for: .client))
        #expect(service.statistics.takeNotifications().isEmpty)
        #expect(service.events().isEmpty)
    }

    @Test func aConnectionCannotOpenHandlesWithoutEnd() {
        var service = MapService()
        let bob = service.bob
        for _ in 0..<CmapFrontend.handleLimit {
            _ = service.ask(CmapRequests.iterate(prefix: ""))
            _ = service.ask(CmapRequests.track("my.key", flags: 0, instance: 0))
        }
        #expect(service.ask(CmapRequests.iterate(prefix: "")).error == 18)
        #expect(service.ask(CmapRequests.track("my.key", flags: 0, instance: 0)).error == 18)
        #expect(service.ask(CmapRequests.iterate(prefix: ""), by: bob).error == 1)
    }
}
