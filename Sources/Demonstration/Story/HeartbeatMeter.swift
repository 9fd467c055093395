import Basics
import TotemWire

/// Measures how often the token passes: at rest, when the representative holds it, and when messages keep it going.
struct HeartbeatMeter: Sendable {
    private struct Visitor: Sendable {
        var last: Instant?
        /// Visits since the ring was left in peace.
        var visits: UInt64 = 0
        /// The last two visits' distance, whatever the ring was doing.
        var interval: UInt64?
    }

    private var visitors: [NodeID: Visitor] = [:]
    private var isResting = false
    /// Rotations without a message before the token is held; what passes until then is no heartbeat.
    private let rotationsBeforeHold: UInt64
    /// In nanoseconds; a shorter interval is one in which the token was not held.
    private let half: UInt64
    private(set) var rest = Samples()
    private(set) var motion = Samples()

    init(rotationsBeforeHold: UInt64, holdMilliseconds: UInt32) {
        self.rotationsBeforeHold = rotationsBeforeHold
        half = UInt64(holdMilliseconds) * 500_000
    }

    /// Nobody sends anything from now on.
    mutating func beginRest() {
        isResting = true
        for id in visitors.keys { visitors[id] = Visitor() }
    }

    mutating func endRest() { isResting = false }

    /// The ring of this node is another one: the time since its last token says nothing.
    mutating func forget(_ node: NodeID) { visitors[node] = Visitor() }

    mutating func visit(_ node: NodeID, at now: Instant) {
        var visitor = visitors[node, default: Visitor()]
        visitor.visits += 1
        if let last = visitor.last {
            let interval = now.nanoseconds(since: last)
            visitor.interval = interval
            if isResting {
                if visitor.visits > rotationsBeforeHold + 2 { rest.add(interval) }
            } else if interval < half {
                motion.add(interval)
            }
        }
        visitor.last = now
        visitors[node] = visitor
    }

    /// The distance of the last two visits in nanoseconds.
    func interval(_ node: NodeID) -> UInt64? { visitors[node]?.interval }
}
