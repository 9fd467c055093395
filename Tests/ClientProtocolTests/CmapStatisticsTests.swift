import ClientProtocol
import ClusterMap
import Testing

/// The statistics map through libcmap (spec: ipc.md 8.3, 12).
@Suite struct CmapStatisticsTests {
    @Test func theMapIsSwitchedOnlyWhileNothingIsOpen() {
        var service = MapService()
        #expect(service.ask(CmapRequests.selectMap(2)).error == 12)
        #expect(service.ask(CmapRequests.selectMap(-1)).error == 12)
        let handle = service.ask(CmapRequests.iterate(prefix: "")).u64(24)
        #expect(service.ask(CmapRequests.selectMap(1)).error == 10)
        _ = service.ask(CmapRequests.endIteration(handle))
        let tracker = service.ask(CmapRequests.track("my.key", flags: 7, instance: 1)).u64(24)
        #expect(service.ask(CmapRequests.selectMap(1)).error == 10)
        _ = service.ask(CmapRequests.untrack(tracker))
        let switched = service.ask(CmapRequests.selectMap(1))
        #expect((switched.id, switched.size, switched.error) == (10, 24, 1))
        #expect(service.frontend.readsStatistics(service.alice))
        #expect(!service.frontend.readsStatistics(service.bob))
    }

    @Test func itIsReadAndOnlyCleared() {
        var service = MapService()
        _ = service.ask(CmapRequests.selectMap(1))
        service.statistics.update(figure: 0, to: .u64(7))
        let read = service.ask(CmapRequests.get("stats.srp.mcast_tx", room: 8))
        #expect((read.error, read.u64(40)) == (1, 7))
        for (request, error) in [
            (CmapRequests.get("totem.version", room: 8), 12),
            (CmapRequests.set("stats.srp.mcast_tx", type: 8, [0, 0, 0, 0, 0, 0, 0, 0]), 11),
            (CmapRequests.delete("stats.srp.mcast_tx"), 11), (CmapRequests.adjust("stats.clear.all", by: 1), 19),
            (CmapRequests.set("stats.clear.other", type: 6, [1, 0, 0, 0]), 19),
            (CmapRequests.set("stats.clear.totem", type: 6, [1, 0, 0, 0]), 1),
            (CmapRequests.track("stats.", flags: 8 + 2, instance: 1), 19),
        ] as [([UInt8], UInt32)] {
            #expect(service.ask(request).error == error)
        }
        #expect(service.ask(CmapRequests.get("stats.srp.mcast_tx", room: 8)).u64(40) == 0)
    }

    /// As in the other map (spec: ipc.md 12).
    @Test func aSmallBufferIsRefusedHereToo() {
        var service = MapService()
        _ = service.ask(CmapRequests.selectMap(1))
        service.statistics.connectionOpened(
            ConnectionIdentity(id: ConnectionID(1), service: 0, process: 5, processName: "a-rather-long-name"))
        let name = "stats.ipcs.service0.5.0x1.procname"
        #expect(service.ask(CmapRequests.get(name, room: 1)).error == 7)
        #expect(service.ask(CmapRequests.get(name, room: 19)).text(40) == "a-rather-long-name")
        let handle = service.ask(CmapRequests.iterate(prefix: name)).u64(24)
        let listed = service.ask(CmapRequests.next(handle))
        #expect((listed.text(32), listed.u64(288), listed.bytes[296]) == (name, 0, 11))
    }

    @Test func aSchedulingMissCanBeAskedForItsType() {
        var service = MapService()
        _ = service.ask(CmapRequests.selectMap(1))
        service.statistics.record(SchedulingMiss(timestamp: 99, delay: 1.5))
        let response = service.ask(CmapRequests.get("stats.schedmiss.0.delay", room: 0))
        #expect((response.error, response.u64(24), response.bytes[32], response.size) == (1, 4, 9, 40))
    }

    @Test func aTrackedStatisticIsReportedWithItsNewValueTwice() {
        var service = MapService()
        _ = service.ask(CmapRequests.selectMap(1))
        _ = service.ask(CmapRequests.track("stats.srp.mcast_tx", flags: 2, instance: 77))
        service.statistics.update(figure: 0, to: .u64(3))
        service.statistics.pollTrackers()
        let event = ResponseFields(bytes: service.events().first?.bytes ?? [])
        #expect((event.size, event.u64(24), event.u32(296)) == (352, 77, 2))
        #expect((event.u64(336), event.u64(344)) == (3, 3))
    }
}
