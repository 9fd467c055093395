import Dissection

/// Frames of a capture that no line was printed for.
struct OtherFrames {
    var count = 0
    /// Packets of which fragments are missing.
    var incomplete = 0
    /// Packets that do not fit `--filter`; they are counted in all figures.
    var filtered = 0
    /// Packets of which the capture's length limit cut something off.
    var limited = 0
    /// Packets sent as one with others, of which the capture's length limit left nothing.
    var notCaptured = 0
    /// The reasons, each with its number of frames.
    private(set) var reasons: [(text: String, count: Int)] = []

    /// The reason of frames that were left out for their port alone.
    static let otherPorts = "other UDP ports"

    /// The reason that most of them have; nil when there are none.
    var mostFrequent: (text: String, count: Int)? { reasons.max { $0.count < $1.count } }

    mutating func add(_ reason: String) {
        count += 1
        if let index = reasons.firstIndex(where: { $0.text == reason }) {
            reasons[index].count += 1
        } else if reasons.count < 32 {
            reasons.append((reason, 1))
        }
    }
}

/// The end of a text output: what the capture amounts to.
enum SummaryText {
    static func lines(_ dissector: Dissector, _ others: OtherFrames) -> [String] {
        let statistics = dissector.statistics
        var head = counted(statistics.total, "packet")
        if let first = statistics.first, let last = statistics.last {
            head += " in \(milliseconds(last.nanoseconds(since: first)))"
        }
        var lines = ["", head]
        for kind in PacketKind.allCases {
            guard let count = statistics.packets[kind] else { continue }
            lines.append(
                "  " + TextLayout.left(kind.rawValue, 16) + TextLayout.right("\(count)", 8)
                    + TextLayout.right("\(statistics.bytes[kind] ?? 0)", 12) + " bytes")
        }
        if !dissector.nodes.isEmpty {
            lines.append("nodes: " + dissector.nodes.joined(separator: ", "))
        }
        if !dissector.rings.isEmpty { lines.append("rings: " + dissector.rings.joined(separator: ", ")) }
        if let all = statistics.rotationSpread {
            lines.append("token rotation, from one node to the next and round to it again: " + text(all))
        }
        if let held = statistics.heldRotationSpread {
            lines.append("  of these held by the representative (idle heartbeat): " + text(held))
        }
        lines.append(
            "retransmits: \(counted(statistics.requests, "message")) asked for, \(statistics.retransmitted) sent again, "
                + "\(counted(statistics.repeatedTokens, "token")) sent again")
        if statistics.damaged > 0 { lines.append("not decodable entirely: \(counted(statistics.damaged, "packet"))") }
        if others.limited > 0 {
            lines.append(
                "cut by the capture's length limit: \(counted(others.limited, "packet")); tcpdump -s 0 keeps them whole"
            )
        }
        if others.filtered > 0 {
            lines.append("not shown: \(counted(others.filtered, "packet")) that --filter left out, counted above")
        }
        if others.notCaptured > 0 {
            lines.append(
                "not shown: \(counted(others.notCaptured, "packet")) sent as one with others, beyond the capture's length limit"
            )
        }
        for reason in others.reasons {
            lines.append("not shown: \(counted(reason.count, "frame")), \(reason.text)")
        }
        if others.incomplete > 0 {
            lines.append("not shown: \(counted(others.incomplete, "packet")) whose IP fragments are not all there")
        }
        return lines
    }

    private static func text(_ spread: Statistics.Spread) -> String {
        "min \(milliseconds(spread.minimum)), median \(milliseconds(spread.median)), "
            + "max \(milliseconds(spread.maximum)), \(counted(spread.count, "time"))"
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
