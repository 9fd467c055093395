import Totem
import TotemWire

/// What an administrator asks of a ring: its timings, its network, how often its nodes stand still, and how long to
/// look.
///
/// The work is cut into tasks that know nothing of each other, so that they run on all processors; what each does
/// depends on the plan and its seed alone.
package struct ForecastPlan: Sendable {
    /// Pauses of every node, each on its own.
    package struct Pauses: Sendable, Equatable {
        package var length: DurationDistribution
        /// Nanoseconds from one pause of a node to its next, on average; when they come is left to chance.
        package var every: UInt64

        package init(length: DurationDistribution, every: UInt64) {
            self.length = length
            self.every = max(every, 1_000_000)
        }
    }

    package var nodes: Int
    package var parameters: RingParameters
    package var network: NetworkConditions
    package var pauses: Pauses?
    /// What carries the ring's packets; nil for another transport than knet.
    package var links: ForecastLinks?
    /// Nanoseconds of the idle ring to simulate.
    package var span: UInt64
    /// How many deaths to simulate.
    package var failovers = 500
    /// Bytes of each message at full load.
    package var messageSize = 1024
    package var seed: UInt64

    package init(
        nodes: Int, parameters: RingParameters, network: NetworkConditions, pauses: Pauses? = nil, span: UInt64,
        seed: UInt64
    ) {
        self.nodes = min(max(nodes, 1), TotemLimits.processorCount)
        self.parameters = parameters
        self.network = network
        self.pauses = pauses
        self.span = span
        self.seed = seed
    }

    /// Nanoseconds that a datagram takes on average.
    package var delay: UInt64 { network.spread?.mean ?? (network.delay * 1000 + network.jitter * 500) }

    /// Nanoseconds from one node's getting the token to the next one's, on average.
    package var hop: UInt64 { delay + network.turn }

    /// Nanoseconds of one rotation of the token that nobody holds.
    package var rotation: UInt64 { hop * UInt64(nodes) }

    /// Nanoseconds from beat to beat of the idle ring.
    package var beat: UInt64 { UInt64(parameters.hold) * 1_000_000 + rotation }

    /// The token needs more than half of its timeout for one rotation even when all is well: such a ring cannot rest.
    package var isBeyondProtocol: Bool {
        network.usualHop * UInt64(nodes) * 2 > UInt64(parameters.token) * 1000
    }

    package enum Task: Sendable, Equatable {
        /// An idle ring for so many nanoseconds.
        case rest(number: Int, span: UInt64)
        /// So many deaths, one after the other.
        case deaths(number: Int, count: Int)
        /// Every node sends as much as it can.
        case load
        /// Links are cut so often, one time after the other.
        case cuts(LinkLoss, number: Int, count: Int)

        /// Simulated nanoseconds, about: for a bar of progress.
        package func weight(in plan: ForecastPlan) -> UInt64 {
            switch self {
            case .rest(_, let span): span
            case .deaths(_, let count): saturatingProduct(UInt64(count) * 1_000_000, plan.deathCycle)
            case .load: saturatingProduct(100, plan.beat)
            case .cuts(let loss, _, let count): saturatingProduct(UInt64(count) * 1_000_000, plan.cutCycle(loss))
            }
        }
    }

    /// Everything to be done; the longest first.
    package var tasks: [Task] {
        var tasks: [Task] = nodes > 1 ? [.load] + cutTasks : []
        var left = nodes > 1 ? failovers : 0
        var number = 0
        while left > 0 {
            let count = min(left, 50)
            tasks.append(.deaths(number: number, count: count))
            left -= count
            number += 1
        }
        var rest = span
        number = 0
        while rest > 0 {
            let stretch = min(rest, stretchLimit)
            tasks.append(.rest(number: number, span: stretch))
            rest -= stretch
            number += 1
        }
        return tasks
    }

    /// One link alone has none that could stand in for it.
    private var cutTasks: [Task] {
        guard let links else { return [] }
        let losses = (links.links.count > 1 ? links.links.indices.map { LinkLoss.link($0) } : []) + [.node]
        return losses.flatMap { loss in
            stride(from: 0, to: links.cuts, by: 5).enumerated().map { number, done in
                .cuts(loss, number: number, count: min(links.cuts - done, 5))
            }
        }
    }

    /// Simulated nanoseconds of all of them, about.
    package func weight(of tasks: [Task]) -> UInt64 {
        tasks.reduce(0) { sum, task in
            let (more, overflow) = sum.addingReportingOverflow(task.weight(in: self))
            return overflow ? .max : more
        }
    }

    /// A stretch ends before the simulation takes its many events for a fault of the ring.
    private var stretchLimit: UInt64 {
        let beats: UInt64 = 1_000_000 / UInt64(nodes * 4 + 8)
        return min(max(saturatingProduct(beats, beat), 60_000_000_000), 3_600_000_000_000)
    }
}

/// The product, or the greatest number there is.
private func saturatingProduct(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
}
