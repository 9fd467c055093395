import Basics
import Totem
import TotemWire

/// Puts a scenario together line by line.
struct ScenarioParser<C: WrittenCourse> {
    private var hasTitle = false
    private var hasFacts = false
    private var seed: UInt64?
    private var calmAt: UInt64?
    private var course = C.empty

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
        defer { hasFacts = true }
        switch subject {
        case "layer": try readLayer(&words)
        case "seed":
            if seed != nil { throw words.failure(.repeated("the seed")) }
            seed = try words.number("a seed", in: 0...UInt64.max)
        case "calm":
            if calmAt != nil { throw words.failure(.repeated("the time of calm")) }
            try words.expect("at")
            calmAt = try words.duration(.milliseconds, "a time", in: 1...TextLimits.longest)
        case "node": try readNode(&words)
        case "network": course.network = try .read(&words)
        case "at", "when":
            let occasion = try Occasion.read(&words, timed: subject == "at", course.nodes)
            course.faults.append(PlannedLayerFault(occasion, try .read(&words, course.nodes)))
        default:
            guard C.subjects.contains(String(subject)) else {
                let known = ["layer", "seed", "calm", "node", "network"] + C.subjects + ["at", "when"]
                throw words.failure(
                    .unknownWord(String(subject), expected: "one of " + known.joined(separator: ", ")))
            }
            try course.read(subject, &words)
        }
        try words.end()
    }

    private func readLayer(_ words: inout LineWords) throws(ScenarioTextError) {
        if hasFacts { throw words.failure(.misplacedLayer) }
        let name = try words.next("a layer")
        guard let layer = SimulatedLayer(rawValue: String(name)) else {
            let known = SimulatedLayer.allCases.map(\.rawValue).joined(separator: ", ")
            throw words.failure(.unknownWord(String(name), expected: "one of \(known)"))
        }
        if layer != C.layer {
            throw words.failure(.unknownWord(String(name), expected: "'\(C.layer.rawValue)', the layer asked for"))
        }
    }

    private mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError) {
        let number = UInt32(clamping: try words.number("a node", in: 1...UInt64(UInt32.max)))
        let id = NodeID(number)
        guard course.nodes.last.map({ $0 < id }) ?? true else { throw words.failure(.misplacedNode(number)) }
        guard course.nodes.count < TotemLimits.processorCount else {
            throw words.failure(.tooManyNodes(course.nodes.count + 1))
        }
        if !course.faults.isEmpty { throw words.failure(.misplacedNode(number)) }
        var start: UInt64 = 0
        if words.takes("starts") {
            start = try words.duration(.nanoseconds, "a time", in: 0...TextLimits.longest * 1_000_000)
        }
        course.nodes.append(id)
        course.starts.append(start)
        try course.readNode(&words)
        course.comesBack.append(!words.takes("stays-down"))
        course.losesDisk.append(words.takes("loses-disk"))
    }

    func finish(line: Int) throws(ScenarioTextError) -> C {
        func failure(_ problem: ScenarioTextError.Problem) -> ScenarioTextError { .init(line: line, problem: problem) }
        guard hasTitle else { throw failure(.notAScenario) }
        guard let seed else { throw failure(.missing("the line 'seed N'")) }
        guard let calmAt else { throw failure(.missing("the line 'calm at TIME'")) }
        guard !course.nodes.isEmpty else { throw failure(.missing("at least one line 'node N'")) }
        var complete = course
        complete.seed = seed
        complete.calmAt = calmAt
        try complete.complete(line: line)
        return complete
    }
}
