import Simulator

/// How much of the time allowed it took until all was well again, over many runs.
struct Settling: Sendable {
    /// In percent of what was allowed.
    private var shares: [Int] = []
    /// In milliseconds.
    private var slowest: (seed: UInt64, time: UInt64, bound: UInt64) = (0, 0, 1)

    mutating func add(_ figures: RunFigures, seed: UInt64) {
        let time = figures.settlingTime / 1_000_000
        let bound = figures.settlingBound / 1_000_000
        guard time > 0, bound > 0 else { return }
        shares.append(Int(time * 100 / bound))
        if time * slowest.bound > slowest.time * bound { slowest = (seed, time, bound) }
    }

    private func percentile(_ percent: Int) -> Int {
        let sorted = shares.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
    }

    /// Nil when nothing has settled.
    var sentence: String? {
        guard !shares.isEmpty else { return nil }
        return
            "after the faults stopped all was well again within \(percentile(50)) % of the time allowed in half of the "
            + "runs, \(percentile(99)) % in 99 of 100; slowest: seed \(slowest.seed), \(slowest.time) ms of "
            + "\(slowest.bound) ms"
    }
}
