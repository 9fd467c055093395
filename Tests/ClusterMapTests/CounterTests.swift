import ClusterMap
import Testing

/// The daemon's own counters (spec: configuration.md 8.1, `runtime.services.*`).
@Suite struct CounterTests {
    @Test func aCounterIsReadLikeAnyKey() throws {
        var map = ClusterMap()
        let counter = try map.makeCounter("runtime.services.cpg.0.tx")
        #expect(map["runtime.services.cpg.0.tx"] == .u64(0))
        map.bump(counter)
        map.bump(counter, by: 41)
        #expect(map["runtime.services.cpg.0.tx"] == .u64(42))
        #expect(map.entries().first?.value == .u64(42))
        #expect(throws: ClientError.access) { try map.set("runtime.services.cpg.0.tx", .u64(0), from: .client) }
    }

    @Test func itsTrackersHearTheNewValueOnly() throws {
        var map = ClusterMap()
        let counter = try map.makeCounter("runtime.services.cpg.0.tx")
        let tracker = try map.track("runtime.services.", [.modify, .prefix], for: .client)
        map.bump(counter)
        #expect(
            map.takeNotifications(for: .client) == [
                MapNotification(
                    tracker: tracker, event: .modify, name: "runtime.services.cpg.0.tx", new: .u64(1), old: nil)
            ])
        try map.untrack(tracker)
        map.bump(counter)
        #expect(map.takeNotifications(for: .client).isEmpty)
        #expect(map["runtime.services.cpg.0.tx"] == .u64(2))
    }

    @Test func aCounterMadeWhileItIsTrackedFiresToo() throws {
        var map = ClusterMap()
        _ = try map.track("runtime.services.", [.add, .modify, .prefix], for: .client)
        let counter = try map.makeCounter("runtime.services.cpg.0.tx")
        map.bump(counter)
        #expect(map.takeNotifications(for: .client).map(\.event) == [.add, .modify])
    }

    @Test func theHandleOfADeletedOrReplacedCounterHasNoEffect() throws {
        var map = ClusterMap()
        let first = try map.makeCounter("runtime.services.cpg.0.tx")
        map.bump(first)
        try map.delete("runtime.services.cpg.0.tx")
        map.bump(first)
        #expect(map["runtime.services.cpg.0.tx"] == nil)
        let second = try map.makeCounter("runtime.services.cpg.0.tx")
        map.bump(first)
        #expect(map["runtime.services.cpg.0.tx"] == .u64(0))
        try map.set("runtime.services.cpg.0.tx", .text("replaced"))
        map.bump(second)
        #expect(map["runtime.services.cpg.0.tx"] == .text("replaced"))
    }

    @Test func aCounterMadeAgainRestarts() throws {
        var map = ClusterMap()
        let first = try map.makeCounter("runtime.services.cpg.0.tx")
        map.bump(first)
        let second = try map.makeCounter("runtime.services.cpg.0.tx")
        #expect(map["runtime.services.cpg.0.tx"] == .u64(0))
        map.bump(first)
        map.bump(second)
        #expect(map["runtime.services.cpg.0.tx"] == .u64(1))
    }
}
