import Totem
import TotemWire

/// Makes a failing scenario smaller, step by step, as long as it breaks the same guarantee (delta debugging).
///
/// A step that does not keep the failure is taken back. Removing a node or a fault changes everything left to chance
/// afterwards, so a step that matters is also tried with a few other seeds.
package struct Shrinker: Sendable {
    /// What it is allowed to cost.
    package struct Limits: Sendable {
        /// Simulations to run.
        package var runs = 600
        /// Events in all of them together.
        package var events = 60_000_000

        package init(runs: Int = 600, events: Int = 60_000_000) {
            self.runs = runs
            self.events = events
        }
    }

    package struct Progress: Sendable {
        package var runs: Int
        package var nodes: Int
        package var faults: Int
        package var messages: Int
    }

    package struct Result: Sendable {
        package var scenario: Scenario
        package var violation: Violation
        package var figures: SimulationFigures
        package var runs: Int
        /// Nothing more could be left out; otherwise the limits ended the search.
        package var isMinimal: Bool
    }

    let sabotage: Sabotage?
    private let limits: Limits
    private(set) var best: Scenario
    private(set) var violation: Violation
    private var figures: SimulationFigures
    private var runs = 0
    private var events = 0
    private let report: @Sendable (Progress) -> Void

    /// Nil when the scenario breaks no guarantee.
    package init?(
        _ scenario: Scenario, sabotage: Sabotage? = nil, limits: Limits = Limits(),
        report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        var simulation = Simulation(scenario, sabotage: sabotage)
        let outcome = simulation.run()
        guard let violation = outcome.violation else { return nil }
        best = scenario
        self.violation = violation
        figures = outcome.figures
        self.sabotage = sabotage
        self.limits = limits
        self.report = report
    }

    package mutating func run() -> Result {
        var changed = true
        while changed, !isExhausted {
            changed = false
            // What makes the greatest difference comes first; each later step is cheaper for it.
            changed = dropLateFaults() || changed
            changed = dropFaults() || changed
            changed = dropNodes() || changed
            changed = reduceWork() || changed
            changed = calmNetwork() || changed
            changed = simplify() || changed
            changed = shorten() || changed
            changed = simplifyFaults() || changed
        }
        return Result(scenario: best, violation: violation, figures: figures, runs: runs, isMinimal: !isExhausted)
    }

    private var isExhausted: Bool { runs >= limits.runs || events >= limits.events }

    /// Takes the candidate over when it breaks the same guarantee.
    mutating func accept(_ candidate: Scenario, otherSeeds: Int = 0) -> Bool {
        guard candidate != best else { return false }
        for attempt in 0...UInt64(otherSeeds) {
            guard !isExhausted else { return false }
            var tried = candidate
            if attempt > 0 { tried.seed = attempt }
            var simulation = Simulation(tried, sabotage: sabotage)
            let outcome = simulation.run()
            runs += 1
            events += outcome.figures.events
            guard let found = outcome.violation, found.invariant == violation.invariant else { continue }
            (best, violation, figures) = (tried, found, outcome.figures)
            report(
                Progress(
                    runs: runs, nodes: best.nodes.count, faults: best.faults.count, messages: figures.messagesSent))
            return true
        }
        return false
    }

    /// Takes a change over when it keeps the failure.
    mutating func tryOut(otherSeeds: Int = 0, _ change: (inout Scenario) -> Void) -> Bool {
        var candidate = best
        change(&candidate)
        return accept(candidate, otherSeeds: otherSeeds)
    }

    /// Leaves out as many of `count` things as possible: halves first, then ever smaller pieces.
    mutating func leaveOut(
        count: (Scenario) -> Int, keeping least: Int = 0, otherSeeds: Int = 0,
        _ without: (Scenario, Range<Int>) -> Scenario
    ) -> Bool {
        var changed = false
        var size = max(count(best) / 2, 1)
        while true {
            var start = 0
            while start < count(best), !isExhausted {
                let piece = start..<min(start + size, count(best))
                if count(best) - piece.count >= least, accept(without(best, piece), otherSeeds: otherSeeds) {
                    changed = true
                } else {
                    start += size
                }
            }
            guard size > 1, !isExhausted else { return changed }
            size /= 2
        }
    }
}
