import Totem
import TotemWire

/// Rings that form while something gets in their way.
extension HardCase {
    static let storms = [storm(64), storm(128)]

    private static func storm(_ count: Int) -> HardCase {
        HardCase(
            name: "storm-\(count)",
            summary: "\(count) nodes start at one instant: one ring, with a bounded number of joins.",
            scenario: quiet(count, token: 1000, calmAt: 2000, sends: nil, [])
        ) { outcome in
            guard let first = outcome.installations.first(where: { $0.members.count == count }) else {
                return "there is no ring of all"
            }
            let bound: UInt64 = 1000 + 1200
            guard first.time <= bound * 1_000_000 else {
                return "the ring formed only after \(first.time / 1_000_000) ms; \(bound) are due"
            }
            let joins = outcome.recording?.hops.count { $0.type == .join } ?? 0
            // Each node's news is told once for each node it hears of, at the worst.
            let most = count * count * (count - 1)
            return joins <= most ? nil : "\(joins) copies of joins were sent; at most \(most) are due"
        }
    }

    static let rings = [
        HardCase(
            name: "partition-in-recovery",
            summary: "The network falls apart while a ring is in RECOVERY: both sides go on with what they have.",
            scenario: quiet(
                5,
                [
                    at(500, .crash(node: 4, sending: 0)),
                    PlannedFault(
                        .entering(node: 1, phase: .recovery, count: 2, beforeSending: false),
                        .partition([0, 0, 1, 1, 0])),
                ])
        ) { outcome in
            outcome.hasRing(of: ids(1, 2), together: true) && outcome.hasRing(of: ids(3, 4), together: true)
                ? nil : "the two sides did not go on together from the old ring"
        },
        HardCase(
            name: "representative-dies",
            summary:
                "The representative dies between the two rotations of the commit token: the others go on without it.",
            scenario: quiet(
                4,
                [
                    at(500, .crash(node: 3, sending: 0)),
                    PlannedFault(
                        .entering(node: 0, phase: .recovery, count: 2, beforeSending: true), .crash(node: 0, sending: 0)
                    ),
                ])
        ) { outcome in
            outcome.hasRing(of: ids(2, 3), together: true) ? nil : "nodes 2 and 3 formed no ring together"
        },
        HardCase(
            name: "merge-and-join",
            summary: "Two rings merge while a fifth node starts: one ring of all.",
            scenario: mergeAndJoin
        ) { outcome in
            guard outcome.hasRing(of: ids(1, 2)), outcome.hasRing(of: ids(3, 4)) else {
                return "there were no two rings to merge"
            }
            let all = outcome.installations.first { $0.members == ids(1, 2, 3, 4, 5) }
            return (all?.time ?? .max) < 3_000_000_000 ? nil : "there was no ring of all before calm set in"
        },
        HardCase(
            name: "short-pause",
            summary:
                "Node 2 pauses for longer than the token timeout, shorter than consensus takes: nobody is excluded.",
            scenario: quiet(3, [at(700, .pause(node: 1, milliseconds: 330))])
        ) { outcome in
            let after = outcome.installations(by: ids(1, 2, 3), between: 700, and: 3000)
            guard !after.isEmpty else { return "the ring did not notice the pause" }
            return after.allSatisfy { $0.members == ids(1, 2, 3) }
                ? nil : "a ring without node 2, or without the others"
        },
        HardCase(
            name: "foreign-ring",
            summary: "Another cluster sends to the same port, with the same ring ids: its packets are dropped.",
            scenario: foreignRing
        ) { outcome in
            outcome.installations(by: ids(1, 2, 3), between: 500, and: 5000).isEmpty ? nil : "the ring was disturbed"
        },
        HardCase(
            name: "forged-merges",
            summary: "Packets in members' names tell of newer rings, and of messages nobody sent: the ring goes on.",
            scenario: forgedMerges
        ) { outcome in
            outcome.installations(by: ids(1, 2, 3), between: 500, and: 5000).isEmpty ? nil : "the ring was disturbed"
        },
    ]

    private static let mergeAndJoin: Scenario = {
        var scenario = quiet(5, [at(0, .partition([0, 0, 1, 1, 0])), at(600, .heal)])
        scenario.starts[4] = 610_000_000
        return scenario
    }()

    private static let forgedMerges: Scenario = {
        var scenario = quiet(3, calmAt: 5000, [])
        scenario.hasForger = true
        return scenario
    }()

    private static let foreignRing: Scenario = {
        var scenario = quiet(3, calmAt: 5000, [])
        scenario.hasStranger = true
        return scenario
    }()
}
