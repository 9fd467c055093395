import Totem
import TotemWire

/// What only rings have in a scenario text.
extension Scenario: WrittenCourse {
    package static var empty: Scenario { Scenario(seed: 0, nodes: [], parameters: RingParameters(), calmAt: 0) }

    package func text(ofNode place: Int) -> String {
        var line = ""
        if workload.paces.indices.contains(place) {
            switch workload.paces[place] {
            case .silent: line += " sends nothing"
            case .steady(let interval): line += " sends 1 every \(Measure.microseconds.text(interval))"
            case .bursts(let count, let interval):
                line += " sends burst \(count) every \(Measure.microseconds.text(interval))"
            case .saturating: line += " sends all-it-can"
            }
        }
        if clocks.indices.contains(place) {
            line += " clock \(Measure.nanoseconds.text(clocks[place].offset)) drift \(clocks[place].drift)"
        }
        if timeoutPercents.indices.contains(place) { line += " timeouts \(timeoutPercents[place])" }
        if callTimes.indices.contains(place) { line += " call-time \(Measure.microseconds.text(callTimes[place]))" }
        return line
    }

    /// Parameters that are not as by default.
    package var linesBeforeNetwork: [String] {
        let usual = RingParameters()
        var lines: [String] = []
        for (name, path) in ParameterNames.durations where parameters[keyPath: path] != usual[keyPath: path] {
            lines.append("ring \(name) \(parameters[keyPath: path])ms")
        }
        for (name, path) in ParameterNames.numbers where parameters[keyPath: path] != usual[keyPath: path] {
            lines.append("ring \(name) \(parameters[keyPath: path])")
        }
        for (name, path, _) in ParameterNames.sizes where parameters[keyPath: path] != usual[keyPath: path] {
            lines.append("ring \(name) \(parameters[keyPath: path])")
        }
        if parameters.cancelHoldOnRetransmit { lines.append("ring \(ParameterNames.holdCancelling)") }
        return lines
    }

    package var linesAfterNetwork: [String] {
        var lines: [String] = []
        if workload.paces.contains(where: { $0 != .silent }) || workload != Workload() {
            lines.append("messages \(workload.sizes.text) at-most \(workload.budget)")
        }
        if readingPause > 0 { lines.append("reading-pause \(Measure.microseconds.text(readingPause))") }
        if synchronizationRounds != 1 || synchronizedState != 0 {
            lines.append("synchronisation rounds \(synchronizationRounds) state \(synchronizedState)")
        }
        if hasStranger { lines.append("stranger") }
        if hasForger { lines.append("forger") }
        if machinesRefuse { lines.append("machines-refuse") }
        return lines
    }

    package static let subjects = [
        "ring", "messages", "reading-pause", "synchronisation", "stranger", "forger", "machines-refuse",
    ]

    package mutating func read(_ subject: Substring, _ words: inout LineWords) throws(ScenarioTextError) {
        switch subject {
        case "ring": try readParameter(&words)
        case "messages":
            workload.sizes = try .read(&words)
            try words.expect("at-most")
            workload.budget = try words.count("a number of bytes", in: 0...1 << 40)
        case "reading-pause": readingPause = try words.duration(.microseconds, "a time", in: 0...1_000_000)
        case "synchronisation":
            try words.expect("rounds")
            synchronizationRounds = try words.count("a number of rounds", in: 1...100)
            try words.expect("state")
            synchronizedState = try words.count("a number of bytes", in: 0...1_000_000)
        case "stranger": hasStranger = true
        case "forger": hasForger = true
        default: machinesRefuse = true
        }
    }

    package mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError) {
        if words.takes("sends") {
            fillPaces(upTo: nodes.count - 1)
            workload.paces.append(try Self.pace(&words))
        }
        if words.takes("clock") {
            let offset = try words.duration(.nanoseconds, "a time", in: 0...1 << 60)
            try words.expect("drift")
            clocks.append(NodeClock(offset: offset, drift: try words.drift()))
        }
        if words.takes("timeouts") {
            timeoutPercents.append(UInt32(clamping: try words.number("a percentage", in: 1...1000)))
        }
        if words.takes("call-time") {
            callTimes.append(try words.duration(.microseconds, "a time", in: 0...1_000_000))
        }
        for count in [clocks.count, timeoutPercents.count, callTimes.count] where count != 0 && count != nodes.count {
            throw words.failure(.missing("a clock, timeouts or call-time: given for one node, it is given for all"))
        }
    }

    package mutating func complete(line: Int) throws(ScenarioTextError) {
        if !workload.paces.isEmpty { fillPaces(upTo: nodes.count) }
    }

    private mutating func fillPaces(upTo count: Int) {
        while workload.paces.count < count { workload.paces.append(.silent) }
    }

    private static func pace(_ words: inout LineWords) throws(ScenarioTextError) -> Workload.Pace {
        if words.takes("nothing") { return .silent }
        if words.takes("all-it-can") { return .saturating }
        let isBurst = words.takes("burst")
        let count = try words.count("a number of messages", in: isBurst ? 0...100_000 : 1...1)
        try words.expect("every")
        let interval = try words.duration(.microseconds, "a time", in: 0...TextLimits.longestDelay)
        return isBurst ? .bursts(count: count, microseconds: interval) : .steady(microseconds: interval)
    }

    private mutating func readParameter(_ words: inout LineWords) throws(ScenarioTextError) {
        let name = try words.next("a parameter")
        if name == ParameterNames.holdCancelling {
            parameters.cancelHoldOnRetransmit = true
        } else if let (_, path) = ParameterNames.durations.first(where: { $0.0 == name }) {
            let time = try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)
            parameters[keyPath: path] = UInt32(clamping: time)
        } else if let (_, path) = ParameterNames.numbers.first(where: { $0.0 == name }) {
            parameters[keyPath: path] = UInt32(clamping: try words.number("a number", in: 0...UInt64(UInt32.max)))
        } else if let (_, path, range) = ParameterNames.sizes.first(where: { $0.0 == name }) {
            parameters[keyPath: path] = try words.count("a number of bytes", in: range)
        } else {
            throw words.failure(.unknownWord(String(name), expected: "a parameter of a ring"))
        }
    }
}
