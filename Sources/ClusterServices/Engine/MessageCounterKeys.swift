import ClusterMap

/// The keys `runtime.services.SERVICE.FUNCTION.tx` and `.rx`, kept at the true numbers (spec: services.md 1.1).
public struct MessageCounterKeys: Sendable {
    private var entries: [Entry] = []
    /// `DeliveryCounters.total` as of the last refresh.
    private var shownTotal: UInt64 = 0

    private struct Entry: Sendable {
        var service: ServiceID
        var function: UInt16
        var sent: MapCounter
        var received: MapCounter
        var shown = DeliveryCounters.Pair()
    }

    /// Creates the keys of the services that are loaded.
    public init(of engine: ServiceEngine, in map: inout ClusterMap) throws(ClientError) {
        for service in ServiceID.allCases where engine.loaded.contains(service) {
            for function in 0..<UInt16(service.shownFunctionCount) {
                let prefix = "runtime.services.\(service.shortName).\(function)."
                entries.append(
                    Entry(
                        service: service, function: function, sent: try map.makeCounter(prefix + "tx"),
                        received: try map.makeCounter(prefix + "rx")))
            }
        }
        refresh(from: engine, in: &map)
    }

    /// Brings the keys up to date; costs little when nothing was counted.
    public mutating func refresh(from engine: borrowing ServiceEngine, in map: inout ClusterMap) {
        guard engine.counters.total != shownTotal else { return }
        let counters = engine.counters
        shownTotal = counters.total
        for index in entries.indices {
            let now = counters[entries[index].service, entries[index].function]
            let shown = entries[index].shown
            if now.sent != shown.sent { map.bump(entries[index].sent, by: now.sent &- shown.sent) }
            if now.received != shown.received { map.bump(entries[index].received, by: now.received &- shown.received) }
            entries[index].shown = now
        }
    }
}
