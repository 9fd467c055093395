import Simulator

/// Figures of all seeds together.
struct Summary: Sendable {
    private(set) var seeds = 0
    private var failed = 0
    private var nanoseconds: UInt64 = 0
    private var events = 0
    private var messages = 0
    private var deliveries = 0
    private var rings = 0
    /// Time until all was well again, in percent of what was allowed.
    private var settling: [Int] = []
    /// In milliseconds.
    private var slowest: (seed: UInt64, time: UInt64, bound: UInt64) = (0, 0, 1)

    mutating func add(_ outcome: SimulationOutcome) {
        let figures = outcome.figures
        seeds += 1
        if outcome.violation != nil { failed += 1 }
        nanoseconds += figures.simulatedTime
        events += figures.events
        messages += figures.messagesSent
        deliveries += figures.deliveries
        rings += figures.ringsInstalled
        let time = figures.settlingTime / 1_000_000
        let bound = figures.settlingBound / 1_000_000
        if time > 0, bound > 0 { settling.append(Int(time * 100 / bound)) }
        if bound > 0, time * slowest.bound > slowest.time * bound { slowest = (outcome.seed, time, bound) }
    }

    private func percentile(_ percent: Int) -> Int {
        let sorted = settling.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
    }

    var text: String {
        var lines = [
            "\(seeds) run, \(failed) failed",
            "  \(nanoseconds / 1_000_000_000) s of simulated time, \(events) events, \(rings) installations of a ring, "
                + "\(messages) messages, \(deliveries) deliveries",
        ]
        if slowest.bound > 1 {
            lines.append(
                "  after the faults stopped all was well again within \(percentile(50)) % of the time allowed in half of the "
                    + "runs, \(percentile(99)) % in 99 of 100; slowest: seed \(slowest.seed), \(slowest.time) ms of "
                    + "\(slowest.bound) ms")
        }
        return lines.joined(separator: "\n")
    }
}
