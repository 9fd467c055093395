import Simulator

/// Figures of all seeds of one layer together.
struct Summary: Sendable {
    private(set) var seeds = 0
    private var failed = 0
    private var total = RunFigures()
    private var settling = Settling()
    private var overlap = QuorumOverlap()

    mutating func add<Guarantee>(_ outcome: RunOutcome<Guarantee>) {
        let figures = outcome.figures
        seeds += 1
        if outcome.violation != nil { failed += 1 }
        total.nodes += figures.nodes
        total.simulatedTime += figures.simulatedTime
        total.faults += figures.faults
        total.events += figures.events
        total.messagesSent += figures.messagesSent
        total.deliveries += figures.deliveries
        total.rings += figures.rings
        total.eventsRead += figures.eventsRead
        settling.add(figures, seed: outcome.seed)
        overlap.add(figures, seed: outcome.seed)
    }

    func text(of layer: SimulatedLayer) -> String {
        let seconds = "  \(total.simulatedTime / 1_000_000_000) s of simulated time"
        let work =
            switch layer {
            case .ring:
                ", \(total.events) events, \(total.rings) installations of a ring, \(total.messagesSent) messages, "
                    + "\(total.deliveries) deliveries"
            case .nodes:
                " on \(total.nodes) nodes, \(total.faults) faults; programs sent \(total.messagesSent) messages, got "
                    + "\(total.deliveries), and read \(total.eventsRead) events"
            case .links:
                " on \(total.nodes) nodes, \(total.events) events, \(total.faults) faults, \(total.messagesSent) packets, "
                    + "\(total.deliveries) deliveries"
            }
        var lines = ["\(seeds) run, \(failed) failed", seconds + work]
        if let sentence = settling.sentence { lines.append("  " + sentence) }
        if layer == .nodes, let sentence = overlap.sentence { lines.append("  " + sentence) }
        return lines.joined(separator: "\n")
    }
}
