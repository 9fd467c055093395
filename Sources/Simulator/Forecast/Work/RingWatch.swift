import Basics
import Totem
import TotemWire

/// Follows, through what the nodes of a simulation reported, whether they all are in one ring.
struct RingWatch {
    /// A time in which they were not, though nobody had died.
    struct Break: Sendable, Equatable {
        /// Nanoseconds.
        var start: UInt64
        /// Nil when it had not ended with the simulation.
        var end: UInt64?
        /// Some node was put out of a ring, or found itself in one without others.
        var excluded: Bool
    }

    private enum Step {
        case phase(PhaseChange)
        case installation(InstalledRing)

        var time: UInt64 {
            switch self {
            case .phase(let change): change.time
            case .installation(let installation): installation.time
            }
        }
    }

    private let steps: [Step]
    private let nodes: Int
    private var operational: [Bool]
    private var rings: [RingID?]
    private var members: [[NodeID]]

    init<Guarantee>(_ outcome: RunOutcome<Guarantee>, nodes: Int) {
        self.nodes = nodes
        operational = Array(repeating: false, count: nodes)
        rings = Array(repeating: nil, count: nodes)
        members = Array(repeating: [], count: nodes)
        // At one instant the installation comes first: a node that has left its ring again is not in it.
        var steps: [Step] = []
        steps.reserveCapacity(outcome.phases.count + outcome.installations.count)
        var next = outcome.phases.startIndex
        for installation in outcome.installations {
            while next < outcome.phases.endIndex, outcome.phases[next].time < installation.time {
                steps.append(.phase(outcome.phases[next]))
                next += 1
            }
            steps.append(.installation(installation))
        }
        steps += outcome.phases[next...].map { .phase($0) }
        self.steps = steps
    }

    private mutating func take(_ step: Step) {
        switch step {
        case .phase(let change):
            operational[change.node] = change.phase == .operational
        case .installation(let installation):
            let node = Int(clamping: installation.node.rawValue) - 1
            guard rings.indices.contains(node) else { return }
            rings[node] = installation.ring
            members[node] = installation.members
        }
    }

    /// All nodes but `missing` are in one ring of exactly themselves.
    private func isOne(without missing: Int? = nil) -> Bool {
        let expected = missing == nil ? nodes : nodes - 1
        var ring: RingID?
        for node in 0..<nodes where node != missing {
            guard operational[node], members[node].count == expected, let own = rings[node] else { return false }
            if let missing, members[node].contains(NodeID(UInt32(clamping: missing + 1))) { return false }
            if ring == nil { ring = own }
            guard ring == own else { return false }
        }
        return true
    }

    /// Every time within the window in which the ring of all was broken. What goes on when it opens does not count.
    mutating func breaks(in window: Range<UInt64>) -> [Break] {
        var found: [Break] = []
        var open: Break?
        var wasOne = false
        for step in steps {
            take(step)
            if case .installation(let installation) = step, installation.members.count < nodes {
                open?.excluded = true
            }
            let isOne = isOne()
            if isOne, var ended = open {
                ended.end = step.time
                found.append(ended)
                open = nil
            } else if wasOne, !isOne, open == nil, window.contains(step.time) {
                open = Break(start: step.time, end: nil, excluded: false)
            }
            wasOne = isOne
        }
        if let open { found.append(open) }
        return found
    }

    /// Nanoseconds from each death until all others were in one ring without the dead; nil for those that took longer
    /// than they had. Deaths that met a ring that was broken anyway are left out.
    mutating func failovers(_ deaths: [ForecastPlan.Death]) -> [(node: Int, time: UInt64?)] {
        var found: [(node: Int, time: UInt64?)] = []
        var index = 0
        for death in deaths {
            while index < steps.count, steps[index].time <= death.time {
                take(steps[index])
                index += 1
            }
            guard isOne() else { continue }
            operational[death.node] = false
            var formed: UInt64?
            while index < steps.count, steps[index].time < death.restart, formed == nil {
                take(steps[index])
                if isOne(without: death.node) { formed = steps[index].time }
                index += 1
            }
            found.append((death.node, formed.map { $0 - death.time }))
        }
        return found
    }
}
