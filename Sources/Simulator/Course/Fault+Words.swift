import Basics
import TotemWire

extension LayerFault {
    /// What happens, in words.
    package func words(_ ids: [NodeID]) -> String {
        switch self {
        case .crash(let node, let sending):
            "node \(ids[node]) stops dead" + (sending > 0 ? " after \(sending) more datagrams" : "")
        case .restart(let node): "node \(ids[node]) starts again"
        case .leave(let node): "node \(ids[node]) says goodbye and stops"
        case .pause(let node, let milliseconds): "node \(ids[node]) is paused for \(milliseconds) ms"
        case .partition(let groups): "the network falls apart: " + Self.partition(groups, ids)
        case .cut(let from, let to): "\(Self.set(to, ids)) no longer hear \(Self.set(from, ids))"
        case .mend(let from, let to): "\(Self.set(to, ids)) hear \(Self.set(from, ids)) again"
        case .sever(let pairs):
            pairs.map { "\(ids[$0.first]) and \(ids[$0.second])" }.joined(separator: ", ")
                + " no longer hear each other"
        case .heal: "all hear each other again"
        case .conditions(let network): "from now on " + network.words
        case .loss(0): "from now on nothing is lost"
        case .loss(let perMillion): "from now on " + NetworkConditions.percent(perMillion) + " are lost"
        case .late(let node, let microseconds): "node \(ids[node]) hears everything \(microseconds) µs late"
        case .lose(let rule):
            "the next \(rule.count == .max ? "" : "\(rule.count) ")copies of \(rule.type.logName)"
                + (rule.from.map { " from node \(ids[$0])" } ?? "") + (rule.to.map { " to node \(ids[$0])" } ?? "")
                + " will be lost"
        case .own(let own): own.words(ids)
        }
    }

    /// Sets of nodes that hear each other, as `{1,2} | {3}`.
    private static func partition(_ groups: [UInt8], _ ids: [NodeID]) -> String {
        (0...(groups.max() ?? 0)).compactMap { group in
            let members = zip(ids, groups).filter { $1 == group }.map { $0.0.description }
            return members.isEmpty ? nil : "{" + members.joined(separator: ",") + "}"
        }.joined(separator: " | ")
    }

    private static func set(_ places: [Int], _ ids: [NodeID]) -> String {
        "{" + places.map { ids[$0].description }.joined(separator: ",") + "}"
    }
}

extension Occasion {
    func words(_ ids: [NodeID]) -> String {
        switch self {
        case .at(let milliseconds): "at \(milliseconds) ms"
        case .entering(let node, let phase, let count, let beforeSending):
            "when node \(ids[node]) enters \("\(phase)".uppercased()) for the \(Self.ordinal(count)) time, "
                + (beforeSending ? "before it speaks," : "and has spoken,")
        }
    }

    private static func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 10, number % 100) {
            case (1, let hundred) where hundred != 11: "st"
            case (2, let hundred) where hundred != 12: "nd"
            case (3, let hundred) where hundred != 13: "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }
}

extension NetworkConditions {
    package var words: String {
        var parts = ["packets take \(delay) to \(delay + jitter) µs"]
        if let spread { parts = ["packets take about \(spread.mean / 1000) µs"] }
        if lossPerMillion > 0 { parts.append("\(Self.percent(lossPerMillion)) lost") }
        if duplicatePerMillion > 0 { parts.append("\(Self.percent(duplicatePerMillion)) doubled") }
        if flipPerMillion > 0 { parts.append("\(Self.percent(flipPerMillion)) falsified") }
        if slowPerMillion > 0 {
            parts.append("\(Self.percent(slowPerMillion)) up to \((slowness + 999) / 1000) ms late")
        }
        parts.append(keepsOrder ? "in order" : "overtaking each other")
        return parts.joined(separator: ", ")
    }

    static func percent(_ perMillion: UInt32) -> String {
        let hundredths = (perMillion + 50) / 100
        let fraction = hundredths % 100
        guard fraction > 0 else { return "\(hundredths / 100) %" }
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
    }
}
