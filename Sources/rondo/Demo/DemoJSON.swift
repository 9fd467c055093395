import ClusterConfiguration
import Demonstration
import JSONText

/// The summary of a demonstration for programs; the shape is described in rondo-demo(1).
enum DemoJSON {
    static let formatVersion = 1

    static func value(_ summary: DemonstrationSummary) -> JSONValue {
        .object([
            ("format", .integer(formatVersion)),
            ("success", .bool(summary.isSuccess)),
            ("failures", .array(summary.failures.map { .string($0) })),
            ("nodes", .integer(summary.nodes)),
            ("transport", .string(summary.usesLinks ? "knet" : "udpu")),
            ("sealing", summary.sealing.map { .string($0) } ?? .null),
            ("port", .integer(summary.port)),
            ("loss_percent", .number("\(summary.loss)")),
            ("timings", .string(summary.origin)),
            ("token_ms", .integer(summary.token)),
            ("consensus_ms", .integer(summary.consensus)),
            ("hold_ms", .integer(summary.hold)),
            ("formed_ms", milliseconds(summary.formed)),
            ("heartbeat", spread(summary.heartbeat, computed: summary.computedHeartbeat)),
            ("rotation", spread(summary.motion, computed: summary.computedRotation)),
            ("link_cut", summary.linkCut.map(linkCut) ?? .null),
            ("failure", failure(summary)),
            (
                "return",
                .object([
                    ("measured_ms", summary.returned.map(milliseconds) ?? .null),
                    ("longest_ms", milliseconds(summary.longestReturn)),
                ])
            ),
            ("messages", .integer(summary.messages)),
            ("digests", .array(summary.digests.map { .string($0) })),
            ("unasked_ring_changes", .integer(summary.surprises)),
            ("later_than_computed", .bool(summary.wasLate)),
            ("took_ms", milliseconds(summary.took)),
        ])
    }

    private static func linkCut(_ cut: DemonstrationSummary.LinkCut) -> JSONValue {
        .object([
            ("down_ms", milliseconds(cut.fell)),
            ("shortest_down_ms", milliseconds(cut.shortestFall)),
            ("longest_down_ms", milliseconds(cut.longestFall)),
            ("longest_pause_ms", milliseconds(cut.longestPause)),
            ("ring_kept", .bool(cut.keptRing)),
            ("up_ms", cut.rose.map(milliseconds) ?? .null),
            ("longest_up_ms", milliseconds(cut.longestRise)),
        ])
    }

    private static func failure(_ summary: DemonstrationSummary) -> JSONValue {
        .object([
            ("node", .integer(summary.victim)),
            ("measured_ms", summary.failureTime.map(milliseconds) ?? .null),
            ("shortest_ms", milliseconds(summary.shortestFailure)),
            ("longest_ms", milliseconds(summary.longestFailure)),
            (
                "steps",
                .array(
                    summary.steps.map { step in
                        .object([
                            ("step", .string(step.name)),
                            ("measured_ms", milliseconds(step.measured)),
                            ("shortest_ms", milliseconds(step.shortest)),
                            ("longest_ms", milliseconds(step.longest)),
                        ])
                    })
            ),
        ])
    }

    private static func spread(_ spread: Spread?, computed: Microseconds) -> JSONValue {
        .object([
            ("count", .integer(spread?.count ?? 0)),
            ("minimum_ms", spread.map { milliseconds($0.minimum) } ?? .null),
            ("median_ms", spread.map { milliseconds($0.median) } ?? .null),
            ("maximum_ms", spread.map { milliseconds($0.maximum) } ?? .null),
            ("computed_ms", milliseconds(computed)),
        ])
    }

    private static func milliseconds(_ time: Microseconds) -> JSONValue {
        let fraction = time.count % 1000
        guard fraction != 0 else { return .integer(time.count / 1000) }
        return .number("\(time.count / 1000)." + String(1000 + fraction).dropFirst())
    }
}
