/// What a plan's simulation answers.
package struct Forecast: Sendable {
    package let plan: ForecastPlan
    /// The checks found a guarantee of the protocol broken: a defect of Rondo. Nil, but for that.
    package private(set) var defect: ForecastDefect?
    /// Tasks after whose end the ring did not come to rest, though the conditions ask too much of any ring.
    package private(set) var restlessTasks = 0
    package private(set) var events = 0
    /// Simulated nanoseconds of all tasks.
    package private(set) var simulated: UInt64 = 0

    /// From the loss of a node's machine until all others are in one ring.
    package let failover: Quantiles
    /// The same, of deaths of the representative (the lowest node id) alone.
    package let representativeFailover: Quantiles
    /// From the end of a process until all others are in one ring; empty where nodes do not beat, so that it is no other.
    package let processFailover: Quantiles
    /// Deaths of either kind after which that took longer than the simulation waited.
    package private(set) var unfinishedFailovers = 0

    /// How often the ring broke though nobody had died.
    package let breaks: Rate
    /// How often, then, a living node was put out.
    package let exclusions: Rate
    /// From the first node that gave the ring up until all were in one again.
    package let breakLength: Quantiles
    package let expected: ExpectedBreaks

    /// From one passage of the token to the next, of the idle ring.
    package let beat: Quantiles
    /// The same at full load.
    package let rotation: Quantiles
    /// The share of time that a ring at full load waits for lost tokens to be sent again.
    package let waitingShare: Double
    /// At full load; 0 for one node alone.
    package private(set) var messagesPerSecond = 0.0
    package private(set) var bytesPerSecond = 0.0

    /// Nil for another transport than knet.
    package let links: LinkForecast?

    package init(_ plan: ForecastPlan, _ parts: [ForecastPart]) {
        self.plan = plan
        var failovers: [(node: Int, time: UInt64?)] = []
        var processFailovers: [(node: Int, time: UInt64?)] = []
        var found: [RingWatch.Break] = []
        var beats: [UInt64] = []
        var watched: UInt64 = 0
        var load: Meter?
        for part in parts {
            if let broken = part.defect {
                if broken.isRestless, plan.isBeyondProtocol { restlessTasks += 1 } else { defect = defect ?? broken }
            }
            events += part.events
            simulated += part.simulated
            failovers += part.failovers
            processFailovers += part.processFailovers
            found += part.breaks
            beats += part.beats
            watched += part.watched
            load = load ?? part.load
        }
        failover = Quantiles(failovers.compactMap(\.time))
        representativeFailover = Quantiles(failovers.filter { $0.node == 0 }.compactMap(\.time))
        processFailover = Quantiles(processFailovers.compactMap(\.time))
        unfinishedFailovers = (failovers + processFailovers).count { $0.time == nil }
        breaks = Rate(events: found.count, span: watched)
        exclusions = Rate(events: found.count { $0.excluded }, span: watched)
        breakLength = Quantiles(found.compactMap { one in one.end.map { $0 - one.start } })
        expected = ExpectedBreaks(plan)
        beat = Quantiles(beats)
        links = plan.links.map { LinkForecast($0, parts) }
        rotation = Quantiles(load?.intervals ?? [])
        waitingShare = Self.waitingShare(load?.intervals ?? [], rotation.median, plan)
        if let load, load.span > 0 {
            messagesPerSecond = Double(load.messages) / Double(load.span) * 1e9
            bytesPerSecond = Double(load.bytes) / Double(load.span) * 1e9
        }
    }
    /// Turns that took at least half a repetition longer than most have waited for one.
    private static func waitingShare(_ turns: [UInt64], _ usual: UInt64, _ plan: ForecastPlan) -> Double {
        let limit = usual + UInt64(plan.parameters.tokenRetransmit) * 500_000
        let total = turns.reduce(0, &+)
        let waited = turns.reduce(0) { $1 > limit ? $0 &+ ($1 - usual) : $0 }
        return total > 0 ? Double(waited) / Double(total) : 0
    }
}
