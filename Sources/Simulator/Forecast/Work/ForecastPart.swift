/// What one task found.
package struct ForecastPart: Sendable {
    package var defect: ForecastDefect?
    /// Fingerprint of everything that was sent and delivered.
    package var digest: UInt64 = 0
    package var events = 0
    /// Simulated nanoseconds, all told.
    package var simulated: UInt64 = 0
    /// Nanoseconds of idle ring in which breaks were looked for.
    var watched: UInt64 = 0
    var breaks: [RingWatch.Break] = []
    /// From each death of a machine to the ring of the others; nil for what took longer than the simulation waited.
    var failovers: [(node: Int, time: UInt64?)] = []
    /// The same of processes.
    var processFailovers: [(node: Int, time: UInt64?)] = []
    var beats: [UInt64] = []
    var load: Meter?
    var cuts: [LinkCut] = []
    /// Nanoseconds from each cut of all links of a node until the others were in a ring without it; nil for what took longer.
    var isolations: [UInt64?] = []
}

extension ForecastPlan {
    /// Does one task. Tasks may run side by side, in any order.
    package func run(_ task: Task) -> ForecastPart {
        if case .cuts(let loss, let number, let count) = task { return run(loss, number: number, count: count) }
        let scenario = scenario(task)
        var simulation = Simulation(scenario)
        let end = scenario.calmAt * 1_000_000
        let window =
            switch task {
            case .load: loadWindow.start..<loadWindow.end
            case .rest, .deaths, .cuts: min(settling * 1_000_000, end)..<end
            }
        simulation.meter = Meter(window)
        let outcome = simulation.run()
        var part = ForecastPart()
        part.defect = outcome.violation.map { ForecastDefect($0) }
        part.digest = outcome.digest
        part.events = outcome.figures.events
        part.simulated = outcome.figures.simulatedTime
        var watch = RingWatch(outcome, nodes: nodes)
        switch task {
        case .rest:
            part.watched = window.upperBound - window.lowerBound
            part.breaks = watch.breaks(in: window)
            part.beats = simulation.meter?.intervals ?? []
        case .deaths(.machine, _, _): part.failovers = watch.failovers(deaths(task))
        case .deaths(.process, _, _): part.processFailovers = watch.failovers(deaths(task))
        case .load: part.load = simulation.meter
        case .cuts: break
        }
        return part
    }
}
