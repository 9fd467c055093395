import ClusterConfiguration

/// The end of a demonstration, for people.
enum SummaryText {
    static func lines(_ summary: DemonstrationSummary) -> [StyledLine] {
        var lines: [StyledLine] = [
            StyledLine(),
            StyledLine(.bold, Columns.trimmed(row("", "measured", StepText.computed(hasLoss: summary.loss > 0)))),
        ]
        func add(_ name: String, _ measured: String?, _ computed: String, _ remark: String = "") {
            lines.append(StyledLine(.plain, Columns.trimmed(row(name, measured ?? "-", computed) + remark)))
        }
        add(
            "heartbeat at rest", summary.heartbeat?.median.millisecondsText, summary.computedHeartbeat.millisecondsText,
            summary.heartbeat.map { "median of \($0.count)" } ?? "")
        add(
            "rotation with messages", summary.motion?.median.preciseText, summary.computedRotation.preciseText,
            summary.motion.map { "median of \($0.count)" } ?? "")
        if let cut = summary.linkCut {
            add(
                "link \(LinkPlan.cut) is cut: given up", cut.fell.shortText,
                StepText.range(cut.shortestFall, cut.longestFall))
            add(
                "  longest way of the token", cut.longestPause.preciseText,
                "lost after \(Microseconds.milliseconds(summary.token).shortText)")
            add("link \(LinkPlan.cut) is back: up", cut.rose?.shortText, "up to \(cut.longestRise.shortText)")
        }
        add(
            "node \(summary.victim) dies: new ring", summary.failureTime?.shortText,
            StepText.range(summary.shortestFailure, summary.longestFailure))
        for step in summary.steps where step.longest.count >= 10_000 {
            add("  of this \(step.name)", step.measured.shortText, StepText.range(step.shortest, step.longest))
        }
        add(
            "node \(summary.victim) returns: one ring", summary.returned?.shortText,
            "up to \(summary.longestReturn.shortText)")
        lines.append(StyledLine())
        lines.append(verdict(summary))
        if summary.surprises > 0 {
            lines.append(
                StyledLine(.yellow, "The ring broke \(summary.surprises) times unasked, and formed again."))
        }
        return lines
    }

    private static func verdict(_ summary: DemonstrationSummary) -> StyledLine {
        guard summary.isSuccess else {
            return StyledLine(.red, "Failed: " + summary.failures.joined(separator: "; ") + ".")
        }
        return StyledLine(
            .green, "\(summary.messages) messages, in one order on every node. Took \(summary.took.shortText).")
    }

    private static func row(_ name: String, _ measured: String, _ computed: String) -> String {
        "  " + Columns.left(name, 26) + Columns.right(measured, 10) + "   " + Columns.left(computed, 21)
    }
}

extension Microseconds {
    /// Milliseconds with two decimals, for what lasts less than one.
    var preciseText: String {
        guard count < 10_000 else { return millisecondsText }
        let hundredths = (count + 5) / 10
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ms"
    }
}
