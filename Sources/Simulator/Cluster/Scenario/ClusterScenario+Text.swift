import Basics
import ClusterConfiguration
import TotemWire

/// What only whole nodes have in a scenario text.
extension ClusterScenario: WrittenCourse {
    package static var empty: ClusterScenario {
        var scenario = ClusterScenario(
            seed: 0, nodes: [], configuration: ConfigurationText(nodes: [], quorum: QuorumOptions(votes: [])), calmAt: 0
        )
        scenario.budget = usualBudget
        return scenario
    }

    private static let usualBudget = 200_000

    package func text(ofNode place: Int) -> String {
        (starts[place] == .max ? " absent" : "") + (drifts[place] == 0 ? "" : " drift \(drifts[place])")
            + (versions.isEmpty ? "" : versions[place].map { " version \($0)" } ?? "")
    }

    package var linesBeforeNetwork: [String] { configuration.facts(of: nodes) }

    package var linesAfterNetwork: [String] {
        var lines = programs.map { $0.text(nodes) }
        if budget != Self.usualBudget { lines.append("multicasts at-most \(budget)") }
        if budgetInPieces > 0 { lines.append("multicasts in-pieces \(budgetInPieces)") }
        return lines
    }

    package static let subjects = ConfigurationText.subjects + ["program", "multicasts"]

    package mutating func read(_ subject: Substring, _ words: inout LineWords) throws(ScenarioTextError) {
        switch subject {
        case "program": programs.append(try .read(&words, nodes))
        case "multicasts":
            if words.takes("in-pieces") {
                budgetInPieces = try words.count("a number of bytes", in: 1...1 << 40)
                break
            }
            try words.expect("at-most")
            budget = try words.count("a number of bytes", in: 0...1 << 40)
        default: try configuration.read(subject, &words, nodes)
        }
    }

    package mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError) {
        if words.takes("absent") { starts[starts.count - 1] = .max }
        drifts.append(words.takes("drift") ? try words.drift() : 0)
        versions.append(words.takes("version") ? try words.number("a version", in: 0...UInt64.max) : nil)
    }

    package mutating func complete(line: Int) throws(ScenarioTextError) {
        configuration.complete(nodes)
        try checkLinks(line: line)
        if versions.allSatisfy({ $0 == nil }) { versions = [] }
        guard let first = configuration.members.first else { return }
        do throws(ConfigurationError) {
            _ = try NodeConfiguration.read(configuration.text, place: first.place)
        } catch {
            throw ScenarioTextError(line: line, problem: .refusedConfiguration(error.message))
        }
    }
}

extension ClusterScenario {
    /// Whether there are the links that faults are about.
    private func checkLinks(line: Int) throws(ScenarioTextError) {
        if let links = configuration.links, links.links.isEmpty {
            throw ScenarioTextError(line: line, problem: .missing("at least one line 'link N'"))
        }
        let count = configuration.links?.links.count ?? 0
        for planned in faults {
            guard case .own(let fault) = planned.fault, fault.isOfLinks,
                count == 0 || fault.link.map({ $0 >= count }) ?? false
            else { continue }
            throw ScenarioTextError(line: line, problem: .superfluous(fault.text(nodes)))
        }
    }
}

extension ProgramPlan {
    fileprivate func text(_ ids: [NodeID]) -> String {
        var text = "program on \(ids[node]) "
        switch kind {
        case .groupMember(let habits): text += habits.text
        case .quorumWatcher(let model): text += "quorum-watcher model \(model)"
        case .voteWatcher: text += "vote-watcher"
        case .mapWriter: text += "map-writer"
        case .mapWatcher: text += "map-watcher"
        case .administrator: text += "administrator"
        }
        text += " every \(Measure.microseconds.text(pace))"
        switch reading {
        case .atOnce: break
        case .slowly(let interval): text += " reads-every \(Measure.microseconds.text(interval))"
        case .atTheEnd: text += " reads-at-the-end"
        }
        return text + (keepsProcess ? "" : " new-process")
    }

    fileprivate static func read(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> ProgramPlan {
        try words.expect("on")
        let node = try words.node(of: nodes)
        let what = try words.next("what the program does")
        let kind: Kind
        switch what {
        case "member": kind = .groupMember(try .read(&words))
        case "quorum-watcher":
            try words.expect("model")
            kind = .quorumWatcher(model: UInt32(clamping: try words.number("a model", in: 0...1)))
        case "vote-watcher": kind = .voteWatcher
        case "map-writer": kind = .mapWriter
        case "map-watcher": kind = .mapWatcher
        case "administrator": kind = .administrator
        default:
            let expected = "one of member, quorum-watcher, vote-watcher, map-writer, map-watcher, administrator"
            throw words.failure(.unknownWord(String(what), expected: expected))
        }
        try words.expect("every")
        let pace = try words.duration(.microseconds, "a time", in: 10...TextLimits.longestDelay)
        var plan = ProgramPlan(node: node, kind: kind, pace: pace)
        if words.takes("reads-every") {
            let interval = try words.duration(.microseconds, "a time", in: 10...TextLimits.longestDelay)
            plan.reading = .slowly(microseconds: interval)
        } else if words.takes("reads-at-the-end") {
            plan.reading = .atTheEnd
        }
        plan.keepsProcess = !words.takes("new-process")
        return plan
    }
}

extension GroupHabits {
    fileprivate var text: String {
        var text = "member of \(groups.joined(separator: ",")) sends \(sizes.text) up-to \(burst)"
        if !wantsRing { text += " no-rings" }
        if leavesOneIn > 0 { text += " leaves-one-in \(leavesOneIn)" }
        if diesOneIn > 0 { text += " dies-one-in \(diesOneIn)" }
        if inPiecesOneIn > 0 { text += " in-pieces-one-in \(inPiecesOneIn)" }
        return text
    }

    fileprivate static func read(_ words: inout LineWords) throws(ScenarioTextError) -> GroupHabits {
        try words.expect("of")
        let names = try words.next("names of groups")
        let groups = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard groups.allSatisfy({ (1...127).contains($0.utf8.count) }) else {
            throw words.failure(
                .unknownWord(String(names), expected: "a list of groups such as alpha,beta, of 1 to 127 bytes each"))
        }
        var habits = GroupHabits(groups: groups)
        try words.expect("sends")
        habits.sizes = try .read(&words)
        try words.expect("up-to")
        habits.burst = try words.count("a number of messages", in: 0...10_000)
        habits.wantsRing = !words.takes("no-rings")
        if words.takes("leaves-one-in") { habits.leavesOneIn = try words.count("a number", in: 1...1_000_000) }
        if words.takes("dies-one-in") { habits.diesOneIn = try words.count("a number", in: 1...1_000_000) }
        if words.takes("in-pieces-one-in") { habits.inPiecesOneIn = try words.count("a number", in: 1...1_000_000) }
        return habits
    }
}
