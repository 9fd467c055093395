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
    /// What `rondo timing` computes for the link that is cut.
    private let failure: LinkFailure

    init?(_ report: TimingReport, suite: SealSuite?, clearBecause: String?) {
        guard let failure = report.links.first(where: { $0.link.number == Int(Self.cut) }) else { return nil }
        self.failure = failure
        self.suite = suite
        self.clearBecause = clearBecause
    }

    /// Where a link's socket of a node is; its port is that of link 0 and the link's number.
    static func address(of node: NodeID, _ link: UInt8) -> String { "127.0.\(link).\(node)" }

    /// From a cut until the link counts as down: the last pong came up to one interval before the cut, and the timeout is
    /// counted from it (docs/decisions/links.md).
    var shortestFall: Microseconds { failure.down - .milliseconds(failure.link.pingInterval) }

    var longestFall: Microseconds { failure.down }

    /// Until a link that carries again is up at both ends.
    var longestRise: Microseconds { failure.up }
}
