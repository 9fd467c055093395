import Basics
import Totem
import TotemWire

/// Nodes that come, and some that go, while a ring is just being formed (docs/decisions/joining.md). Each once cost a
/// whole token timeout, or that and consensus.
extension HardCase {
    static let starts =
        [
            HardCase(
                name: "late-newcomer-in-commit",
                summary: "Node 2 hears of node 4 between its vote and the commit token: nobody waits for it.",
                scenario: lateNewcomer
            ) { outcome in
                promptness(of: (1...4).map { NodeID($0) }, after: 3, within: 200, outcome)
            },
            HardCase(
                name: "late-join-in-commit",
                summary:
                    "A join that node 2 sent while it was in a ring with node 3, now dead, comes three seconds late: "
                    + "nobody waits for node 3.",
                scenario: lateJoin
            ) { outcome in
                promptness(of: ids(1, 2), after: 3000, within: 200, outcome)
            },
            HardCase(
                name: "commit-token-lost",
                summary:
                    "The commit token is lost once: it is repeated as soon as joins would be, not as an idle ring's.",
                scenario: lostCommitToken
            ) { outcome in
                promptness(of: ids(1, 2, 3, 4), after: 0, within: 250, outcome)
            },
            HardCase(
                name: "leave-in-commit",
                summary: "Node 2 says goodbye between its vote and the commit token: nobody waits for it.",
                scenario: leaveInCommit
            ) { outcome in
                promptness(of: ids(1, 3, 4), after: 1005, within: 200, outcome)
            },
            HardCase(
                name: "leave-at-start",
                summary:
                    "Node 1 says goodbye before it was in a ring with anybody: the others wait for consensus, once.",
                scenario: leaveAtStart
            ) { outcome in
                promptness(of: ids(2, 3, 4), after: 3, within: 1200 + 100, outcome)
            },
            HardCase(
                name: "leave-crosses-join",
                summary: "Node 4 says goodbye to its ring while node 5 starts: one ring of the others at once.",
                scenario: leaveCrossesJoin
            ) { outcome in
                promptness(of: ids(1, 2, 3, 5), after: 1000, within: 200, outcome)
            },
            HardCase(
                name: "leave-after-vote",
                summary:
                    "Node 3, which does not hear node 1, votes for a ring of all, gives node 1 up, and says goodbye to it: "
                    + "nobody waits for node 3 beyond the time to agree.",
                scenario: leaveAfterVote
            ) { outcome in
                let rings = outcome.installations(by: ids(1, 2), between: 3215, and: 3415)
                return rings.map(\.members) == [ids(1, 2), ids(1, 2)]
                    ? nil : "nodes 1 and 2 were not in a ring 200 ms after the goodbye"
            },
        ] + [3, 8, 16, 32, 64, 128].map { coldStart($0) }

    /// The time within which nodes start that are started together.
    static let spread: UInt64 = 150

    private static func coldStart(_ count: Int) -> HardCase {
        HardCase(
            name: "cold-start-\(count)",
            summary:
                "\(count) nodes start within \(spread) ms, with the timeouts of real rings: one ring without waiting for any.",
            scenario: coldStart(count, seed: 1)
        ) { outcome in
            promptness(
                of: (1...UInt32(clamping: count)).map { NodeID($0) }, after: spread, within: coldStartBound(count),
                outcome)
        }
    }

    /// Milliseconds: some join intervals, and the rotations of a ring's forming, of two milliseconds a node.
    static func coldStartBound(_ count: Int) -> UInt64 { 300 + 14 * UInt64(clamping: count) }

    static func coldStart(_ count: Int, seed: UInt64) -> Scenario {
        var scenario = quiet(
            count, token: 3000 + 650 * UInt32(clamping: max(count, 2) - 2), calmAt: spread + 1500, sends: nil, [])
        scenario.seed = seed
        // As of daemons that share a processor or two while they start.
        scenario.network.delay = 500
        scenario.network.jitter = 2500
        var chance = SeededGenerator(seed: seed).fork(2000)
        scenario.starts = (0..<count).map { _ in chance.between(UInt64(0), spread * 1000) * 1000 }
        return scenario
    }

    /// A network in which each datagram takes two milliseconds: who sends what when can be foretold.
    private static func even(_ count: Int, calmAt: UInt64, _ faults: [PlannedFault] = []) -> Scenario {
        var scenario = quiet(count, token: 1000, calmAt: calmAt, sends: nil, faults)
        scenario.network.delay = 2000
        scenario.network.jitter = 0
        return scenario
    }

    /// The first three have agreed after four milliseconds; the commit token is with node 2 after six.
    private static let lateNewcomer: Scenario = {
        var scenario = even(4, calmAt: 2500)
        scenario.starts[3] = 3_000_000
        return scenario
    }()

    /// Node 3 dies and node 2 goes on alone. When node 1 starts, it sends the commit token after four milliseconds and has
    /// it back after eight; the old join comes in between.
    private static let lateJoin: Scenario = {
        var scenario = even(
            3, calmAt: 6000,
            [
                at(0, .late(node: 0, microseconds: 3_002_500)), at(3, .late(node: 0, microseconds: 0)),
                at(100, .crash(node: 2, sending: 0)),
            ]
        ).withoutReturn(of: [2])
        scenario.network.keepsOrder = false
        scenario.starts[0] = 3_000_000_000
        return scenario
    }()

    private static let lostCommitToken: Scenario = {
        var scenario = even(4, calmAt: 4000, [at(1, .lose(LossRule(.commitToken, from: 0, to: 1, count: 1)))])
        scenario.parameters = .derived(token: 4300)
        return scenario
    }()

    /// Node 5's farewell makes the others agree within four milliseconds.
    private static let leaveInCommit = even(5, calmAt: 5000, [at(1000, .leave(node: 4)), at(1005, .leave(node: 1))])
        .withoutReturn(of: [1, 4])

    private static let leaveAtStart = even(4, calmAt: 5000, [at(3, .leave(node: 0))]).withoutReturn(of: [0])

    private static let leaveCrossesJoin: Scenario = {
        var scenario = even(5, calmAt: 5000, [at(1000, .leave(node: 3))]).withoutReturn(of: [3])
        scenario.starts[4] = 1_001_000_000
        return scenario
    }()

    /// Node 3 starts in the third second, and each of the others needs the other's vote and its own. Node 1 hears it 60 ms late at
    /// first, so that it is the last to lose its patience, and node 2 only when the goodbye has come, of which node 2 knows
    /// nothing.
    private static let leaveAfterVote: Scenario = {
        var scenario = even(
            3, calmAt: 8000,
            [
                at(1990, .late(node: 0, microseconds: 60_000)), at(1990, .cut(from: [0], to: [2])),
                at(2000, .cut(from: [1], to: [0])), at(2200, .late(node: 0, microseconds: 0)),
                at(3210, .cut(from: [2], to: [1])), at(3215, .leave(node: 2)), at(3225, .mend(from: [1], to: [0])),
            ]
        ).withoutReturn(of: [2])
        scenario.starts[2] = 2_000_000_000
        return scenario
    }()

    /// What is wrong when not each of the nodes is in a ring of them all in time, all of them in the same.
    static func promptness(
        of nodes: [NodeID], after start: UInt64, within limit: UInt64, _ outcome: SimulationOutcome
    ) -> String? {
        var times: [NodeID: UInt64] = [:]
        for installed in outcome.installations where installed.members == nodes && times[installed.node] == nil {
            times[installed.node] = installed.time / 1_000_000
        }
        guard times.count == nodes.count, let last = times.values.max() else { return "there is no ring of all" }
        return last <= start + limit ? nil : "the ring formed only \(last - start) ms later; \(limit) are due"
    }
}

extension Scenario {
    fileprivate func withoutReturn(of nodes: [Int]) -> Scenario {
        var scenario = self
        for node in nodes { scenario.comesBack[node] = false }
        return scenario
    }
}
