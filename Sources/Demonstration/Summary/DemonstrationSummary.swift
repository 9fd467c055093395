import ClusterConfiguration

/// What a demonstration has shown: measured beside computed.
public struct DemonstrationSummary: Sendable {
    /// One step from a node's death to the new ring.
    public struct Step: Sendable {
        public var name: String
        public var measured: Microseconds
        public var shortest: Microseconds
        public var longest: Microseconds
    }

    /// A link that was cut while another was there.
    public struct LinkCut: Sendable {
        /// Until it counted as down at all its ends.
        public internal(set) var fell = Microseconds.zero
        /// The longest time without the token, from the cut until the link carried again.
        public internal(set) var longestPause = Microseconds.zero
        /// Whether the ring is the same as before, with all its members.
        public internal(set) var keptRing = true
        /// Until it was up again at all its ends; nil when it has not come so far.
        public internal(set) var rose: Microseconds?
        public let shortestFall: Microseconds
        public let longestFall: Microseconds
        public let longestRise: Microseconds

        init(_ plan: LinkPlan) {
            shortestFall = plan.shortestFall
            longestFall = plan.longestFall
            longestRise = plan.longestRise
        }
    }

    public let nodes: Int
    /// Whether the packets travel over links.
    public let usesLinks: Bool
    /// How the packets of links are sealed, as in `aes256/sha256`; nil where they are not.
    public let sealing: String?
    /// Nil until a link was cut.
    public internal(set) var linkCut: LinkCut?
    public let port: UInt16
    /// Percent.
    public let loss: Double
    public let token: UInt32
    public let consensus: UInt32
    public let hold: UInt32
    public let origin: String
    public let victim: UInt32
    /// From the start until all nodes were in one ring.
    public internal(set) var formed = Microseconds.zero
    /// Between two tokens at rest; nil when there was none.
    public internal(set) var heartbeat: Spread?
    public let computedHeartbeat: Microseconds
    /// Between two tokens while messages keep it going.
    public internal(set) var motion: Spread?
    public let computedRotation: Microseconds
    public let shortestFailure: Microseconds
    public let longestFailure: Microseconds
    /// From the victim's start until it was in the ring; nil when it has not come so far.
    public internal(set) var returned: Microseconds?
    public let longestReturn: Microseconds
    /// Messages that a node delivered that was there all the time.
    public internal(set) var messages = 0
    /// Of what all delivered before the failure, after it, and after the return.
    public internal(set) var digests: [String] = []
    /// Nodes that left their ring though nobody had died.
    public internal(set) var surprises = 0
    /// Something took longer than computed.
    public internal(set) var wasLate = false
    public internal(set) var took = Microseconds.zero
    /// What did not happen as it must; empty when all is well.
    public internal(set) var failures: [String] = []

    var failure: [FailureWatch.Step] = []
    private let timeline: FailureTimeline

    init(plan: RingPlan, loss: Double, port: UInt16) {
        nodes = plan.nodes.count
        usesLinks = plan.links != nil
        sealing = plan.links?.suite?.description
        self.port = port
        self.loss = loss
        token = plan.timings.token
        consensus = plan.timings.consensus
        hold = plan.timings.hold
        origin = plan.origin
        victim = plan.victim.rawValue
        computedHeartbeat = plan.heartbeat.period
        computedRotation = plan.heartbeat.rotation
        shortestFailure = plan.failure.shortest
        longestFailure = plan.failure.longest
        longestReturn = plan.returning
        timeline = plan.failure
    }

    public var isSuccess: Bool { failures.isEmpty }

    /// The steps from the victim's death to the new ring; empty when that was not reached.
    public var steps: [Step] {
        failure.compactMap { step in
            timeline.steps.first { $0.kind == step.kind }.map {
                Step(name: step.kind.title, measured: step.lasted, shortest: $0.shortest, longest: $0.longest)
            }
        }
    }

    /// From the victim's death to the new ring; nil when that was not reached.
    public var failureTime: Microseconds? { failure.last?.over }
}
