import Basics
import Totem
import TotemWire

/// Each node's lane: its name, its states, when it was down or paused, the rings it installed.
extension RunPicture {
    mutating func drawLanes() {
        for node in scenario.nodes.indices {
            svg.write("node \(scenario.nodes[node])", left - 12, axis(node) + 4, "name")
            svg.line(left, axis(node), Self.width - Self.right, axis(node), "lane")
            drawStates(node)
            drawPauses(node)
        }
    }

    /// Times at which a node was up, in nanoseconds.
    private func lifetimes(_ node: Int) -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        var since: UInt64?
        for life in recording.lives where life.node == node {
            switch life.turn {
            case .started: since = life.time
            case .stopped, .left:
                if let start = since { result.append(start..<max(life.time, start)) }
                since = nil
            case .paused, .resumed: break
            }
        }
        let end = max(outcome.simulatedTime, window.upperBound)
        if let since { result.append(since..<max(end, since)) }
        return result
    }

    private mutating func drawStates(_ node: Int) {
        let changes = outcome.phases.filter { $0.node == node }
        for life in lifetimes(node) {
            let inside = changes.filter { life.contains($0.time) || $0.time == life.lowerBound }
            for (place, change) in inside.enumerated() {
                let end = place + 1 < inside.count ? inside[place + 1].time : life.upperBound
                guard end > window.lowerBound, change.time < window.upperBound else { continue }
                let (from, to) = (x(change.time), x(end))
                svg.rectangle(from, axis(node) - band / 2, max(to - from, 0.7), band, "\(change.phase)")
                if to - from > 11, band >= 9 {
                    svg.write(Self.letter(change.phase), (from + to) / 2, axis(node) + 4, "letter")
                }
            }
        }
    }

    private mutating func drawPauses(_ node: Int) {
        var since: UInt64?
        for life in recording.lives where life.node == node {
            if life.turn == .paused {
                since = life.time
            } else if let start = since {
                since = nil
                guard life.time > window.lowerBound, start < window.upperBound else { continue }
                svg.rectangle(x(start), axis(node) - band / 2, x(life.time) - x(start), band, "paused")
            }
        }
        if let since, since < window.upperBound {
            svg.rectangle(x(since), axis(node) - band / 2, Self.width - Self.right - x(since), band, "paused")
        }
    }

    /// A tick at the lower edge of the band for each message that an application on the node got.
    mutating func drawDeliveries() {
        var last = [Double](repeating: -1, count: scenario.nodes.count)
        for delivery in recording.deliveries {
            let place = x(delivery.time)
            // Two in one pixel look like one.
            guard place >= last[delivery.node] + 1 else { continue }
            last[delivery.node] = place
            let edge = axis(delivery.node) + band / 2
            svg.line(place, edge - band / 4, place, edge, "delivery")
        }
    }

    /// A stroke for each, and its name where there is room up to the next; on narrow lanes the representative's stands
    /// for all.
    mutating func drawInstallations() {
        for node in scenario.nodes.indices {
            let id = scenario.nodes[node]
            let shown = outcome.installations.filter { $0.node == id && window.contains($0.time) }
            let upper = axis(node) - band / 2
            for (number, installation) in shown.enumerated() {
                let place = x(installation.time)
                svg.line(place, upper - 3, place, upper + band + 3, "installation")
                guard lane >= 34 || id == installation.ring.representative else { continue }
                let label = "\(installation.ring) " + Self.ranges(installation.members)
                let next = number + 1 < shown.count ? x(shown[number + 1].time) : Self.width
                guard place + 5.6 * Double(label.count) + 4 < next else { continue }
                svg.write(label, place + 2, upper - 4, "ring")
            }
        }
    }

    /// Nodes in a few characters, as `{1-5,7}`.
    static func ranges(_ nodes: [NodeID]) -> String {
        var parts: [String] = []
        var index = 0
        while index < nodes.count {
            var last = index
            while last + 1 < nodes.count, nodes[last + 1].rawValue == nodes[last].rawValue &+ 1 { last += 1 }
            let separator = last == index + 1 ? "," : "-"
            parts.append(last == index ? "\(nodes[index])" : "\(nodes[index])\(separator)\(nodes[last])")
            index = last + 1
        }
        let text = parts.joined(separator: ",")
        return text.count <= 30 ? "{\(text)}" : "{\(nodes.count) nodes}"
    }
}
