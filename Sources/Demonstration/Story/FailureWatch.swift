import Basics
import ClusterConfiguration
import TotemWire

/// Follows the survivors of a dead node through the steps that `FailureTimeline` computes.
struct FailureWatch: Sendable {
    /// One step, done.
    struct Step: Sendable, Equatable {
        var kind: FailureTimeline.StepKind
        /// Consensus is measured on the node whose timer ran out first; it began when that node called.
        var lasted: Microseconds
        /// Since the death.
        var over: Microseconds
        /// The node that ended the step.
        var node: NodeID
    }

    private let death: Instant
    private let survivors: [NodeID]
    private(set) var steps: [Step] = []
    private var ended: Instant
    /// When each survivor last called for a new ring.
    private var called: [NodeID: Instant] = [:]
    private var recovering: [NodeID] = []
    private var operational: [NodeID] = []
    /// An attempt came to nothing: the times hold more than one.
    private(set) var attempts = 1

    private static let order: [FailureTimeline.StepKind] = [
        .silence, .gather, .consensus, .agreement, .commit, .recovery,
    ]

    init(death: Instant, survivors: [NodeID]) {
        self.death = death
        self.survivors = survivors
        ended = death
    }

    /// The step that is going on; nil when all are done.
    var current: FailureTimeline.StepKind? {
        steps.count < Self.order.count ? Self.order[steps.count] : nil
    }

    var began: Instant { ended }

    mutating func observe(_ event: NodeEvent, of node: NodeID, at now: Instant) {
        guard survivors.contains(node) else { return }
        switch event {
        case .tokenLost: complete(.silence, node, now)
        case .gather:
            // A join of somebody else's tells a node of the loss, too.
            complete(.silence, node, now)
            called[node] = now
            if called.count == survivors.count { complete(.gather, node, now) }
            beginAgain()
        case .consensusExpired:
            complete(.gather, node, now)
            complete(.consensus, node, now, since: called[node])
        case .commit: complete(.agreement, node, now)
        case .recovery:
            if !recovering.contains(node) { recovering.append(node) }
            if recovering.count == survivors.count { complete(.commit, node, now) }
        case .operational:
            if !operational.contains(node) { operational.append(node) }
            if operational.count == survivors.count { complete(.recovery, node, now) }
        case .tokenVisit, .synchronized, .group, .link: break
        }
    }

    /// The step is over if it is the one going on.
    private mutating func complete(
        _ kind: FailureTimeline.StepKind, _ node: NodeID, _ now: Instant, since began: Instant? = nil
    ) {
        guard current == kind else { return }
        steps.append(
            Step(
                kind: kind, lasted: Microseconds(now.nanoseconds(since: began ?? ended) / 1000),
                over: Microseconds(now.nanoseconds(since: death) / 1000), node: node))
        ended = now
    }

    /// Back in GATHER after the agreement: what was reached since does not count.
    private mutating func beginAgain() {
        guard steps.count > 3, current != nil else { return }
        steps.removeLast(steps.count - 3)
        recovering = []
        operational = []
        attempts += 1
        ended = death.adding(nanoseconds: (steps.last?.over.count ?? 0) * 1000)
    }
}
