import ClusterConfiguration
import Simulator

/// What a forecast says to people of links that are lost.
struct LinkForecastText {
    let answer: ForecastAnswer

    private var plan: ForecastPlan { answer.subject.plan }

    var lines: [String] {
        guard plan.nodes > 1, let links = answer.forecast.links, links.setting.cuts > 0 else { return [] }
        return [ForecastWords.heading("Lost links: one between all nodes, or all of a node")]
            + links.links.flatMap(one) + all(links) + TextLayout.wrap(closing(links))
    }

    private func one(_ link: LinkForecast.Link) -> [String] {
        let kept = link.cuts - link.breaks
        var lines = ForecastWords.row(
            "link \(link.link.number) cut",
            link.breaks == 0
                ? "the ring stays, in all \(link.cuts) cuts"
                : "the ring stays in \(kept) of \(link.cuts) cuts, and breaks in others")
        lines += ForecastWords.row("  packets lost", "for " + ForecastWords.quantiles(link.carried) + unfinished(link))
        let (few, many) = (link.tokensLost.lowerBound, link.tokensLost.upperBound)
        lines += ForecastWords.row(
            "  tokens lost",
            "\(few == many ? "\(few)" : "\(few) to \(many)") in each cut; a node waits at most "
                + "\(ForecastWords.time(link.longestWait.longest)) for its next one, of the \(plan.parameters.silenceLimit) ms after "
                + "which it gives the ring up")
        return lines + ForecastWords.row("  shown as down", "after " + ForecastWords.quantiles(link.down))
    }

    private func unfinished(_ link: LinkForecast.Link) -> String {
        link.notCarried == 0 ? "" : "; in \(link.notCarried) cuts no link took over"
    }

    private func all(_ links: LinkForecast) -> [String] {
        var lines = ForecastWords.row(
            links.links.isEmpty ? "a node's link cut" : "all of a node",
            "the others are a ring without it after "
                + ForecastWords.quantiles(links.isolation))
        if links.unfinishedIsolations > 0 {
            lines += ForecastWords.row("  not in time", "\(links.unfinishedIsolations)")
        }
        return lines
    }

    private func closing(_ links: LinkForecast) -> String {
        let subject =
            links.links.isEmpty
            ? "Nothing takes over from the only link." : "Of an idle ring; what is lost is sent again."
        guard plan.nodes > plan.linkedNodes else { return subject }
        return subject + " Simulated with \(plan.linkedNodes) nodes."
    }
}
