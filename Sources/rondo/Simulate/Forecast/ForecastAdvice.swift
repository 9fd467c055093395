import ClusterConfiguration
import Simulator

/// What binds, and what to do.
struct ForecastAdvice {
    let answer: ForecastAnswer

    private var plan: ForecastPlan { answer.subject.plan }
    private var search: TokenSearch { answer.search }
    private var expected: ExpectedBreaks { answer.forecast.expected }

    var lines: [String] {
        guard plan.nodes > 1 else { return [] }
        let title = "What binds, and what to do "
        return [title + String(repeating: "─", count: max(0, TextLayout.width - title.count))]
            + paragraphs.flatMap { TextLayout.wrap($0) }
    }

    /// In sentences; also for programs.
    var paragraphs: [String] {
        guard plan.nodes > 1 else { return [] }
        return [binding] + [verdict, care].filter { !$0.isEmpty } + warnings
    }

    private var isHeartbeat: Bool { plan.parameters.silenceLimit < plan.parameters.token }

    /// The key of the timeout that decides when a ring breaks.
    var bindingKey: String { isHeartbeat ? "totem.heartbeat_failures_allowed" : "totem.token" }

    private var binding: String {
        let limit = UInt64(plan.parameters.silenceLimit) * 1_000_000
        let patience = limit > plan.beat ? limit - plan.beat : 0
        let exclusion = patience + UInt64(plan.parameters.consensus) * 1_000_000
        let name = isHeartbeat ? "The heartbeat timeout" : "The token timeout"
        let losses = plan.lossesToBreak
        return
            "\(name), \(plan.parameters.silenceLimit) ms, binds: a node may stand still for "
            + "\(ForecastWords.time(patience)) (that less one beat) before the ring breaks, and for "
            + "\(ForecastWords.time(exclusion)) (consensus more) before it is put out. "
            + (losses == 1
                ? "One lost token breaks the ring." : "It takes \(losses) lost tokens in one turn to break it.")
    }

    private var verdict: String {
        let wanted = ForecastWords.number(search.wanted) + (search.wanted == 1 ? " false failure" : " false failures")
        guard !search.isEnough else {
            return
                "For at most \(wanted) a year that is enough: what you describe gives "
                + "\(ForecastWords.frequency(expected.breaks)). Leave it as it is."
        }
        guard let needed = search.needed else {
            return
                "No token timeout up to ten minutes brings what you describe down to \(wanted) a year: "
                + "the pauses or the losses themselves must go."
        }
        let scaled =
            needed.effective == needed.configured
            ? "" : " (with \(plan.nodes) nodes a timeout of \(needed.effective) ms)"
        return
            "For at most \(wanted) a year set totem.token to \(needed.configured)\(scaled); now it is "
            + "\(search.present.configured). A failover then takes at most \(needed.longestFailover.shortText), now "
            + "\(search.present.longestFailover.shortText). See it with --set totem.token=\(needed.configured)."
    }

    /// A shorter timeout is never recommended: what nobody described breaks rings, too.
    private var care: String {
        guard search.isEnough else { return "" }
        return
            "The figures know only the delay, loss and pauses you gave. Backups, snapshots and migrations of virtual "
            + "machines make longer pauses: before you shorten a timeout, measure them, and give them here."
    }

    private var warnings: [String] {
        answer.subject.report.advice.filter { $0.weight == .warning }.map { "\($0.text) To do: \($0.remedy)." }
    }
}
