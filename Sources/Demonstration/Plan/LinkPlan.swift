import Basics
import ClusterConfiguration
import TotemWire

/// The two knet links of a ring that has them, and what is computed for them.
struct LinkPlan: Sendable {
    /// The one that is cut; the other takes over.
    static let cut: UInt8 = 0
    static let numbers: [UInt8] = [0, 1]

    /// How the ring's packets are sealed; nil for a clear ring.
    let suite: SealSuite?
    /// Why they are not, where they were to be.
    let clearBecause: String?
    private let timing: TotemTimings.Link

    init?(_ timings: TotemTimings, suite: SealSuite?, clearBecause: String?) {
        guard let timing = timings.links.first(where: { $0.number == Int(Self.cut) }) else { return nil }
        self.timing = timing
        self.suite = suite
        self.clearBecause = clearBecause
    }

    /// Where a link's socket of a node is; its port is that of link 0 and the link's number.
    static func address(of node: NodeID, _ link: UInt8) -> String { "127.0.\(link).\(node)" }

    /// From a cut until the link counts as down: the last pong came up to one interval before the cut, and the timeout is
    /// counted from it (docs/decisions/links.md).
    var shortestFall: Microseconds {
        .milliseconds(timing.pingTimeout > timing.pingInterval ? timing.pingTimeout - timing.pingInterval : 0)
    }

    var longestFall: Microseconds { .milliseconds(timing.pingTimeout) }

    /// Until a link that carries again is up at both ends: so many pongs and one, and up to an interval until the first.
    var longestRise: Microseconds { .milliseconds(timing.pingInterval) * (UInt64(timing.pongCount) + 1) }
}
