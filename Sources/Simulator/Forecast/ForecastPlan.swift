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
    /// Whole machines stand still, so that nothing of them answers.
    package var freezes: Pauses?
    /// Milliseconds of beats and silence that are in force, also in rings that are simulated without; 0 for none.
    package var silences: (beat: UInt32, silence: UInt32) = (0, 0)
    /// What carries the ring's packets; nil for another transport than knet.
    package var links: ForecastLinks?
    /// Nanoseconds of the idle ring to simulate.
    package var span: UInt64
    /// How many deaths of machines to simulate.
    package var failovers = 500

    /// How many where nobody says: the beats of many nodes are much work, and their failovers much alike.
    package var usualFailovers: Int { parameters.beat > 0 ? max(500 / max(nodes * nodes / 16, 1), 30) : 500 }

    /// In larger rings the beats of all to all would be most of the work; they are forecast as if nobody beat.
    package static let mostBeating = 32
    /// Deaths of processes are all alike.
    private static let mostProcesses = 100
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

    /// What ends when a node dies.
    package enum Ending: Sendable, Equatable {
        /// The machine, or its network: nobody hears anything of it any more.
        case machine
        /// The process alone, whose machine refuses what comes for it.
        case process
    }

    package enum Task: Sendable, Equatable {
        /// An idle ring for so many nanoseconds.
        case rest(number: Int, span: UInt64)
        /// So many deaths, one after the other.
        case deaths(Ending, number: Int, count: Int)
        /// Every node sends as much as it can.
        case load
        /// Links are cut so often, one time after the other.
        case cuts(LinkLoss, number: Int, count: Int)

        /// Simulated nanoseconds, about: for a bar of progress.
        package func weight(in plan: ForecastPlan) -> UInt64 {
            switch self {
            case .rest(_, let span): span
            case .deaths(_, _, let count): saturatingProduct(UInt64(count) * 1_000_000, plan.deathCycle)
            case .load: saturatingProduct(100, plan.beat)
            case .cuts(let loss, _, let count): saturatingProduct(UInt64(count) * 1_000_000, plan.cutCycle(loss))
            }
        }
    }

    /// Everything to be done; the longest first.
    package var tasks: [Task] {
        var tasks: [Task] = nodes > 1 ? [.load] + cutTasks : []
        if nodes > 1 {
            tasks += deathTasks(.machine, failovers)
            // Nothing else tells of a process than of its machine where nodes do not beat.
            if parameters.beat > 0 { tasks += deathTasks(.process, min(failovers, Self.mostProcesses)) }
        }
        var rest = span
        var number = 0
        while rest > 0 {
            let stretch = min(rest, stretchLimit)
            tasks.append(.rest(number: number, span: stretch))
            rest -= stretch
            number += 1
        }
        return tasks
    }

    /// Deaths of either kind that are simulated.
    package var deathCount: Int { failovers + (parameters.beat > 0 ? min(failovers, Self.mostProcesses) : 0) }

    private func deathTasks(_ ending: Ending, _ count: Int) -> [Task] {
        stride(from: 0, to: count, by: 50).enumerated().map { number, done in
            .deaths(ending, number: number, count: min(count - done, 50))
        }
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
        // Nodes give a machine that stands still more time for a day: each stretch would begin that anew.
        if freezes != nil { return 86_400_000_000_000 }
        let events = UInt64(nodes * 4 + 8) + memberBeats
        let beats: UInt64 = 1_000_000 / events
        return min(max(saturatingProduct(beats, beat), 60_000_000_000), 3_600_000_000_000)
    }

    /// Whether the idle ring is simulated with beats. Without machines that stand still, and with few losses, nothing follows
    /// from them while nobody has died: a machine that runs answers.
    var restsWithBeats: Bool { parameters.beat > 0 && (freezes != nil || network.lossPerMillion >= 100_000) }

    /// Events of the beats that all members send each other in one beat of the idle ring.
    private var memberBeats: UInt64 {
        guard restsWithBeats else { return 0 }
        return saturatingProduct(UInt64(nodes * (nodes - 1) * 3), beat / 1_000_000) / UInt64(parameters.beat)
    }
}

/// The product, or the greatest number there is.
private func saturatingProduct(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
}
