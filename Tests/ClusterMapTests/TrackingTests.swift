import ClusterMap
import Testing

/// Who hears of what, and in which order (spec: configuration.md 7.5, ipc.md 8.2).
@Suite struct TrackingTests {
    @Test func aTrackerHearsOldAndNewValue() throws {
        var map = ClusterMap()
        let tracker = try map.track("my.key", .everything, for: .client)
        try map.set("my.key", .u32(5))
        try map.set("my.key", .u32(5))
        try map.set("my.key", .text("six"))
        try map.delete("my.key")
        #expect(
            map.takeNotifications(for: .client) == [
                MapNotification(tracker: tracker, event: .add, name: "my.key", new: .u32(5), old: nil),
                MapNotification(tracker: tracker, event: .modify, name: "my.key", new: .text("six"), old: .u32(5)),
                MapNotification(tracker: tracker, event: .delete, name: "my.key", new: nil, old: .text("six")),
            ])
        #expect(map.takeNotifications(for: .client).isEmpty)
    }

    @Test func aTrackerHearsOnlyOfTheEventsItAskedFor() throws {
        for flags in [TrackFlags.add, .modify, .delete] {
            var map = ClusterMap()
            _ = try map.track("my.key", flags)
            try map.set("my.key", .u8(1))
            try map.set("my.key", .u8(2))
            try map.delete("my.key")
            #expect(map.takeNotifications(for: .daemon).map(\.event.rawValue) == [flags.rawValue])
        }
    }

    @Test func aPrefixTrackerHearsOfAllKeysThatStartSoAndTheExactOne() throws {
        var map = ClusterMap()
        _ = try map.track("node.1", [.add, .prefix])
        for name in ["node.1", "node.10.x", "node.1.x", "node.2", "node"] { try map.set(name, .u8(1)) }
        #expect(map.takeNotifications(for: .daemon).map(\.name) == ["node.1", "node.10.x", "node.1.x"])
    }

    /// As a real Corosync was seen to send them.
    @Test func theOrderIsLongestNameFirstAndAtOneNameKeysBeforePrefixes() throws {
        var map = ClusterMap()
        let short = try map.track("a", [.add, .prefix])
        let long = try map.track("a.b.", [.add, .prefix])
        let longAgain = try map.track("a.b.", [.add, .prefix])
        let everything = try map.track(nil, [.add, .prefix])
        let everythingAgain = try map.track(nil, [.add, .prefix])
        let exactPrefix = try map.track("a.b.c", [.add, .prefix])
        let exactPrefixAgain = try map.track("a.b.c", [.add, .prefix])
        let exact = try map.track("a.b.c", .add)
        let exactAgain = try map.track("a.b.c", .add)
        try map.set("a.b.c", .u8(1))
        #expect(
            map.takeNotifications(for: .daemon).map(\.tracker) == [
                exactAgain, exact, exactPrefix, exactPrefixAgain, long, longAgain, short, everythingAgain, everything,
            ])
    }

    @Test func trackersThatCanNeverFireAreTakenAllTheSame() throws {
        var map = ClusterMap()
        _ = try map.track(nil, .everything)
        _ = try map.track("my.key", [])
        _ = try map.track("my.key", .prefix)
        try map.set("my.key", .u8(1))
        #expect(map.takeNotifications(for: .daemon).isEmpty)
    }

    @Test func unknownFlagsAreRefused() {
        var map = ClusterMap()
        #expect(throws: ClientError.invalidParameter) { try map.track("my.key", TrackFlags(rawValue: 16)) }
        #expect(throws: ClientError.invalidParameter) { try map.track("my.key", TrackFlags(rawValue: 0x8000_0001)) }
    }

    @Test func aStoppedTrackerHearsNothingAndCannotBeStoppedAgain() throws {
        var map = ClusterMap()
        let tracker = try map.track("my.key", .everything)
        try map.untrack(tracker)
        try map.set("my.key", .u8(1))
        #expect(map.takeNotifications(for: .daemon).isEmpty)
        #expect(throws: ClientError.badHandle) { try map.untrack(tracker) }
    }

    @Test func theDaemonAndClientsHearSeparately() throws {
        var map = ClusterMap()
        let mine = try map.track("my.key", .add, for: .daemon)
        let theirs = try map.track("my.key", .add, for: .client)
        try map.set("my.key", .u8(1))
        #expect(map.hasNotifications(for: .client))
        #expect(map.takeNotifications(for: .client).map(\.tracker) == [theirs])
        #expect(map.takeNotifications(for: .daemon).map(\.tracker) == [mine])
        #expect(!map.hasNotifications(for: .daemon))
    }

    @Test func refusedChangesNotifyNobody() throws {
        var map = ClusterMap()
        try map.set("totem.transport", .text("udpu"))
        _ = try map.track(nil, [.add, .modify, .delete, .prefix], for: .client)
        try? map.set("totem.transport", .text("knet"), from: .client)
        try? map.delete("totem.transport", from: .client)
        try? map.set("x", .u8(1), from: .client)
        #expect(map.takeNotifications(for: .client).isEmpty)
    }
}
