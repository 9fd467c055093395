/// A handle on one of the daemon's u64 counters, for which no name need be looked up.
public struct MapCounter: Sendable, Hashable {
    let index: Int
}

struct Counter: Sendable {
    let name: String
    var value: UInt64
    /// Whether some tracker hears of its changes.
    var isTracked: Bool
    /// False once the key was deleted or overwritten: bumping it then has no effect.
    var isLive: Bool
}

extension ClusterMap {
    /// Creates a counter at zero under a name, whose key may exist already (it then restarts).
    ///
    /// - Throws: `.nameTooLong` for an impossible name.
    public mutating func makeCounter(_ name: String) throws(ClientError) -> MapCounter {
        try set(name, .u64(0))
        let index = counters.count
        counters.append(Counter(name: name, value: 0, isTracked: isTracked(name), isLive: true))
        if case .counter(let old)? = table.set(name, .counter(index)) { counters[old].isLive = false }
        return MapCounter(index: index)
    }

    /// Counts, wrapping. Costs no look-up and no memory while nobody tracks the key; a tracker hears of the new value
    /// only (spec: ipc.md 8.2).
    public mutating func bump(_ counter: MapCounter, by step: UInt64 = 1) {
        guard counter.index < counters.count, counters[counter.index].isLive else { return }
        counters[counter.index].value &+= step
        guard counters[counter.index].isTracked else { return }
        notify(.modify, counters[counter.index].name, new: .u64(counters[counter.index].value), old: nil)
    }

    mutating func retireCounter(_ content: Content) {
        if case .counter(let index) = content { counters[index].isLive = false }
    }

    mutating func refreshTrackedCounters() {
        for index in counters.indices { counters[index].isTracked = isTracked(counters[index].name) }
    }

    private func isTracked(_ name: String) -> Bool {
        trackers.all.contains { $0.flags.contains(.modify) && $0.matches(name) }
    }
}
