import ClusterLab
import Testing

/// The same scenario on several rings at the same time: the first, of Corosync alone, says what is right.
final class QuorumRings {
    private final class Ring {
        let mixture: Mixture
        let lab: Laboratory
        /// With a quorum device, what runs beside the engines.
        let devices: QuorumDevices?

        init(_ mixture: Mixture, _ lab: Laboratory, _ devices: QuorumDevices?) {
            self.mixture = mixture
            self.lab = lab
            self.devices = devices
        }
    }

    private let scenario: QuorumScenario
    private let rings: [Ring]
    private var parts: [[Int]]?
    /// The rings there are since the last step.
    private var formed: [[Int]] = []

    init(_ scenario: QuorumScenario, _ mixtures: [Mixture]) throws {
        self.scenario = scenario
        rings = try mixtures.map { mixture in
            let ids = scenario.ids + (scenario.arbiter ? [99] : [])
            let lab = try mixture.laboratory(scenario.configuration(), ids: ids, machines: ids.count)
            return Ring(mixture, lab, scenario.arbiter ? try QuorumDevices(lab, arbiter: ids.count) : nil)
        }
    }

    func close() { rings.map(\.lab).close() }

    /// Plays the scenario. After each step every node of every ring must show what the node of the first ring shows.
    ///
    /// - Returns: what differs; the scenario is not played further when nodes do.
    func play() throws -> [String] {
        var differences: [String] = []
        for (number, step) in scenario.steps.enumerated() {
            let place = "step \(number + 1), \(step)"
            let answers = try take(step)
            for (ring, answer) in zip(rings, answers).dropFirst() where answer != answers[0] {
                differences.append("\(ring.mixture.testDescription), \(place):\n- \(answers[0])\n+ \(answer)")
            }
            if let difference = try compare(place) { return differences + [difference] }
        }
        return differences
    }

    // MARK: Steps

    /// - Returns: What the step answered on each ring, when it asked something.
    private func take(_ step: QuorumScenario.Step) throws -> [String] {
        let marks = rings.map(\.lab.marks)
        var answers = Array(repeating: "", count: rings.count)
        for (index, ring) in rings.enumerated() {
            let lab = ring.lab
            switch step {
            case .start(let nodes):
                for node in nodes { try lab.node(node).start(ring.mixture.engines[node - 1]) }
            case .stop(let node): answers[index] = "\(try lab.node(node).stop())"
            case .kill(let node):
                ring.devices?.kill(node)
                try lab.node(node).killDaemon()
            case .partition(let sets):
                parts = sets
                try lab.partition(sets)
            case .heal:
                parts = nil
                try lab.heal()
            case .tool(let node, let words):
                let result = try lab.node(node).run(words: words)
                answers[index] = "\(result.output)\(result.errors)(\(result.status))"
            case .startDevice(let node): try ring.devices?.start(node)
            case .stopDevice(let node): try ring.devices?.stop(node)
            case .await(let node, let quorate, let total):
                try lab.wait(for: "\(total) votes on node \(node)", within: .seconds(15)) {
                    let status = try lab.node(node).quorumStatus()
                    return status["Total votes"] == "\(total)" && status["Quorate"] == (quorate ? "Yes" : "No")
                }
            case .pass: break
            case .forget(let node): _ = try lab.node(node).run("rm", "-f", "/var/lib/corosync/ev_tracking")
            case .reload(let lines, let votes):
                try lab.configure(scenario.configuration(lines: lines, votes: votes))
                let result = try lab.node(1).run("corosync-cfgtool", "-R")
                answers[index] = "\(result.output)\(result.errors)(\(result.status))"
            }
        }
        switch step {
        case .start, .stop, .kill, .partition, .heal: try awaitRings(after: marks)
        case .pass(let time): try rings.map(\.lab).rest(time)
        // The order went round the ring before the tool could ask anything else.
        case .startDevice, .stopDevice, .await: break
        case .tool, .reload, .forget: try rings.map(\.lab).rest(.milliseconds(150))
        }
        return answers
    }

    /// Waits for the rings that the step has made.
    private func awaitRings(after marks: [[Int]]) throws {
        let now = groups
        let new = now.filter { !formed.contains($0) }
        formed = now
        for (ring, marks) in zip(rings, marks) {
            for group in new { try ring.lab.awaitRing(group, after: marks, within: ring.lab.startLimit) }
        }
    }

    /// The nodes that run, by who hears whom.
    private var groups: [[Int]] {
        let nodes = rings[0].lab.nodes
        let running = nodes.filter(\.isRunning).map(\.number)
        return (parts ?? [nodes.map(\.number)]).map { $0.filter(running.contains) }.filter { !$0.isEmpty }
    }

    // MARK: Comparison

    /// Both rings may still be on the way to the same state, so it is asked again until they agree or time is up.
    ///
    /// - Returns: the difference that stays.
    private func compare(_ place: String) throws -> String? {
        let deadline = ContinuousClock.now + margin
        while true {
            let states = try rings.map { try state($0.lab) }
            let disagreements = zip(rings, states).dropFirst().flatMap { ring, state in
                state.flatMap { node, status -> [String] in
                    let differences =
                        states[0].first { $0.node == node }?.status.differences(from: status) ?? ["absent"]
                    return differences.isEmpty
                        ? []
                        : ["\(ring.mixture.testDescription), node \(node):\n" + differences.joined(separator: "\n")]
                }
            }
            if disagreements.isEmpty { return nil }
            if ContinuousClock.now >= deadline { return "\(place):\n\(disagreements.joined(separator: "\n"))" }
        }
    }

    private func state(_ lab: Laboratory) throws -> [(node: Int, status: QuorumStatus)] {
        try lab.nodes.filter(\.isRunning).map { ($0.number, try $0.quorumStatus()) }
    }
}
