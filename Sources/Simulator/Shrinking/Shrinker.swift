/// What making a course of events smaller is allowed to cost.
package struct ShrinkLimits: Sendable {
    /// Simulations to run.
    package var runs = 600
    /// Events in all of them together.
    package var events = 60_000_000

    package init(runs: Int = 600, events: Int = 60_000_000) {
        self.runs = runs
        self.events = events
    }
}

package struct ShrinkProgress: Sendable {
    package var runs: Int
    package var nodes: Int
    package var faults: Int
    package var messages: Int
}

/// Makes a failing scenario smaller, step by step, as long as it breaks the same guarantee (delta debugging).
///
/// A step that does not keep the failure is taken back. Removing a node or a fault changes everything left to chance
/// afterwards, so a step that matters is also tried with a few other seeds.
package struct Shrinker<C: ShrinkableCourse>: Sendable {
    package struct Result: Sendable {
        package var scenario: C
        package var violation: Breach<C.Guarantee>
        package var figures: RunFigures
        package var runs: Int
        /// Nothing more could be left out; otherwise the limits ended the search.
        package var isMinimal: Bool
    }

    let planted: C.Planted?
    private let limits: ShrinkLimits
    private(set) var best: C
    private(set) var violation: Breach<C.Guarantee>
    private var figures: RunFigures
    private var runs = 0
    private var events = 0
    private let report: @Sendable (ShrinkProgress) -> Void

    /// Nil when the scenario breaks no guarantee.
    package init?(
        _ scenario: C, planted: C.Planted? = nil, limits: ShrinkLimits = ShrinkLimits(),
        report: @escaping @Sendable (ShrinkProgress) -> Void = { _ in }
    ) {
        let outcome = scenario.run(RunView(), planted: planted)
        guard let violation = outcome.violation else { return nil }
        best = scenario
        self.violation = violation
        figures = outcome.figures
        self.planted = planted
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
            changed = C.reduceWork(&self) || changed
            changed = calmNetwork() || changed
            changed = simplify() || changed
            changed = shorten() || changed
            changed = simplifyFaults() || changed
        }
        return Result(scenario: best, violation: violation, figures: figures, runs: runs, isMinimal: !isExhausted)
    }

    private var isExhausted: Bool { runs >= limits.runs || events >= limits.events }

    /// Takes the candidate over when it breaks the same guarantee.
    mutating func accept(_ candidate: C, otherSeeds: Int = 0) -> Bool {
        guard candidate != best else { return false }
        for attempt in 0...UInt64(otherSeeds) {
            guard !isExhausted else { return false }
            var tried = candidate
            if attempt > 0 { tried.seed = attempt }
            let outcome = tried.run(RunView(), planted: planted)
            runs += 1
            events += outcome.figures.events
            guard let found = outcome.violation, found.invariant == violation.invariant else { continue }
            (best, violation, figures) = (tried, found, outcome.figures)
            report(
                ShrinkProgress(
                    runs: runs, nodes: best.nodes.count, faults: best.faults.count, messages: figures.messagesSent))
            return true
        }
        return false
    }

    /// Takes a change over when it keeps the failure.
    mutating func tryOut(otherSeeds: Int = 0, _ change: (inout C) -> Void) -> Bool {
        var candidate = best
        change(&candidate)
        return accept(candidate, otherSeeds: otherSeeds)
    }

    /// Leaves out as many of `count` things as possible: halves first, then ever smaller pieces.
    mutating func leaveOut(
        count: (C) -> Int, keeping least: Int = 0, otherSeeds: Int = 0,
        _ without: (C, Range<Int>) -> C
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
