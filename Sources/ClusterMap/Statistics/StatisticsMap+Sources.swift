/// A figure that somebody else keeps and the statistics map shows.
public struct Figure: Sendable, Equatable {
    public enum Kind: Sendable {
        /// Counts up, always as `.u64`; shown since it was last cleared.
        case counter
        /// Stays as it is when the map is cleared.
        case gauge
    }

    public var key: String
    public var kind: Kind
    /// As its owner has it: of counters since the owner's start, clearing them is the map's affair.
    public var value: MapValue

    public init(_ key: String, _ kind: Kind, _ value: MapValue) {
        self.key = key
        self.kind = kind
        self.value = value
    }
}

/// A moment at which the daemon was not scheduled in time.
public struct SchedulingMiss: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var timestamp: UInt64
    /// Milliseconds.
    public var delay: Float

    public init(timestamp: UInt64, delay: Float) {
        self.timestamp = timestamp
        self.delay = delay
    }
}

extension StatisticsMap {
    /// The misses that are kept.
    private static let keptMisses = 10

    /// A client has connected: its keys appear.
    public mutating func connectionOpened(_ identity: ConnectionIdentity) {
        guard connections[identity.id] == nil else { return }
        connections[identity.id] = ConnectionRecord(identity: identity)
        for statistic in ConnectionStatistic.allCases {
            let name = identity.keyPrefix + statistic.rawValue
            let source = StatisticSource.connection(identity.id, statistic)
            table.set(name, source)
            notify(.add, name, value: value(of: source))
        }
    }

    /// A client has gone: its keys disappear.
    public mutating func connectionClosed(_ id: ConnectionID) {
        guard let record = connections[id] else { return }
        for statistic in ConnectionStatistic.allCases {
            let name = record.identity.keyPrefix + statistic.rawValue
            guard let source = table.remove(name) else { continue }
            notify(.delete, name, value: value(of: source))
        }
        connections[id] = nil
        closedConnections &+= 1
    }

    /// Refreshes the figures of a connection; unknown ones are ignored.
    public mutating func update(_ id: ConnectionID, _ statistics: ConnectionStatistics) {
        connections[id]?.now = statistics
    }

    /// Remembers a scheduling miss, the newest under index 0; nobody is told that its keys appear.
    public mutating func record(_ miss: SchedulingMiss) {
        schedulingMisses.insert(miss, at: 0)
        if schedulingMisses.count > Self.keptMisses { schedulingMisses.removeLast() }
        let index = schedulingMisses.count - 1
        table.set("stats.schedmiss.\(index).timestamp", .missTime(index))
        table.set("stats.schedmiss.\(index).delay", .missDelay(index))
    }

    /// Refreshes a figure, by its place in the list the map began with; others are ignored.
    public mutating func update(figure index: Int, to value: MapValue) {
        guard figures.indices.contains(index) else { return }
        figures[index].value = value
    }

    func value(ofFigure index: Int) -> MapValue? {
        guard figures.indices.contains(index) else { return nil }
        let figure = figures[index]
        guard figure.kind == .counter, case .u64(let count) = figure.value else { return figure.value }
        return .u64(count &- figureBases[index])
    }

    mutating func clearFigures() {
        for index in figures.indices where figures[index].kind == .counter {
            if case .u64(let count) = figures[index].value { figureBases[index] = count }
        }
    }

    mutating func clearConnections() {
        for id in connections.keys.sorted() {
            if let now = connections[id]?.now { connections[id]?.base = now }
        }
        closedBase = closedConnections
    }

    mutating func clearSchedulingMisses() {
        for index in schedulingMisses.indices {
            table.remove("stats.schedmiss.\(index).timestamp")
            table.remove("stats.schedmiss.\(index).delay")
        }
        schedulingMisses = []
    }
}
