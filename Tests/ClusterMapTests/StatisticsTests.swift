import ClusterMap
import Testing

/// The statistics map (spec: configuration.md 8.2, 9.6; ipc.md 8.3, 12; daemon-and-tools.md 9).
@Suite struct StatisticsTests {
    private func identity(_ number: UInt64, name: String = "pacemakerd") -> ConnectionIdentity {
        ConnectionIdentity(id: ConnectionID(number), service: 0, process: 4711, processName: name)
    }

    private func names(_ map: StatisticsMap, prefix: String = "") -> [String] {
        var iterator = MapIterator(prefix: prefix)
        var names: [String] = []
        while let entry = map.next(&iterator) { names.append(entry.name) }
        return names
    }

    /// Two figures of a ring, in this order: what it has multicast, a counter, and its mean backlog, a gauge.
    private let ring = [
        Figure("stats.srp.mcast_tx", .counter, .u64(0)), Figure("stats.srp.avg_backlog_calc", .gauge, .u32(0)),
    ]

    @Test func itShowsWhatOthersKeep() {
        var map = StatisticsMap(figures: ring)
        #expect(map["stats.srp.mcast_tx"] == .u64(0))
        map.update(figure: 0, to: .u64(12))
        map.update(figure: 1, to: .u32(175))
        map.update(figure: 2, to: .u32(3))
        #expect(map["stats.srp.mcast_tx"] == .u64(12))
        #expect(map["stats.srp.avg_backlog_calc"] == .u32(175))
        #expect(map["totem.version"] == nil)
        #expect(names(map, prefix: "stats.srp.").count == 2)
        #expect(names(map) == names(map).sorted())
    }

    @Test func aConnectionHasThirteenKeysWhileItLasts() {
        var map = StatisticsMap()
        map.connectionOpened(identity(0x5f))
        var figures = ConnectionStatistics()
        figures.requests = 9
        figures.queueing = true
        map.update(ConnectionID(0x5f), figures)
        let prefix = "stats.ipcs.service0.4711.0x5f."
        #expect(
            names(map, prefix: prefix)
                == [
                    "dispatched", "flow_control", "flow_control_count", "invalid_request", "overload", "procname",
                    "queued", "queueing", "recv_retries", "requests", "responses", "send_retries", "sent",
                ].map { prefix + $0 })
        #expect(map[prefix + "requests"] == .u64(9))
        #expect(map[prefix + "queueing"] == .i32(1))
        #expect(map[prefix + "procname"] == .text("pacemakerd"))
        #expect(map["stats.ipcs.global.active"] == .u64(1))
        map.connectionClosed(ConnectionID(0x5f))
        #expect(names(map, prefix: prefix).isEmpty)
        #expect(map["stats.ipcs.global.active"] == .u64(0))
        #expect(map["stats.ipcs.global.closed"] == .u64(1))
    }

    @Test func clearingStartsCountersAgainAndLeavesGaugesAlone() throws {
        var map = StatisticsMap(figures: ring)
        map.update(figure: 0, to: .u64(10))
        map.update(figure: 1, to: .u32(4))
        map.connectionOpened(identity(1))
        map.connectionOpened(identity(2))
        map.connectionClosed(ConnectionID(2))
        var figures = ConnectionStatistics()
        figures.requests = 9
        figures.flowControl = 2
        map.update(ConnectionID(1), figures)

        try map.set("stats.clear.all")
        map.update(figure: 0, to: .u64(13))
        #expect(map["stats.srp.mcast_tx"] == .u64(3))
        #expect(map["stats.srp.avg_backlog_calc"] == .u32(4))
        #expect(map["stats.ipcs.service0.4711.0x1.requests"] == .u64(0))
        #expect(map["stats.ipcs.service0.4711.0x1.flow_control"] == .u32(2))
        #expect(map["stats.ipcs.global.active"] == .u64(1))
        #expect(map["stats.ipcs.global.closed"] == .u64(0))
        map.connectionClosed(ConnectionID(1))
        #expect(map["stats.ipcs.global.active"] == .u64(0))
        #expect(map["stats.ipcs.global.closed"] == .u64(1))
    }

    @Test func eachClearKeyClearsItsOwn() throws {
        var map = StatisticsMap(figures: ring)
        map.update(figure: 0, to: .u64(10))
        map.record(SchedulingMiss(timestamp: 1000, delay: 2.5))
        try map.set("stats.clear.knet")
        try map.set("stats.clear.ipc")
        #expect(map["stats.srp.mcast_tx"] == .u64(10))
        #expect(map["stats.schedmiss.0.delay"] == .float(2.5))
        try map.set("stats.clear.schedmiss")
        #expect(map["stats.schedmiss.0.delay"] == nil)
        #expect(map["stats.srp.mcast_tx"] == .u64(10))
        try map.set("stats.clear.totem-and-more")
        #expect(map["stats.srp.mcast_tx"] == .u64(0))
    }

    @Test func nothingElseCanBeChanged() {
        var map = StatisticsMap()
        #expect(throws: ClientError.access) { try map.set("stats.srp.mcast_tx") }
        #expect(throws: ClientError.access) { try map.set("new.key") }
        #expect(throws: ClientError.notSupported) { try map.set("stats.clear.nothing") }
        #expect(throws: ClientError.access) { try map.refuseChange(of: "stats.srp.mcast_tx") }
        #expect(throws: ClientError.notSupported) { try map.refuseChange(of: "stats.clear.all") }
    }

    @Test func theTenNewestSchedulingMissesAreKept() {
        var map = StatisticsMap()
        for number in 1...12 { map.record(SchedulingMiss(timestamp: UInt64(number), delay: Float(number))) }
        #expect(map["stats.schedmiss.0.timestamp"] == .u64(12))
        #expect(map["stats.schedmiss.9.delay"] == .float(3))
        #expect(map["stats.schedmiss.10.delay"] == nil)
        #expect(names(map, prefix: "stats.schedmiss.").count == 20)
    }

    @Test func connectionsComingAndGoingAreAnnouncedWithTheirValues() throws {
        var map = StatisticsMap()
        let tracker = try map.track("stats.ipcs.", [.add, .delete, .prefix])
        map.connectionOpened(identity(1))
        let added = map.takeNotifications()
        #expect(added.count == 13)
        #expect(added.allSatisfy { $0.event == .add && $0.tracker == tracker && $0.new == $0.old })
        #expect(added.contains { $0.name.hasSuffix(".procname") && $0.new == .text("pacemakerd") })
        map.connectionClosed(ConnectionID(1))
        #expect(map.takeNotifications().map(\.event) == Array(repeating: .delete, count: 13))
    }

    private func link(_ number: Int, mtu: UInt32) -> FigureGroup {
        FigureGroup("stats.knet.node2.link\(number).", [("connected", .u8(1)), ("mtu", .u32(mtu))])
    }

    @Test func groupsComingAndGoingAreAnnouncedWithTheirValues() throws {
        var map = StatisticsMap()
        _ = try map.track("stats.knet.", [.add, .delete, .prefix])
        map.show([link(0, mtu: 1446), link(1, mtu: 522)])
        #expect(map.takeNotifications().map(\.event) == Array(repeating: .add, count: 4))
        #expect(map["stats.knet.node2.link1.mtu"] == .u32(522))
        map.show([link(1, mtu: 1446)])
        let deleted = map.takeNotifications()
        #expect(deleted.map(\.event) == [.delete, .delete])
        #expect(deleted.map(\.name) == ["stats.knet.node2.link0.connected", "stats.knet.node2.link0.mtu"])
        #expect(map["stats.knet.node2.link1.mtu"] == .u32(1446))
        #expect(names(map, prefix: "stats.knet.").allSatisfy { $0.hasPrefix("stats.knet.node2.link1.") })
        #expect(names(map, prefix: "stats.knet.").count == 2)
    }

    @Test(arguments: [("knet", true), ("all", true), ("totem", false), ("ipc", false)])
    func whoOwnsTheFiguresOfGroupsIsToldThatTheyAreCleared(what: String, isTold: Bool) throws {
        var map = StatisticsMap()
        try map.set("stats.clear.\(what)")
        let told = [map.takeGroupsCleared(), map.takeGroupsCleared()]
        #expect(told == [isTold, false])
    }

    @Test func aPrefixNeedsBothAddAndDelete() {
        var map = StatisticsMap()
        for flags in [TrackFlags.prefix, [.prefix, .add], [.prefix, .delete], [.prefix, .modify]] as [TrackFlags] {
            #expect(throws: ClientError.notSupported) { try map.track("stats.srp.", flags) }
        }
        #expect(throws: ClientError.invalidParameter) { try map.track("stats.srp.", TrackFlags(rawValue: 32)) }
    }

    @Test func modificationsAreFoundByComparingAndCarryTheNewValueTwice() throws {
        var map = StatisticsMap(figures: ring)
        #expect(!map.hasPolledTrackers)
        let tracker = try map.track("stats.srp.mcast_tx", .modify)
        _ = try map.track("stats.no.such.key", .modify)
        #expect(map.hasPolledTrackers)
        map.pollTrackers()
        #expect(map.takeNotifications().isEmpty)
        map.update(figure: 0, to: .u64(5))
        map.pollTrackers()
        map.pollTrackers()
        #expect(
            map.takeNotifications() == [
                MapNotification(
                    tracker: tracker, event: .modify, name: "stats.srp.mcast_tx", new: .u64(5), old: .u64(5))
            ])
        try map.untrack(tracker)
        map.update(figure: 0, to: .u64(6))
        map.pollTrackers()
        #expect(map.takeNotifications().isEmpty)
        #expect(throws: ClientError.badHandle) { try map.untrack(tracker) }
    }

    /// The old and new value of a text are no longer than a number in Corosync (spec: configuration.md 9.6).
    @Test func aLongProcessNameCanBeTracked() throws {
        var map = StatisticsMap()
        map.connectionOpened(identity(1, name: "a-process-name-of-thirty-1-byte"))
        let name = "stats.ipcs.service0.4711.0x1.procname"
        _ = try map.track(name, .modify)
        map.pollTrackers()
        #expect(map.takeNotifications().isEmpty)
        #expect(map[name]?.byteCount == 32)
    }
}
