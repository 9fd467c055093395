import Totem
import TotemWire

/// What became of the tokens of a recorded run.
struct TokenHistory {
    private struct Passage {
        var time: UInt64
        var node: Int
    }

    private struct Sending: Hashable {
        var time: UInt64
        var from: Int
        var to: Int
    }

    /// Copies for several links are one.
    let sent: Int
    /// In order.
    private let losses: [UInt64]
    private let arrivals: [Passage]
    private let breaks: [UInt64]

    init<Guarantee>(_ outcome: RunOutcome<Guarantee>) {
        var arrived: [Sending: Bool] = [:]
        var arrivals: [Passage] = []
        for hop in outcome.recording?.hops ?? [] where hop.type == .orfToken {
            // By several links at once.
            let sending = Sending(time: hop.sent, from: hop.from, to: hop.to)
            arrived[sending] = arrived[sending] ?? false || hop.arrived != nil
            if let time = hop.arrived { arrivals.append(Passage(time: time, node: hop.to)) }
        }
        sent = arrived.count
        losses = arrived.filter { !$0.value }.map(\.key.time).sorted()
        self.arrivals = arrivals.sorted { $0.time < $1.time }
        breaks = outcome.phases.filter { $0.phase == .gather }.map(\.time)
    }

    func lost(in span: Range<UInt64>) -> Int { losses.count { span.contains($0) } }

    /// Whether a node gave its ring up.
    func isBroken(in span: Range<UInt64>) -> Bool { breaks.contains { span.contains($0) } }

    /// The longest time that passed at a node from one token to the next, if the second came within the span; nil when none
    /// came to any.
    func longestWait(in span: Range<UInt64>) -> UInt64? {
        var last: [Int: UInt64] = [:]
        var longest: UInt64?
        for arrival in arrivals {
            if arrival.time >= span.upperBound { break }
            defer { last[arrival.node] = arrival.time }
            guard span.contains(arrival.time), let before = last[arrival.node] else { continue }
            longest = max(longest ?? 0, arrival.time - before)
        }
        return longest
    }
}
