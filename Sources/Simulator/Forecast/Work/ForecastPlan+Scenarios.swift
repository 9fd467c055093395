import Basics
import Totem
import TotemWire

/// What each task simulates.
extension ForecastPlan {
    /// Milliseconds after which a ring that starts has formed, found its members and come to rest.
    var settling: UInt64 {
        2 * (UInt64(parameters.token) + UInt64(parameters.consensus)) + 60 * rotation / 1_000_000 + 2000
    }

    /// Milliseconds that the others have to form a ring without a dead node.
    var deathLimit: UInt64 {
        2 * (UInt64(parameters.token) + UInt64(parameters.consensus)) + 30 * rotation / 1_000_000 + 2000
    }

    /// Milliseconds from one death to the next, without what is left to chance.
    var deathCycle: UInt64 { deathLimit + settling }

    func scenario(_ task: Task) -> Scenario {
        switch task {
        case .rest(let number, let span): rest(SeededGenerator(seed: seed).fork(0x1_0000 + UInt64(number)), span)
        case .deaths(let ending, let number, let count): deaths(ending, number, count).scenario
        case .load, .cuts: load(SeededGenerator(seed: seed).fork(0x3_0000))
        }
    }

    private func empty(_ chance: inout SeededGenerator, milliseconds: UInt64) -> Scenario {
        var conditions = network
        // What an unbounded distribution may hold up beyond its usual delay, for the checks' limits.
        if conditions.spread != nil { conditions.slowness = network.usualDelay * 10 }
        return Scenario(
            seed: chance.next(), nodes: (1...nodes).map { NodeID(UInt32(clamping: $0)) }, parameters: parameters,
            network: conditions, calmAt: milliseconds)
    }

    // MARK: An idle ring

    private func rest(_ seeded: SeededGenerator, _ span: UInt64) -> Scenario {
        var chance = seeded
        let end = settling + span / 1_000_000
        var scenario = empty(&chance, milliseconds: end)
        addPauses(to: &scenario, from: settling, until: end, &chance)
        if !restsWithBeats {
            scenario.parameters.beat = 0
            scenario.parameters.silence = 0
        }
        return scenario
    }

    private func addPauses(
        to scenario: inout Scenario, from start: UInt64, until end: UInt64, _ chance: inout SeededGenerator
    ) {
        let span = start..<max(start, end)
        if let pauses {
            add(pauses, to: &scenario, in: span, &chance) { .pause(node: $0, milliseconds: $1) }
        }
        if let freezes {
            add(freezes, to: &scenario, in: span, &chance) { .own(.freeze(node: $0, milliseconds: $1)) }
        }
    }

    private func add(
        _ pauses: Pauses, to scenario: inout Scenario, in span: Range<UInt64>, _ chance: inout SeededGenerator,
        _ fault: (Int, UInt64) -> Fault
    ) {
        for node in 0..<nodes {
            var time = span.lowerBound * 1_000_000
            while true {
                time += DurationDistribution.exponential(mean: pauses.every).sample(&chance)
                guard time < span.upperBound * 1_000_000 else { break }
                let length = pauses.length.sample(&chance)
                scenario.faults.append(
                    PlannedFault(.at(milliseconds: time / 1_000_000), fault(node, (length + 500_000) / 1_000_000)))
                time += length
            }
        }
    }

    // MARK: Deaths

    struct Death: Sendable {
        /// Nanoseconds.
        var time: UInt64
        var node: Int
        /// When it starts again, in nanoseconds.
        var restart: UInt64
    }

    func deaths(_ task: Task) -> [Death] {
        guard case .deaths(let ending, let number, let count) = task else { return [] }
        return deaths(ending, number, count).deaths
    }

    private func deaths(
        _ ending: Ending, _ number: Int, _ count: Int
    ) -> (scenario: Scenario, deaths: [Death]) {
        let base: UInt64 = ending == .machine ? 0x2_0000 : 0x4_0000
        var chance = SeededGenerator(seed: seed).fork(base + UInt64(number))
        var deaths: [Death] = []
        var faults: [PlannedFault] = []
        var time = settling
        for _ in 0..<count {
            // At any moment of a beat.
            time += chance.below(beat / 1_000_000 + 1)
            let node = chance.below(nodes)
            faults.append(PlannedFault(.at(milliseconds: time), .crash(node: node, sending: 0)))
            faults.append(PlannedFault(.at(milliseconds: time + deathLimit), .restart(node: node)))
            deaths.append(
                Death(time: time * 1_000_000, node: node, restart: (time + deathLimit) * 1_000_000))
            time += deathCycle
        }
        var scenario = empty(&chance, milliseconds: time)
        scenario.faults = faults
        scenario.machinesRefuse = ending == .process
        addPauses(to: &scenario, from: settling, until: time, &chance)
        return (scenario, deaths)
    }

    // MARK: Full load

    /// Nanoseconds in which the load is measured, from the time at which the ring has formed.
    var loadWindow: (start: UInt64, end: UInt64) {
        let loss = Double(network.lossPerMillion) / 1e6
        let start = settling * 1_000_000 + 50 * rotation
        // Where tokens get lost, until that has happened some sixty times; but not until millions of messages are sent.
        let many = loss > 0 ? min(max(60 / (loss * Double(nodes)), 300), 3000) : 300
        // Who asks for minutes only wants a quick answer.
        let turns = max(many * min(Double(span) / 3600e9, 1), 60)
        let repetitions = Double(parameters.tokenRetransmit) * 1e6 * turns * loss * Double(nodes)
        return (start, start + UInt64(max(turns * Double(rotation) + min(repetitions, 100e9), 20e6)))
    }

    private func load(_ seeded: SeededGenerator) -> Scenario {
        var chance = seeded
        var scenario = empty(&chance, milliseconds: loadWindow.end / 1_000_000 + 1)
        // Each node has always somewhat more to send than it may.
        let perFrame = max(parameters.netMTU / max(messageSize, 1), 1)
        let share = min(Int(parameters.maxMessages), Int(parameters.windowSize) / nodes + 1)
        let burst = (share + share / 2 + 2) * perFrame
        let pause = max(rotation / 1000, 200)
        scenario.workload.paces = Array(repeating: .bursts(count: burst, microseconds: pause), count: nodes)
        scenario.workload.sizes = .exactly(messageSize)
        scenario.workload.budget = .max
        scenario.workload.delay = settling * 1_000_000
        for node in 0..<nodes { scenario.starts[node] = UInt64(node) * 1000 }
        return scenario
    }
}
