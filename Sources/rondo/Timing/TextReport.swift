import ClusterConfiguration

/// A timing report for people, in 80 columns.
struct TextReport {
    let report: TimingReport
    let file: String?
    let glyphs: Glyphs

    var text: String {
        let table = TimingTable(report: report, file: file, glyphs: glyphs).lines
        var parts = [title + verdict, advice]
        // Timings that no ring would accept have no consequences worth telling.
        let links = LinkSection(report: report, glyphs: glyphs).lines
        parts += report.violation == nil ? [watchdogs, table, beat, failure, links, scaling] : [table]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var title: [String] {
        let nodes = report.ringSize == 1 ? "1 node" : "\(report.ringSize) nodes"
        let subject = "Timings of \(file ?? "Corosync's defaults"): \(nodes), transport \(report.transport.rawValue)"
        var lines = TextLayout.wrap(subject, indent: "")
        if report.nodeCount == 0 {
            lines += TextLayout.wrap(
                "No node has an address on link 0, so nothing is scaled with the number of nodes.", indent: "")
        }
        return lines
    }

    private var verdict: [String] {
        guard let refusal = report.refusal else { return accepted }
        let who = report.isRefusedHere ? "This machine cannot" : "No node can"
        var lines = TextLayout.wrap(
            "\(who) start with this file (exit status \(refusal.exitStatus)):", indent: "\(glyphs.warning) ",
            hanging: "  ")
        lines += TextLayout.wrap(refusal.message, indent: "  ")
        if !refusal.explanation.isEmpty { lines += TextLayout.wrap(refusal.explanation, indent: "  ") }
        return lines + refusal.proposal.map { "    " + $0 }
    }

    private var accepted: [String] {
        let warnings = report.advice.count { $0.weight == .warning }
        let count = warnings == 0 ? "no warnings" : warnings == 1 ? "one warning" : "\(warnings) warnings"
        let failure = report.failure(.nodeDies).map {
            " A dead node is excluded after at most \($0.longest.shortText)."
        }
        return TextLayout.wrap(
            "\(file == nil ? "Valid" : "A node can start with this file"), \(count).\(failure ?? "")", indent: "")
    }

    private var watchdogs: [String] {
        guard report.ringSize > 1 else { return [] }
        var lines = [heading("Beside watchdogs")]
        lines += TextLayout.wrap(
            "After a node's death nothing is decided for token + consensus, "
                + "\((Microseconds.milliseconds(timings.token) + .milliseconds(timings.consensus)).shortText).")
        for check in report.watchdogs {
            let sign = check.result == .fits ? glyphs.note : glyphs.warning
            lines += TextLayout.wrap(
                "\(name(check.kind)), \(check.timeout.shortText): \(check.text)", indent: "  \(sign) ", hanging: "    ")
        }
        return lines
    }

    private func name(_ kind: WatchdogCheck.Kind) -> String {
        switch kind {
        case .proxmox: "Proxmox VE's HA"
        case .sbd: "sbd's watchdog"
        case .own: "resources.watchdog_device"
        }
    }

    private func heading(_ text: String) -> String { glyphs.heading(text) }

    private var timings: TotemTimings { report.timings.totem }

    private var beat: [String] {
        let beat = report.heartbeat
        let rate = "\(beat.beatsPerSecondInTenths / 10).\(beat.beatsPerSecondInTenths % 10)"
        return [heading("The beat of the idle ring")]
            + TextLayout.wrap(
                "The token passes each node every \(beat.period.millisecondsText), \(rate) times a second: the node "
                    + "with the lowest id keeps it for hold, \(timings.hold) ms, then it goes round in about "
                    + "\(beat.rotation.millisecondsText). Timers that fire late and the network add a little.")
            + TextLayout.wrap(
                "It is not token, \(timings.token) ms: so long a node waits for a beat before it declares the token "
                    + "lost. \(beatsInTimeout) fit into that.")
            + TextLayout.wrap(
                "It is not token_retransmit, \(timings.tokenRetransmit) ms: so long a node waits for the next beat "
                    + "before it sends its last token once more. Derived, hold is shorter than that, so that nothing "
                    + "is sent again while all is well.")
            + TextLayout.wrap(
                "A ring with messages to carry does not hold: the token goes round as fast as it can, and rests only "
                    + "after \(beat.rotationsBeforeHold) rotations without a message.")
    }

    private var beatsInTimeout: String {
        let count = report.heartbeat.beatsPerTokenTimeout
        return count == 1 ? "One beat does not quite" : "\(count) beats"
    }

    private var failure: [String] {
        guard let failure = report.failure(.nodeDies) else { return [] }
        let picture = TimelinePicture(
            failure: failure, timings: timings, heartbeat: report.heartbeat, glyphs: glyphs)
        var lines = [heading("When a node dies")] + picture.lines + [""] + steps(failure) + [""]
        if let other = report.failure(.representativeDies) {
            lines += TextLayout.wrap(
                "The node with the lowest id dies: the token it holds dies with it, the next lowest id takes over. "
                    + "At most \(other.longest.shortText)\(other.longest == failure.longest ? " as well" : "").")
        }
        if let other = report.failure(.nodeLeaves) {
            lines += TextLayout.wrap(
                "A node shuts down in order: once its services have stopped it says so, and nobody waits for token or "
                    + "consensus. Usually a few milliseconds, at most \(other.longest.shortText).")
        }
        if let other = report.failure(.processEnds), let step = other.steps.first {
            lines += TextLayout.wrap(
                "Only the process ends (killed, crashed): \(step.explanation.firstLowered) Nobody waits for token or consensus: at "
                    + "most \(other.longest.shortText) where all are Rondo nodes. The end of a Corosync is noticed a quarter of a "
                    + "second later, by at least one member that is a Rondo.")
        }
        if let other = report.failure(.machineIsLost), let step = other.steps.first {
            lines += TextLayout.wrap(
                "The machine or its network is lost, where all are Rondo nodes: \(step.explanation) That makes "
                    + "\(other.shortest.shortText) to \(other.longest.shortText). A process that only stands still keeps the "
                    + "patience of token and consensus: its machine answers.")
        }
        return lines
            + TextLayout.wrap(
                "A lost packet or a second failure meanwhile adds to these times, and so do the services, which "
                    + "synchronise after each change.")
    }

    private func steps(_ failure: FailureTimeline) -> [String] {
        var lines = ["  step          lasts              over by  what happens"]
        for (index, step) in failure.steps.enumerated() {
            let over = failure.latestStart(of: index + 1)
            let start =
                "  " + TextLayout.left(name(step.kind), 14) + TextLayout.left(range(step), 19)
                + TextLayout.left(over.shortText, 9)
            lines += TextLayout.wrap(
                summary(step.kind, failure), indent: start, hanging: String(repeating: " ", count: start.count))
        }
        lines.append(
            "  " + TextLayout.left("in all", 14)
                + "\(failure.shortest.shortText) to \(failure.longest.shortText)")
        return lines
    }

    private func range(_ step: FailureTimeline.Step) -> String {
        if step.shortest == step.longest { return step.longest.shortText }
        if step.shortest == .zero { return "up to \(step.longest.shortText)" }
        return "\(step.shortest.shortText) - \(step.longest.shortText)"
    }

    private func name(_ kind: FailureTimeline.StepKind) -> String {
        switch kind {
        case .silence: "token lost"
        case .gather: "gather"
        case .consensus: "consensus"
        case .agreement: "agreement"
        case .commit: "commit"
        case .recovery: "recovery"
        case .leave: "leave"
        case .refusal: "refusal"
        case .absence: "silence"
        }
    }

    private func summary(_ kind: FailureTimeline.StepKind, _ failure: FailureTimeline) -> String {
        switch kind {
        case .silence: "no token since the last beat"
        case .gather: failure.survivors == 1 ? "the survivor starts anew" : "the first to notice calls all"
        case .consensus: "the dead node does not answer"
        case .agreement: failure.survivors == 1 ? "the survivor is alone" : "all exclude it: one more join"
        case .commit: "commit token round twice"
        case .recovery: "new token round four times"
        case .leave: "the leaving node tells all"
        case .refusal: "its machine refuses beats"
        case .absence: "its machine is silent"
        }
    }

    private var scaling: [String] {
        guard !report.scaling.rows.isEmpty else { return [] }
        var lines = [
            heading("With more nodes"),
            "  nodes         token          hold     consensus   from death to new ring",
        ]
        for row in report.scaling.rows {
            let marker = row.nodes == report.ringSize ? glyphs.beat : " "
            lines.append(
                "  \(marker) \(TextLayout.right("\(row.nodes)", 3))" + TextLayout.right("\(row.token) ms", 14)
                    + TextLayout.right("\(row.hold) ms", 14) + TextLayout.right("\(row.consensus) ms", 14)
                    + "   at most " + row.failure.shortText)
        }
        return lines
    }

    private var advice: [String] {
        guard !report.advice.isEmpty else { return [heading("Warnings"), "  None."] }
        var lines = [heading("Warnings")]
        for advice in report.advice {
            let sign = advice.weight == .warning ? glyphs.warning : glyphs.note
            let place = advice.origin.map { "\($0): " } ?? ""
            lines += TextLayout.wrap(place + advice.text, indent: "  \(sign) ", hanging: "    ")
            lines += TextLayout.wrap("To do: \(advice.remedy).", indent: "    ")
        }
        return lines
    }
}

extension String {
    /// For the middle of a sentence.
    fileprivate var firstLowered: String { prefix(1).lowercased() + dropFirst() }
}
