import Basics
import TotemWire

/// How a node stands with `last_man_standing`: what it counts in its ring, and when it will expect no more than that.
struct VoteStanding: Sendable {
    var ring: RingID
    /// The ring before, when the node came straight from there.
    var previous: RingID?
    var members: [NodeID]
    var expected: UInt32
    var threshold: UInt32
    var isQuorate: Bool
    /// The end of the window on the node's clock, in nanoseconds.
    var deadline: UInt64?
    /// Whether the deadline is what it must be. It is not after a change of ring that came about the window's end, or
    /// within a synchronisation.
    var isKnown = true

    /// The window ends: a quorate node expects as many votes as there are members (spec: services.md 6.8).
    mutating func windowEnds() {
        deadline = nil
        guard isQuorate else { return }
        expected = UInt32(clamping: members.count)
        threshold = expected / 2 + 1
    }

    var counts: String { "\(expected) expected votes, a threshold of \(threshold), \(isQuorate ? "" : "not ")quorate" }
}

/// A ring that a node has entered.
struct FormedRing: Sendable {
    let ring: RingID
    let members: [NodeID]
    /// On the node's clock, in nanoseconds.
    let at: UInt64
    /// How many it has entered since the last synchronisation that came to its end.
    var count: Int
    /// Whether somebody has left in one of them.
    var someLeft: Bool
}
