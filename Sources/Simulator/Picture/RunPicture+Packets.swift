import TotemWire

/// Packets on their way from lane to lane.
extension RunPicture {
    /// More lines of one kind make a picture no clearer.
    private static let linesOfAKind = 1500

    mutating func drawPackets() {
        let shown = recording.hops.filter { window.contains($0.sent) }
        drawActivity(shown)
        // The frequent ones first, so that the telling ones lie on top.
        for type in [PacketType.mcast, .orfToken, .holdCancel, .mergeDetect, .join, .commitToken] {
            draw(shown.filter { $0.type == type && $0.arrived != nil }, of: type)
        }
        let lost = shown.filter { $0.arrived == nil }
        let step = max(lost.count / Self.linesOfAKind, 1)
        for index in stride(from: 0, to: lost.count, by: step) { drawLost(lost[index]) }
        if step > 1 { remarks.append("Of \(lost.count) lost packets one in \(step) is drawn.") }
        if recording.forgotten > 0 { remarks.append("\(recording.forgotten) packets at the end were not recorded.") }
    }

    private mutating func draw(_ hops: [Recording.Hop], of type: PacketType) {
        guard hops.count > Self.linesOfAKind else {
            for hop in hops { draw(hop) }
            return
        }
        let isFrequent = type == .orfToken || type == .mcast
        let what = "\(hops.count) packets of type \(type.logName)"
        if isFrequent {
            remarks.append("\(what) are shown only as traffic under the lanes; --from and --to zoom in.")
        } else {
            let step = hops.count / Self.linesOfAKind + 1
            for index in stride(from: 0, to: hops.count, by: step) { draw(hops[index]) }
            remarks.append("Of \(what) one in \(step) is drawn; --from and --to zoom in.")
        }
    }

    private mutating func draw(_ hop: Recording.Hop) {
        guard let arrived = hop.arrived else { return }
        let style = hop.isRecovery ? "recovered" : "\(hop.type)"
        svg.line(x(hop.sent), edge(hop.from, towards: hop.to), x(arrived), edge(hop.to, towards: hop.from), style)
    }

    /// A third of the way, and there a cross.
    private mutating func drawLost(_ hop: Recording.Hop) {
        let start = edge(hop.from, towards: hop.to)
        let end = start + (edge(hop.to, towards: hop.from) - start) * 0.3
        let step = 600 * Double(scenario.network.usualDelay)
        let place = x(hop.sent + UInt64(step > 0 ? step : 0))
        svg.line(x(hop.sent), start, place, end, "lost")
        svg.cross(place, end, size: 2.5, "lost")
    }

    /// The side of a node's band that faces another's.
    private func edge(_ node: Int, towards other: Int) -> Double {
        axis(node) + (other > node ? band / 2 : -band / 2)
    }

    /// How much each node sent, as a strip below its band.
    private mutating func drawActivity(_ hops: [Recording.Hop]) {
        let bins = 340
        let binWidth = (Self.width - left - Self.right) / Double(bins)
        var counts = [Int](repeating: 0, count: bins * scenario.nodes.count)
        let span = window.upperBound - window.lowerBound
        for hop in hops {
            let bin = min(Int(Double(hop.sent - window.lowerBound) / Double(span) * Double(bins)), bins - 1)
            counts[hop.from * bins + bin] += 1
        }
        let most = max(counts.max() ?? 0, 1)
        let height = min(lane * 0.2, 12)
        for node in scenario.nodes.indices {
            let floor = y(node) + lane - 2
            var bin = 0
            while bin < bins {
                let count = counts[node * bins + bin]
                var end = bin + 1
                while end < bins, counts[node * bins + end] == count { end += 1 }
                if count > 0 {
                    let tall = max(height * Double(count) / Double(most), 0.8)
                    svg.rectangle(
                        left + Double(bin) * binWidth, floor - tall, Double(end - bin) * binWidth, tall, "activity"
                    )
                }
                bin = end
            }
        }
    }
}
