import ClusterConfiguration
import Foundation
import Simulator

/// A forecast for people, in 80 columns.
struct ForecastText {
    let answer: ForecastAnswer

    private var subject: ForecastSubject { answer.subject }
    private var forecast: Forecast { answer.forecast }
    private var plan: ForecastPlan { answer.subject.plan }

    var text: String {
        let parts = [
            title, defect, failover, LinkForecastText(answer: answer).lines, falseFailures, pace,
            ForecastAdvice(answer: answer).lines,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var title: [String] {
        let nodes = plan.nodes == 1 ? "1 node" : "\(plan.nodes) nodes"
        let name = subject.file.map { $0 == "-" ? "standard input" : $0 } ?? "Corosync's defaults"
        var lines = TextLayout.wrap("Forecast for \(name): \(nodes)", indent: "")
        for setting in subject.settings { lines += ForecastWords.row("what if", setting) }
        if let links = forecast.links { lines += ForecastWords.row("links", ForecastWords.links(links.setting)) }
        let order = plan.network.keepsOrder ? "in order" : "may overtake each other"
        lines += ForecastWords.row(
            "network",
            "\(ForecastWords.spread(plan.network.spread)) a hop, \(ForecastWords.share(plan.network.lossPerMillion)) "
                + "lost, \(order)")
        if plan.network.turn > 0 { lines += ForecastWords.row("a node's turn", ForecastWords.time(plan.network.turn)) }
        lines += ForecastWords.row("pauses", ForecastWords.pauses(plan.pauses))
        if let freezes = plan.freezes { lines += ForecastWords.row("machines stop", ForecastWords.pauses(freezes)) }
        if plan.nodes > 1 { lines += ForecastWords.row("beats", beats) }
        lines += ForecastWords.row(
            "simulated",
            "\(ForecastWords.number(subject.hours)) h of idle ring, \(plan.nodes > 1 ? plan.deathCount : 0) deaths, full "
                + "load\(cuts); seed \(plan.seed)")
        return lines
    }

    private var beats: String {
        let (beat, silence) = (plan.parameters.beat, plan.parameters.silence)
        if plan.nodes > ForecastPlan.mostBeating {
            return "left out with more than \(ForecastPlan.mostBeating) nodes: as with --set rondo.beat=0"
        }
        guard beat > 0 else { return "none (rondo.beat): a node's death is told by the token alone" }
        guard silence > 0 else { return "every \(beat) ms; a lost machine is told by the token (rondo.silence is 0)" }
        return
            "every \(beat) ms; a machine counts as lost after \(silence) ms of silence. With a Corosync in the ring ask with "
            + "--set rondo.beat=0"
    }

    private var cuts: String {
        guard plan.nodes > 1, let links = plan.links else { return "" }
        return links.links.count > 1
            ? ", \(links.cuts) cuts of each link and of all" : ", \(links.cuts) cuts of the link"
    }

    private var defect: [String] {
        if let defect = forecast.defect {
            return TextLayout.wrap(
                "A DEFECT OF RONDO showed: guarantee \(defect.guarantee) (\(defect.title)) was "
                    + "broken: \(defect.text). Please report it with this command line. The figures below are not "
                    + "to be trusted.", indent: "")
        }
        guard plan.isBeyondProtocol else { return [] }
        return TextLayout.wrap(
            "No ring can rest here: a rotation of the token takes about "
                + "\(ForecastWords.time(plan.rotation)), the token timeout is \(plan.parameters.token) ms.", indent: "")
    }

    private var failover: [String] {
        guard plan.nodes > 1, plan.failovers > 0 else { return [] }
        var lines = [ForecastWords.heading("Failover: from a node's death to the ring of the others")]
        lines += ForecastWords.row(
            plan.parameters.beat > 0 ? "machine lost" : "any node", ForecastWords.quantiles(forecast.failover))
        lines += ForecastWords.row("representative", ForecastWords.quantiles(forecast.representativeFailover))
        lines += computed(subject.lossOfMachine)
        if forecast.processFailover.count > 0 {
            lines += ForecastWords.row("process ends", ForecastWords.quantiles(forecast.processFailover))
            lines += computed(subject.report.failure(.processEnds))
        }
        if forecast.unfinishedFailovers > 0 {
            lines += ForecastWords.row(
                "not in time",
                "\(forecast.unfinishedFailovers) took longer than the \(plan.parameters.token) ms and "
                    + "\(plan.parameters.consensus) ms of token and consensus twice over")
        }
        return lines + TextLayout.wrap("Then services synchronise, and resources start: that is not in it.")
    }

    private func computed(_ timeline: FailureTimeline?) -> [String] {
        guard let timeline else { return [] }
        return ForecastWords.row(
            "computed", "\(timeline.shortest.shortText) to \(timeline.longest.shortText), when nothing else happens")
    }

    private var falseFailures: [String] {
        guard plan.nodes > 1 else { return [] }
        var lines = [ForecastWords.heading("False failures: the ring breaks though nobody has died")]
        lines += ForecastWords.row("simulated", ForecastWords.rate(forecast.breaks, subject.hours))
        lines += ForecastWords.row(
            "computed",
            "\(ForecastWords.frequency(forecast.expected.breaks)) a year: "
                + "\(ForecastWords.frequency(forecast.expected.fromPauses)) from pauses, "
                + "\(ForecastWords.frequency(forecast.expected.fromLoss)) from losses")
        if forecast.breakLength.count > 0 {
            lines += ForecastWords.row("each lasts", ForecastWords.quantiles(forecast.breakLength))
        }
        lines += ForecastWords.row(
            "node put out",
            "\(ForecastWords.rate(forecast.exclusions, subject.hours)); computed "
                + "\(ForecastWords.frequency(forecast.expected.exclusions)) a year. It would be fenced.")
        return lines
    }

    /// What else limits the pace.
    private var beyond: String {
        plan.network.turn > 0
            ? "Bandwidth is not modelled: on a fast network it is the limit."
            : "Processor time and bandwidth are not modelled: on a fast network those are the limit. What a node needs "
                + "for the token can be given with --turn."
    }

    private var pace: [String] {
        var lines = [ForecastWords.heading("Pace")]
        lines += ForecastWords.row("idle", "one beat in \(ForecastWords.time(forecast.beat.median))")
        guard plan.nodes > 1 else { return lines }
        lines += ForecastWords.row("full load", "one rotation in \(ForecastWords.time(forecast.rotation.median))")
        lines += ForecastWords.row(
            "throughput",
            "\(ForecastWords.number(forecast.messagesPerSecond)) messages/s of \(plan.messageSize) bytes, "
                + "\(String(format: "%.2f", forecast.bytesPerSecond / 1_000_000)) MB/s, all nodes together")
        if forecast.waitingShare >= 0.01 {
            lines += ForecastWords.row(
                "lost tokens",
                "\(Int((forecast.waitingShare * 100).rounded())) % of that time the ring waits for a lost token: it is sent "
                    + "again after token_retransmit, \(plan.parameters.tokenRetransmit) ms")
        }
        return lines
            + TextLayout.wrap(
                "That is what delay, window_size \(plan.parameters.windowSize) and max_messages "
                    + "\(plan.parameters.maxMessages) allow. \(beyond)")
    }
}
