import Basics
import Totem
import TotemWire

/// Connectivity that keeps Corosync from forming a stable membership (corosync/corosync issues 659, 750 and 760).
extension HardCase {
    private static let cutAt: UInt64 = 2000
    private static let calmAt: UInt64 = 30_000

    /// Milliseconds after which those who hear each other are in one ring for good: twice to lose the token and to agree,
    /// once without the node in question and once in vain with it, and once more in between.
    private static let settled: UInt64 = cutAt + 3 * (300 + 360) + 500

    static let asymmetric = [
        HardCase(
            name: "deaf-node",
            summary:
                "Node 5 hears nobody but is heard by all: the others form a ring and keep it, however often 5 calls.",
            scenario: quiet(5, calmAt: calmAt, [at(cutAt, .cut(from: [0, 1, 2, 3], to: [4]))])
        ) { outcome in
            guard outcome.hasRing(of: ids(1, 2, 3, 4)) else { return "nodes 1 to 4 formed no ring of their own" }
            return disturbance(outcome, of: ids(1, 2, 3, 4, 5))
        },
        HardCase(
            name: "mute-node",
            summary: "Node 5 hears all but is heard by nobody: it stays in a ring of its own, the others in theirs.",
            scenario: quiet(5, calmAt: calmAt, [at(cutAt, .cut(from: [4], to: [0, 1, 2, 3]))])
        ) { outcome in
            guard outcome.hasRing(of: ids(1, 2, 3, 4)) else { return "nodes 1 to 4 formed no ring of their own" }
            return disturbance(outcome, of: ids(1, 2, 3, 4, 5))
        },
        HardCase(
            name: "late-node",
            summary:
                "Node 5 hears everything 100 ms late, a third of the token timeout: the ring goes on, only slower.",
            scenario: quiet(5, calmAt: calmAt, [at(cutAt, .late(node: 4, microseconds: 100_000))])
        ) { outcome in
            outcome.installations(by: ids(1, 2, 3, 4, 5), between: cutAt, and: calmAt).isEmpty
                ? nil : "the ring broke, although the token came in time"
        },
        HardCase(
            name: "too-late-node",
            summary:
                "Node 5 hears everything 3 s late, ten times the token timeout: the others form a ring and keep it.",
            scenario: quiet(5, calmAt: calmAt, [at(cutAt, .late(node: 4, microseconds: 3_000_000))])
        ) { outcome in
            guard outcome.hasRing(of: ids(1, 2, 3, 4)) else { return "nodes 1 to 4 formed no ring of their own" }
            // What it had been sent before it was given up reaches it 3 s later.
            return disturbance(outcome, of: ids(1, 2, 3, 4), from: settled + 3_000)
        },
        HardCase(
            name: "severed-pair",
            summary: "Nodes 1 and 2 do not hear each other, 3 hears both: attempts to unite all three grow rare.",
            scenario: quiet(3, calmAt: 60_000, [at(cutAt, .sever([NodePair(0, 1)]))])
        ) { outcome in
            // 16 times what an attempt costs lies between two of them.
            let last = outcome.installations(by: ids(3), between: 30_000, and: 60_000)
            return last.count <= 2 * (30_000 / (16 * 660)) + 2
                ? nil : "node 3 changed rings \(last.count) times in 30 s"
        },
        HardCase(
            name: "one-way-link",
            summary: "Node 2 does not hear node 4; the token does not pass between them: nothing happens at all.",
            scenario: quiet(5, calmAt: 3000, sends: 50_000, [at(1000, .cut(from: [3], to: [1]))])
        ) { outcome in
            outcome.installations(by: ids(1, 2, 3, 4, 5), between: 1000, and: 3000).isEmpty
                ? nil : "the ring broke, although the token's way was free"
        },
    ]

    private static func disturbance(
        _ outcome: SimulationOutcome, of nodes: [NodeID], from settled: UInt64 = settled
    ) -> String? {
        guard let late = outcome.installations(by: nodes, between: settled, and: calmAt).first else { return nil }
        return "node \(late.node) installed ring \(late.ring) after \(late.time / 1_000_000) ms; from \(settled) ms on "
            + "nothing should have changed"
    }
}
