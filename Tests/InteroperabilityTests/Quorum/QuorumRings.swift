import ClusterLab
import Testing

/// The same scenario on several rings at the same time: the first, of Corosync alone, says what is right.
final class QuorumRings {
    private struct Ring {
        let mixture: Mixture
        let lab: Laboratory
    }

    private let scenario: QuorumScenario
    private let rings: [Ring]
    private var parts: [[Int]]?

    init(_ scenario: QuorumScenario, _ mixtures: [Mixture]) throws {
        self.scenario = scenario
        rings = try mixtures.map { mixture in
            let lab = try Laboratory(nodes: scenario.ids.count, ids: scenario.ids)
            try lab.configure(scenario.configuration())
            return Ring(mixture: mixture, lab: lab)
        }
    }

    func close() {
        for ring in rings { ring.lab.release() }
        for ring in rings { ring.lab.close() }
    }

    /// Plays the scenario. After each step every node of every ring must show what the node of the first ring shows.
    func play() throws {
        for (number, step) in scenario.steps.enumerated() {
            let place = "step \(number + 1), \(step)"
            let answers = try take(step)
            for (ring, answer) in zip(rings, answers).dropFirst() where answer != answers[0] {
                Issue.record("\(ring.mixture.testDescription), \(place):\n- \(answers[0])\n+ \(answer)")
            }
            guard try compare(place) else { return }
        }
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
            case .kill(let node): try lab.node(node).killDaemon()
            case .partition(let sets):
                parts = sets
                try lab.partition(sets)
            case .heal:
                parts = nil
                try lab.heal()
            case .tool(let node, let words):
                let result = try lab.node(node).run(words: words)
                answers[index] = "\(result.output)\(result.errors)(\(result.status))"
            case .pass: break
            case .forget(let node): _ = try lab.node(node).run("rm", "-f", "/var/lib/corosync/ev_tracking")
            case .reload(let lines, let votes):
                try lab.configure(scenario.configuration(lines: lines, votes: votes))
                let result = try lab.node(1).run("corosync-cfgtool", "-R")
                answers[index] = "\(result.output)\(result.errors)(\(result.status))"
            }
        }
        switch step {
        case .start(let nodes): try awaitRings(of: nodes, after: marks)
        case .stop(let node), .kill(let node): try awaitRings(of: [node], after: marks)
        case .partition, .heal: try awaitRings(of: rings[0].lab.nodes.map(\.number), after: marks)
        case .pass(let time): try rings.map(\.lab).rest(time)
        // The order went round the ring before the tool could ask anything else.
        case .tool, .reload, .forget: try rings.map(\.lab).rest(.milliseconds(150))
        }
        return answers
    }

    /// Waits for the new rings of all who could talk to one of these nodes, or can now.
    private func awaitRings(of changed: [Int], after marks: [[Int]]) throws {
        for (ring, marks) in zip(rings, marks) {
            let lab = ring.lab
            let running = lab.nodes.filter(\.isRunning).map(\.number)
            for part in parts ?? [lab.nodes.map(\.number)] where part.contains(where: changed.contains) {
                let members = part.filter(running.contains)
                guard !members.isEmpty else { continue }
                try lab.awaitRing(members, after: marks, within: lab.startLimit)
            }
        }
    }

    // MARK: Comparison

    /// Both rings may still be on the way to the same state, so it is asked again until they agree or time is up.
    private func compare(_ place: String) throws -> Bool {
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
            if disagreements.isEmpty { return true }
            if ContinuousClock.now >= deadline {
                Issue.record("\(place):\n\(disagreements.joined(separator: "\n"))")
                return false
            }
        }
    }

    private func state(_ lab: Laboratory) throws -> [(node: Int, status: QuorumStatus)] {
        try lab.nodes.filter(\.isRunning).map { ($0.number, try $0.quorumStatus()) }
    }
}
