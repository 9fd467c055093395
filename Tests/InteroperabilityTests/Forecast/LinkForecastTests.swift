import ClusterLab
import Foundation
import Testing

extension Interoperability.ForecastTests {
    /// A quarter of a second and more passes on an idle ring until a node has something to send that shows by which link it does.
    private static let sparseness = 400.0
    private static let slack = 150.0

    @Test("A ring whose first link is cut stays, and turns to the second one as soon as is forecast")
    func cutLinks() throws {
        let mixture = Mixture.rondoAlone
        let labs = try [LinkRing(mixture, .knet(links: 2, token: 1000), "forecast of a cut")].rings()
        defer { labs.close() }
        guard let lab = labs.first else { return }
        let forecast = try LinkCutFigures(of: lab)
        #expect(forecast.ringsBroken == 0)
        let start = lab.marks
        var lost: [Double] = []
        var down: [Double] = []
        for round in 0..<4 {
            // At another moment between two pings.
            try labs.rest(.milliseconds(1500 + 130 * round))
            let marks = lab.marks
            // Data and no pings, on link 1.
            let captures = try lab.nodes.map { node in
                try node.capture(
                    "udp dst port 5406 and src host \(node.address(onLink: 1)) and udp[9] = 0", interface: "eth1")
            }
            let (wall, time) = (WallTime.now, Date().timeIntervalSince1970)
            try lab.cut(link: 0)
            let others = { (number: Int) in
                Set([1, 2, 3].filter { $0 != number }.map { LinkName(node: UInt32($0), number: 0) })
            }
            try lab.awaitLinksDown([1: others(1), 2: others(2), 3: others(3)])
            for (node, capture) in zip(lab.nodes, captures) {
                let first = try capture.finish().first { $0.time >= time }
                lost.append((try #require(first, "node \(node.number) sent nothing by link 1").time - time) * 1000)
                let ends = node.log.linkEvents(after: marks[node.number - 1]).filter { !$0.isUp }.compactMap(\.time)
                down += ends.map { Double(wall.milliseconds(to: $0)) }
            }
            try lab.heal()
            try lab.awaitLinks()
        }
        #expect(lab.membershipChanges(after: start) == [0, 0, 0])
        let (latest, last, first) = (lost.max() ?? 0, down.max() ?? 0, down.min() ?? 0)
        #expect(latest <= forecast.packetsLost.upperBound + Self.sparseness + Self.slack)
        // A ping without an answer comes first.
        #expect(latest >= forecast.packetsLost.lowerBound - Self.slack)
        #expect(last <= forecast.shownDown.upperBound + Self.slack)
        #expect(last >= forecast.shownDown.lowerBound - Self.slack)
        Summary.add(
            "forecast   link 0 cut: packets lost for \(forecast.packetsLost) ms forecast, by link 1 after "
                + "\(Int(lost.min() ?? 0))...\(Int(latest)) ms; shown as down after \(forecast.shownDown) ms forecast, "
                + "\(Int(first))...\(Int(last)) ms measured")
    }
}

/// What is forecast of cuts of link 0, in milliseconds.
private struct LinkCutFigures {
    let ringsBroken: Int
    let packetsLost: ClosedRange<Double>
    let shownDown: ClosedRange<Double>

    init(of lab: Laboratory) throws {
        let path = lab.folder + "/forecast.conf"
        try lab.configuration.text.write(toFile: path, atomically: true, encoding: .utf8)
        let result = try run(
            [
                ForecastCase.tool(), "simulate", "--config", path, "--hours", "0.01", "--deaths", "0", "--link-cuts",
                "40",
                "--format", "json",
            ], within: .seconds(120))
        guard result.succeeded,
            let root = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
            let cut = ((root["links"] as? [String: Any])?["one_cut"] as? [[String: Any]])?.first,
            let broken = cut["rings_broken"] as? Int, let lost = Self.range(cut["packets_lost_ms"]),
            let down = Self.range(cut["shown_down_ms"])
        else { throw LabError.unreadable("not a forecast of links: \(result.output) \(result.errors)") }
        (ringsBroken, packetsLost, shownDown) = (broken, lost, down)
    }

    private static func range(_ value: Any?) -> ClosedRange<Double>? {
        guard let figures = value as? [String: Any], let low = (figures["min"] as? NSNumber)?.doubleValue,
            let high = (figures["max"] as? NSNumber)?.doubleValue, low <= high
        else { return nil }
        return low...high
    }
}
