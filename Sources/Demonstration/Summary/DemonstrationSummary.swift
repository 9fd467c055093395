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

    public let nodes: Int
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
