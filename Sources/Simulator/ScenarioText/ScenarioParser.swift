import Totem
import TotemWire

extension ScenarioText {
    /// The scenario that a text describes.
    ///
    /// - Throws: `ScenarioTextError` with the first line that is wrong.
    package static func read(_ text: String) throws(ScenarioTextError) -> Scenario {
        var parser = ScenarioParser()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            try parser.read(LineWords(line, line: number))
        }
        return try parser.finish(line: number + 1)
    }
}

/// Puts a scenario together line by line.
struct ScenarioParser {
    private var hasTitle = false
    private var seed: UInt64?
    private var calmAt: UInt64?
    private var scenario = Scenario(seed: 0, nodes: [], parameters: RingParameters(), calmAt: 0)
    private var hasSenders = false

    static let longest: UInt64 = 10_000_000
    /// Of delays: with the greatest number of nodes, all bounds computed from them stay numbers of 64 bits.
    static let longestDelay: UInt64 = 10_000_000

    mutating func read(_ line: LineWords) throws(ScenarioTextError) {
        var words = line
        guard !words.isEmpty else { return }
        guard hasTitle else {
            guard words.takes("rondo-scenario"), words.takes("1"), words.isEmpty else {
                throw words.failure(.notAScenario)
            }
            hasTitle = true
            return
        }
        let subject = try words.next("a fact")
        switch subject {
        case "seed":
            if seed != nil { throw words.failure(.repeated("the seed")) }
            seed = try words.number("a seed", in: 0...UInt64.max)
        case "calm":
            if calmAt != nil { throw words.failure(.repeated("the time of calm")) }
            try words.expect("at")
            calmAt = try words.duration(.milliseconds, "a time", in: 1...Self.longest)
        case "node": try readNode(&words)
        case "ring": try readParameter(&words)
        case "network": scenario.network = try Self.conditions(&words)
        case "messages": try readMessages(&words)
        case "reading-pause":
            scenario.readingPause = try words.duration(.microseconds, "a time", in: 0...1_000_000)
        case "synchronisation":
            try words.expect("rounds")
            scenario.synchronizationRounds = try words.count("a number of rounds", in: 1...100)
            try words.expect("state")
            scenario.synchronizedState = try words.count("a number of bytes", in: 0...1_000_000)
        case "stranger": scenario.hasStranger = true
        case "at", "when":
            let occasion = try readOccasion(&words, timed: subject == "at")
            scenario.faults.append(PlannedFault(occasion, try FaultParser.read(&words, scenario.nodes)))
        default:
            throw words.failure(
                .unknownWord(
                    String(subject),
                    expected: "one of seed, calm, node, ring, network, messages, reading-pause, synchronisation, "
                        + "stranger, at, when"))
        }
        try words.end()
    }

    func finish(line: Int) throws(ScenarioTextError) -> Scenario {
        func failure(_ problem: ScenarioTextError.Problem) -> ScenarioTextError { .init(line: line, problem: problem) }
        guard hasTitle else { throw failure(.notAScenario) }
        guard let seed else { throw failure(.missing("the line 'seed N'")) }
        guard let calmAt else { throw failure(.missing("the line 'calm at TIME'")) }
        guard !scenario.nodes.isEmpty else { throw failure(.missing("at least one line 'node N'")) }
        var complete = scenario
        complete.seed = seed
        complete.calmAt = calmAt
        if !hasSenders { complete.workload.paces = [] }
        return complete
    }

    private mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError) {
        let number = UInt32(clamping: try words.number("a node", in: 1...UInt64(UInt32.max)))
        let id = NodeID(number)
        guard scenario.nodes.last.map({ $0 < id }) ?? true else { throw words.failure(.misplacedNode(number)) }
        guard scenario.nodes.count < TotemLimits.processorCount else {
            throw words.failure(.tooManyNodes(scenario.nodes.count + 1))
        }
        if !scenario.faults.isEmpty { throw words.failure(.misplacedNode(number)) }
        var start: UInt64 = 0
        if words.takes("starts") {
            start = try words.duration(.nanoseconds, "a time", in: 0...Self.longest * 1_000_000)
        }
        var pace = Workload.Pace.silent
        if words.takes("sends") {
            hasSenders = true
            pace = try Self.pace(&words)
        }
        if words.takes("clock") {
            let offset = try words.duration(.nanoseconds, "a time", in: 0...1 << 60)
            try words.expect("drift")
            scenario.clocks.append(NodeClock(offset: offset, drift: try words.drift()))
        }
        if words.takes("timeouts") {
            let percent = try words.number("a percentage", in: 1...1000)
            scenario.timeoutPercents.append(UInt32(clamping: percent))
        }
        if words.takes("call-time") {
            scenario.callTimes.append(try words.duration(.microseconds, "a time", in: 0...1_000_000))
        }
        scenario.nodes.append(id)
        for count in [scenario.clocks.count, scenario.timeoutPercents.count, scenario.callTimes.count]
        where count != 0 && count != scenario.nodes.count {
            throw words.failure(.missing("a clock, timeouts or call-time: given for one node, it is given for all"))
        }
        scenario.starts.append(start)
        scenario.workload.paces.append(pace)
        scenario.comesBack.append(!words.takes("stays-down"))
        scenario.losesDisk.append(words.takes("loses-disk"))
    }

    private static func pace(_ words: inout LineWords) throws(ScenarioTextError) -> Workload.Pace {
        if words.takes("nothing") { return .silent }
        if words.takes("all-it-can") { return .saturating }
        let isBurst = words.takes("burst")
        let count = try words.count("a number of messages", in: isBurst ? 0...100_000 : 1...1)
        try words.expect("every")
        let interval = try words.duration(.microseconds, "a time", in: 0...longestDelay)
        return isBurst ? .bursts(count: count, microseconds: interval) : .steady(microseconds: interval)
    }

    private mutating func readMessages(_ words: inout LineWords) throws(ScenarioTextError) {
        let kind = try words.next("a size")
        switch kind {
        case "small": scenario.workload.sizes = .small
        case "frames": scenario.workload.sizes = .frames
        case "large": scenario.workload.sizes = .large
        case "mixed": scenario.workload.sizes = .mixed
        case "bytes": scenario.workload.sizes = .exactly(try words.count("a number of bytes", in: 1...1_048_576))
        default:
            throw words.failure(.unknownWord(String(kind), expected: "one of small, frames, large, mixed, bytes"))
        }
        try words.expect("at-most")
        scenario.workload.budget = try words.count("a number of bytes", in: 0...1 << 40)
    }

    private mutating func readParameter(_ words: inout LineWords) throws(ScenarioTextError) {
        let name = try words.next("a parameter")
        if name == ParameterNames.holdCancelling {
            scenario.parameters.cancelHoldOnRetransmit = true
        } else if let (_, path) = ParameterNames.durations.first(where: { $0.0 == name }) {
            let time = try words.duration(.milliseconds, "a time", in: 0...Self.longest)
            scenario.parameters[keyPath: path] = UInt32(clamping: time)
        } else if let (_, path) = ParameterNames.numbers.first(where: { $0.0 == name }) {
            scenario.parameters[keyPath: path] = UInt32(
                clamping: try words.number("a number", in: 0...UInt64(UInt32.max)))
        } else if let (_, path, range) = ParameterNames.sizes.first(where: { $0.0 == name }) {
            scenario.parameters[keyPath: path] = try words.count("a number of bytes", in: range)
        } else {
            throw words.failure(.unknownWord(String(name), expected: "a parameter of a ring"))
        }
    }

    static func conditions(_ words: inout LineWords) throws(ScenarioTextError) -> NetworkConditions {
        var network = NetworkConditions()
        while !words.isEmpty {
            let word = try words.next("a condition")
            switch word {
            case "delay": network.delay = try words.duration(.microseconds, "a time", in: 0...longestDelay)
            case "jitter": network.jitter = try words.duration(.microseconds, "a time", in: 0...longestDelay)
            case "spread": network.spread = try distribution(&words)
            case "loss": network.lossPerMillion = try words.millionths("a loss per million")
            case "duplicates": network.duplicatePerMillion = try words.millionths("a number per million")
            case "flips": network.flipPerMillion = try words.millionths("a number per million")
            case "slow":
                network.slowPerMillion = try words.millionths("a number per million")
                try words.expect("by")
                network.slowness = try words.duration(.microseconds, "a time", in: 0...longestDelay)
            case "reorders": network.keepsOrder = false
            default:
                throw words.failure(
                    .unknownWord(
                        String(word), expected: "one of delay, jitter, spread, loss, duplicates, flips, slow, reorders")
                )
            }
        }
        return network
    }

    private static func distribution(_ words: inout LineWords) throws(ScenarioTextError) -> DurationDistribution {
        func time(_ words: inout LineWords) throws(ScenarioTextError) -> UInt64 {
            try words.duration(.nanoseconds, "a time", in: 0...longestDelay * 1000)
        }
        let kind = try words.next("a distribution")
        switch kind {
        case "constant": return .constant(try time(&words))
        case "uniform": return .uniform(try time(&words), try time(&words))
        case "exponential": return .exponential(mean: try time(&words))
        case "pareto": return .pareto(shortest: try time(&words))
        case "lognormal":
            let median = try time(&words)
            let word = try words.next("a sigma")
            guard let sigma = Double(word), (0...2).contains(sigma) else {
                throw words.failure(.notANumber(String(word), of: "a sigma", range: 0...2))
            }
            return .logNormal(median: median, sigma: sigma)
        default:
            throw words.failure(
                .unknownWord(String(kind), expected: "one of constant, uniform, exponential, pareto, lognormal"))
        }
    }

    private func readOccasion(_ words: inout LineWords, timed: Bool) throws(ScenarioTextError) -> Occasion {
        if timed { return .at(milliseconds: try words.duration(.milliseconds, "a time", in: 0...Self.longest)) }
        let node = try words.node(of: scenario.nodes)
        try words.expect("enters")
        let name = try words.next("a state")
        guard let phase = RingPhase.allCases.first(where: { "\($0)" == name }) else {
            let expected = "one of \(RingPhase.allCases.map { "\($0)" }.joined(separator: ", "))"
            throw words.failure(.unknownWord(String(name), expected: expected))
        }
        let count = try words.count("how often", in: 1...1_000_000)
        let isBefore = words.takes("before-sending")
        if !isBefore { try words.expect("after-sending") }
        return .entering(node: node, phase: phase, count: count, beforeSending: isBefore)
    }
}
