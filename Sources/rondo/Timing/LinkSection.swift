import ClusterConfiguration

/// What the timing report says of knet links, in 80 columns.
struct LinkSection {
    let report: TimingReport
    let glyphs: Glyphs

    /// None where there are no links, or only one node.
    var lines: [String] {
        guard let slowest = report.links.max(by: { $0.tokenPasses < $1.tokenPasses }) else { return [] }
        return [glyphs.heading("When a link dies")] + table + legend + relation(slowest)
    }

    private var table: [String] {
        ["  link     pinged every   given up after   another carries after  up again after"]
            + report.links.map { failure in
                "  " + TextLayout.right("\(failure.link.number)", 4)
                    + TextLayout.right(Microseconds.milliseconds(failure.link.pingInterval).shortText, 17)
                    + TextLayout.right(failure.down.shortText, 17)
                    + TextLayout.right(failure.takeover?.shortText ?? "none there", 24)
                    + TextLayout.right(failure.up.shortText, 16)
            }
    }

    private var legend: [String] {
        TextLayout.wrap(
            "At most, from the cut or from its healing, of a link that has been up for ten seconds. Intervals and timeouts "
                + "come from the token unless they are given: see knet above.")
    }

    private func relation(_ slowest: LinkFailure) -> [String] {
        guard let takeover = report.links.compactMap(\.takeover).max() else {
            return TextLayout.wrap(
                "There is one link, so nothing takes over: nodes that it no longer reaches are excluded as if they had died, "
                    + "after token and consensus.")
        }
        let token = slowest.token.shortText
        let judgement =
            slowest.keepsToken == true
            ? "before the token is lost, at \(token)." : "but the token is lost at \(token): the ring may form anew."
        return TextLayout.wrap(
            "Members are not told of links: a ring ends with its token, \(token). Rondo sends by another link besides as "
                + "soon as a ping has no answer, after \(takeover.shortText) at most; what was lost "
                + "until then is sent again.")
            + TextLayout.wrap(
                "A Corosync changes only when it gives the link up, \(slowest.corosyncDown.shortText) after the cut at most; "
                    + "the token has been sent again by \(slowest.tokenPasses.shortText), \(judgement) A link that came up less "
                    + "than nine seconds ago it gives up after up to \(slowest.corosyncPatience.shortText).")
    }
}

extension Glyphs {
    /// A section's title.
    func heading(_ text: String) -> String {
        "\(text) " + String(repeating: rule, count: max(0, TextLayout.width - text.count - 1))
    }
}
