import ClusterConfiguration

/// The table of every timing with its value, formula and source.
struct TimingTable {
    let report: TimingReport
    let file: String?
    let glyphs: Glyphs

    private struct Group {
        var title: String
        var names: [String]
    }

    private static let groups = [
        Group(
            title: "Token",
            names: [
                "token", "token_retransmits_before_loss_const", "token_retransmit", "hold", "token_warning",
                "heartbeat_failures_allowed", "max_network_delay",
            ]),
        Group(title: "Membership", names: ["join", "send_join", "consensus", "merge", "downcheck"]),
        Group(
            title: "Limits",
            names: [
                "window_size", "max_messages", "miss_count_const", "fail_recv_const", "seqno_unchanged_const",
                "cancel_token_hold_on_retransmit", "block_unlisted_ips",
            ]),
    ]

    var lines: [String] {
        var lines: [String] = []
        for group in Self.groups + (report.transport == .knet ? [knet] : []) {
            if !lines.isEmpty { lines.append("") }
            lines.append(heading(group.title))
            for name in group.names {
                guard let timing = report.timings[name] else { continue }
                lines += row(timing)
            }
        }
        return lines + ["", "  Fractions are cut off. \"given here\": on the command line of this report."]
    }

    private func heading(_ title: String) -> String {
        let columns = TextLayout.right(" value", 49 - title.count) + "  formula or source"
        let rule = String(repeating: glyphs.rule, count: max(0, 42 - title.count))
        return "\(title) \(rule)" + columns.suffix(6 + 19)
    }

    private var knet: Group {
        let links = report.timings.totem.links.flatMap { link in
            ["interface.\(link.number).knet_ping_timeout", "interface.\(link.number).knet_ping_interval"]
        }
        return Group(
            title: "knet",
            names: links + [
                "knet_pmtud_interval", "knet_mtu", "knet_compression_model", "knet_compression_threshold",
                "knet_compression_level",
            ])
    }

    private func row(_ timing: Timing) -> [String] {
        let unit = timing.unit.rawValue
        let value = TextLayout.right(timing.text, 9) + " " + TextLayout.left(unit, 2)
        let start = "  " + TextLayout.left(timing.name, 36) + value + "  "
        let why = timing.source == .derived ? timing.formula : source(timing.source)
        return [start + why] + details(timing).map { String(repeating: " ", count: start.count) + $0 }
    }

    /// The sources of what went into a formula, but for values that have a row of their own.
    private func details(_ timing: Timing) -> [String] {
        timing.inputs.compactMap { input in
            guard report.timings[input.name] == nil else { return nil }
            return "\(shortName(input.name)) \(input.value): \(source(input.source))"
        }
    }

    private func shortName(_ key: String) -> String {
        String(key.split(separator: ".").last ?? "").replacing("token_coefficient", with: "coefficient")
    }

    private func source(_ source: ValueSource) -> String {
        switch source {
        case .file(let origin): origin.file == file ? "line \(origin.line)" : "\(origin)"
        case .override: "given here"
        case .builtIn, .map, .nodeList, .derived: "\(source)"
        }
    }
}
