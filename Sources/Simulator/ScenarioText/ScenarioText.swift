import Totem
import TotemWire

/// The readable form of scenarios: one fact a line, for bug reports and tests. What a text leaves out is as in a quiet
/// cluster: nothing is lost, nobody sends, every timeout is Corosync's default.
package enum ScenarioText {
    static let title = "rondo-scenario 1"

    package static func write(_ scenario: Scenario) -> String {
        var lines = [title, "seed \(scenario.seed)", "calm at \(Measure.milliseconds.text(scenario.calmAt))"]
        for index in scenario.nodes.indices { lines.append(node(scenario, index)) }
        lines += parameters(scenario.parameters)
        lines.append("network" + conditions(scenario.network))
        if scenario.workload.paces.contains(where: { $0 != .silent }) || scenario.workload != Workload() {
            lines.append("messages \(sizes(scenario.workload.sizes)) at-most \(scenario.workload.budget)")
        }
        if scenario.readingPause > 0 {
            lines.append("reading-pause \(Measure.microseconds.text(scenario.readingPause))")
        }
        if scenario.synchronizationRounds != 1 || scenario.synchronizedState != 0 {
            lines.append("synchronisation rounds \(scenario.synchronizationRounds) state \(scenario.synchronizedState)")
        }
        if scenario.hasStranger { lines.append("stranger") }
        for planned in scenario.faults {
            lines.append(occasion(planned.occasion, scenario.nodes) + " " + fault(planned.fault, scenario.nodes))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func node(_ scenario: Scenario, _ index: Int) -> String {
        var line = "node \(scenario.nodes[index])"
        if scenario.starts[index] > 0 { line += " starts \(Measure.nanoseconds.text(scenario.starts[index]))" }
        if scenario.workload.paces.indices.contains(index) {
            switch scenario.workload.paces[index] {
            case .silent: line += " sends nothing"
            case .steady(let interval): line += " sends 1 every \(Measure.microseconds.text(interval))"
            case .bursts(let count, let interval):
                line += " sends burst \(count) every \(Measure.microseconds.text(interval))"
            case .saturating: line += " sends all-it-can"
            }
        }
        if scenario.clocks.indices.contains(index) {
            let clock = scenario.clocks[index]
            line += " clock \(Measure.nanoseconds.text(clock.offset)) drift \(clock.drift)"
        }
        if scenario.timeoutPercents.indices.contains(index) {
            line += " timeouts \(scenario.timeoutPercents[index])"
        }
        if scenario.callTimes.indices.contains(index) {
            line += " call-time \(Measure.microseconds.text(scenario.callTimes[index]))"
        }
        if !scenario.comesBack[index] { line += " stays-down" }
        if scenario.losesDisk[index] { line += " loses-disk" }
        return line
    }

    private static func sizes(_ sizes: Workload.Sizes) -> String {
        switch sizes {
        case .small: "small"
        case .frames: "frames"
        case .large: "large"
        case .mixed: "mixed"
        case .exactly(let size): "bytes \(size)"
        }
    }

    /// Those that are not as by default.
    private static func parameters(_ parameters: RingParameters) -> [String] {
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

    private static func conditions(_ network: NetworkConditions) -> String {
        var text =
            " delay \(Measure.microseconds.text(network.delay)) jitter \(Measure.microseconds.text(network.jitter))"
        if let spread = network.spread { text += " spread " + distribution(spread) }
        if network.lossPerMillion > 0 { text += " loss \(network.lossPerMillion)" }
        if network.duplicatePerMillion > 0 { text += " duplicates \(network.duplicatePerMillion)" }
        if network.flipPerMillion > 0 { text += " flips \(network.flipPerMillion)" }
        if network.slowPerMillion > 0 || network.slowness > 0 {
            text += " slow \(network.slowPerMillion) by \(Measure.microseconds.text(network.slowness))"
        }
        if !network.keepsOrder { text += " reorders" }
        return text
    }

    private static func distribution(_ spread: DurationDistribution) -> String {
        let time = Measure.nanoseconds
        return switch spread {
        case .constant(let value): "constant \(time.text(value))"
        case .uniform(let low, let high): "uniform \(time.text(low)) \(time.text(high))"
        case .pareto(let shortest): "pareto \(time.text(shortest))"
        case .exponential(let mean): "exponential \(time.text(mean))"
        case .logNormal(let median, let sigma): "lognormal \(time.text(median)) \(sigma)"
        }
    }

    private static func occasion(_ occasion: Occasion, _ ids: [NodeID]) -> String {
        switch occasion {
        case .at(let milliseconds): "at \(Measure.milliseconds.text(milliseconds))"
        case .entering(let node, let phase, let count, let beforeSending):
            "when \(ids[node]) enters \(phase) \(count) \(beforeSending ? "before-sending" : "after-sending")"
        }
    }

    private static func fault(_ fault: Fault, _ ids: [NodeID]) -> String {
        switch fault {
        case .crash(let node, let sending): "crash \(ids[node])" + (sending > 0 ? " after \(sending) datagrams" : "")
        case .restart(let node): "restart \(ids[node])"
        case .leave(let node): "leave \(ids[node])"
        case .pause(let node, let milliseconds):
            "pause \(ids[node]) for \(Measure.milliseconds.text(milliseconds))"
        case .partition(let groups): "partition" + partition(groups, ids)
        case .cut(let from, let to): "cut from" + list(from, ids) + " to" + list(to, ids)
        case .mend(let from, let to): "mend from" + list(from, ids) + " to" + list(to, ids)
        case .sever(let pairs): "sever" + pairs.map { " \(ids[$0.first])-\(ids[$0.second])" }.joined()
        case .heal: "heal"
        case .conditions(let network): "network" + conditions(network)
        case .lose(let rule): "lose " + loss(rule, ids)
        case .forceGather(let node): "gather \(ids[node])"
        case .slow(let node, let microseconds): "slow \(ids[node]) by \(Measure.microseconds.text(microseconds))"
        case .damageDisk(let node, let damage): "damage-disk \(ids[node]) " + self.damage(damage)
        case .restartAll(let farewell, let milliseconds):
            "restart-all" + (farewell ? " farewell" : "") + " within \(Measure.milliseconds.text(milliseconds))"
        }
    }

    private static func damage(_ damage: DiskDamage) -> String {
        switch damage {
        case .lost: "lost"
        case .torn: "torn"
        case .garbage(let number): "garbage \(number)"
        }
    }

    private static func loss(_ rule: LossRule, _ ids: [NodeID]) -> String {
        rule.type.logName + (rule.from.map { " from \(ids[$0])" } ?? "") + (rule.to.map { " to \(ids[$0])" } ?? "")
            + " copies \(rule.count)"
    }

    private static func partition(_ groups: [UInt8], _ ids: [NodeID]) -> String {
        (0...(groups.max() ?? 0)).map { group in
            zip(ids, groups).filter { $1 == group }.map { " \($0.0)" }.joined()
        }.joined(separator: " |")
    }

    private static func list(_ places: [Int], _ ids: [NodeID]) -> String { places.map { " \(ids[$0])" }.joined() }
}
