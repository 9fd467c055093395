import ClusterConfiguration
import JSONText

/// A timing report for programs; the shape is described in rondo-timing(1).
struct JSONReport {
    let report: TimingReport
    let file: String?

    static let formatVersion = 1

    var value: JSONValue {
        .object([
            ("format", .integer(Self.formatVersion)),
            ("file", .optional(file)),
            ("transport", .string(report.transport.rawValue)),
            ("nodes", .integer(report.nodeCount)),
            ("ring_size", .integer(report.ringSize)),
            ("nodes_source", .string(report.nodeCountSource.description)),
            ("valid", .bool(report.refusal == nil)),
            ("error", report.refusal.map(Self.describe) ?? .null),
            ("timings", .array(report.timings.all.map(timing))),
            ("heartbeat", heartbeat),
            ("failures", .array(report.failures.map(failure))),
            ("watchdogs", .array(report.watchdogs.map(watchdog))),
            ("links", .array(report.links.map(link))),
            ("scaling", .array(report.scaling.rows.map(scalingRow))),
            ("advice", .array(report.advice.map(advice))),
        ])
    }

    static func error(_ error: ConfigurationError) -> JSONValue {
        .object([("format", .integer(formatVersion)), ("valid", .bool(false)), ("error", describe(error))])
    }

    private static func describe(_ error: ConfigurationError) -> JSONValue {
        .object([
            ("message", .string(error.message)),
            ("file", .optional(error.file)),
            ("line", error.line.map { .integer($0) } ?? .null),
            ("key", .optional(error.key)),
            ("value", .optional(error.value)),
            ("permitted", .optional(error.permitted)),
            ("reason", .optional(error.reason)),
            ("remedy", .optional(error.remedy)),
            ("proposal", .array(error.proposal.map { .string($0) })),
            ("exit_status", .integer(error.exitStatus)),
        ])
    }

    private func timing(_ timing: Timing) -> JSONValue {
        .object([
            ("name", .string(timing.name)),
            ("value", number(timing)),
            ("unit", .string(timing.unit.rawValue)),
            ("formula", .optional(timing.formula.isEmpty ? nil : timing.formula)),
            ("source", .string(timing.source.description)),
            (
                "inputs",
                .array(
                    timing.inputs.map { input in
                        .object([
                            ("name", .string(input.name)), ("value", .number(input.value)),
                            ("source", .string(input.source.description)),
                        ])
                    })
            ),
        ])
    }

    private func number(_ timing: Timing) -> JSONValue {
        if case .string = timing.value { return .string(timing.text) }
        return .number(timing.text)
    }

    private func milliseconds(_ time: Microseconds) -> JSONValue {
        let fraction = time.count % 1000
        guard fraction != 0 else { return .integer(time.count / 1000) }
        let digits = "\(fraction)"
        return .number("\(time.count / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits)
    }

    private var heartbeat: JSONValue {
        let beat = report.heartbeat
        return .object([
            ("period_ms", milliseconds(beat.period)),
            ("hold_ms", milliseconds(beat.hold)),
            ("rotation_ms", milliseconds(beat.rotation)),
            ("beats_per_token_timeout", .integer(beat.beatsPerTokenTimeout)),
            ("rotations_before_hold", .integer(beat.rotationsBeforeHold)),
        ])
    }

    private func failure(_ failure: FailureTimeline) -> JSONValue {
        .object([
            ("scenario", .string(failure.scenario.rawValue)),
            ("shortest_ms", milliseconds(failure.shortest)),
            ("longest_ms", milliseconds(failure.longest)),
            (
                "steps",
                .array(
                    failure.steps.enumerated().map { index, step in
                        .object([
                            ("step", .string(step.kind.rawValue)),
                            ("starts_by_ms", milliseconds(failure.latestStart(of: index))),
                            ("shortest_ms", milliseconds(step.shortest)),
                            ("longest_ms", milliseconds(step.longest)),
                            ("explanation", .string(step.explanation)),
                        ])
                    })
            ),
        ])
    }

    private func watchdog(_ check: WatchdogCheck) -> JSONValue {
        .object([
            ("watchdog", .string(check.kind.rawValue)),
            ("timeout_ms", milliseconds(check.timeout)),
            ("token_and_consensus_ms", milliseconds(check.silence)),
            ("result", .string(check.result.rawValue)),
            ("text", .string(check.text)),
        ])
    }

    private func link(_ failure: LinkFailure) -> JSONValue {
        .object([
            ("link", .integer(failure.link.number)),
            ("ping_interval_ms", .integer(failure.link.pingInterval)),
            ("ping_timeout_ms", .integer(failure.link.pingTimeout)),
            ("pong_count", .integer(failure.link.pongCount)),
            ("down_ms", milliseconds(failure.down)),
            ("corosync_down_ms", milliseconds(failure.corosyncDown)),
            ("takeover_ms", failure.takeover.map(milliseconds) ?? .null),
            ("token_passes_ms", milliseconds(failure.tokenPasses)),
            ("keeps_token", failure.keepsToken.map { .bool($0) } ?? .null),
            ("up_ms", milliseconds(failure.up)),
        ])
    }

    private func scalingRow(_ row: Scaling.Row) -> JSONValue {
        .object([
            ("nodes", .integer(row.nodes)),
            ("token_ms", .integer(row.token)),
            ("hold_ms", .integer(row.hold)),
            ("consensus_ms", .integer(row.consensus)),
            ("longest_ms", milliseconds(row.failure)),
        ])
    }

    private func advice(_ advice: Advice) -> JSONValue {
        .object([
            ("weight", .string(advice.weight.rawValue)),
            ("key", .string(advice.key)),
            ("file", .optional(advice.origin?.file)),
            ("line", advice.origin.map { .integer($0.line) } ?? .null),
            ("text", .string(advice.text)),
            ("remedy", .string(advice.remedy)),
        ])
    }
}
