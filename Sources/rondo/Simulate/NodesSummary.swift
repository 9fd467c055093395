import Simulator

/// Figures of all seeds of whole nodes together.
struct NodesSummary: Sendable {
    private(set) var seeds = 0
    private(set) var failed = 0
    private var nodes = 0
    private var nanoseconds: UInt64 = 0
    private var faults = 0
    private var messages = 0
    private var deliveries = 0
    private var events = 0
    /// Time until all was well again, in percent of what was allowed.
    private var settling: [Int] = []

    mutating func add(_ outcome: ClusterOutcome) {
        let figures = outcome.figures
        seeds += 1
        if outcome.violation != nil { failed += 1 }
        nodes += figures.nodes
        nanoseconds += figures.simulatedTime
        faults += figures.faults
        messages += figures.messagesSent
        deliveries += figures.deliveries
        events += figures.eventsRead
        let bound = figures.settlingBound / 1_000_000
        if bound > 0 { settling.append(Int(figures.settlingTime / 1_000_000 * 100 / bound)) }
    }

    private func percentile(_ percent: Int) -> Int {
        let sorted = settling.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
    }

    var text: String {
        "\(seeds) run, \(failed) failed\n  \(nanoseconds / 1_000_000_000) s of simulated time on \(nodes) nodes, "
            + "\(faults) faults; programs sent \(messages) messages, got \(deliveries), and read \(events) events\n"
            + "  after the faults stopped all was well again within \(percentile(50)) % of the time allowed in half of "
            + "the runs, \(percentile(99)) % in 99 of 100"
    }
}
