/// The statistics map (map 1): keys whose values are made when they are read (spec: configuration.md 8.2, ipc.md 8.3).
///
/// Clients may only clear it. Clearing remembers where the counters stood and leaves gauges, among them the number of
/// open connections, alone.
public struct StatisticsMap: Sendable {
    var table = SortedTable<StatisticSource>()
    var figures: [Figure]
    /// Where each figure stood when it was last cleared; 0 for gauges.
    var figureBases: [UInt64]
    /// By what their keys begin with.
    var groups: [String: FigureGroup] = [:]
    var hasClearedGroups = false
    var connections: [ConnectionID: ConnectionRecord] = [:]
    var closedConnections: UInt64 = 0
    var schedulingMisses: [SchedulingMiss] = []
    var closedBase: UInt64 = 0
    var trackers = TrackerList()
    var lastSeen: [TrackerID: MapValue] = [:]
    var clientNotifications: [MapNotification] = []

    struct ConnectionRecord: Sendable {
        let identity: ConnectionIdentity
        var now = ConnectionStatistics()
        var base = ConnectionStatistics()
    }

    /// - Parameter figures: what others keep; their owner refreshes them with `update(figure:to:)` before a client reads.
    public init(figures: [Figure] = []) {
        self.figures = figures
        figureBases = Array(repeating: 0, count: figures.count)
        for (index, figure) in figures.enumerated() { table.set(figure.key, .figure(index)) }
        table.set("stats.ipcs.global.active", .activeConnections)
        table.set("stats.ipcs.global.closed", .closedConnections)
    }

    /// How many keys there are.
    public var count: Int { table.count }

    /// The value of a key now; nil when there is no such key.
    public subscript(name: String) -> MapValue? {
        table[name].flatMap { value(of: $0) }
    }

    /// The next key of a walk; nil at its end.
    public func next(_ iterator: inout MapIterator) -> MapEntry? {
        while let entry = table.next(&iterator) {
            if let value = value(of: entry.element) { return MapEntry(name: entry.name, value: value) }
        }
        return nil
    }

    func value(of source: StatisticSource) -> MapValue? {
        switch source {
        case .figure(let index): value(ofFigure: index)
        case .member(let prefix, let index): value(of: prefix, index)
        case .activeConnections: .u64(UInt64(connections.count))
        case .closedConnections: .u64(closedConnections &- closedBase)
        case .connection(let id, let statistic):
            connections[id].map {
                statistic.value($0.now, since: $0.base, name: $0.identity.processName)
            }
        case .missTime(let index):
            index < schedulingMisses.count ? .u64(schedulingMisses[index].timestamp) : nil
        case .missDelay(let index):
            index < schedulingMisses.count ? .float(schedulingMisses[index].delay) : nil
        }
    }
}

/// Where a statistic's value comes from.
enum StatisticSource: Sendable {
    /// By its place in the list the map began with.
    case figure(Int)
    /// By its place in a group.
    case member(of: String, Int)
    case activeConnections
    case closedConnections
    case connection(ConnectionID, ConnectionStatistic)
    case missTime(Int)
    case missDelay(Int)
}
