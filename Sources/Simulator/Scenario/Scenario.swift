import Basics
import Totem
import TotemWire

/// Everything that happens to a simulated cluster from outside: who is there, over which network, who sends what, and
/// what goes wrong when. One scenario has one course of events.
package struct Scenario: Course {
    /// Seed of everything left to chance: delays, losses, contents. The whole scenario when it was drawn from it.
    package var seed: UInt64
    /// Ascending.
    package var nodes: [NodeID]
    package var parameters: RingParameters
    package var network: NetworkConditions
    /// Microseconds for which a node lets datagrams collect before it reads them all and then answers, as a daemon
    /// under load does; 0 when it reads each at once.
    package var readingPause: UInt64 = 0
    /// How each node's clock runs; nodes without one have the true time.
    package var clocks: [NodeClock] = []
    /// Percent of `parameters`' timeouts that each node has in its own configuration; 100 for nodes without one.
    package var timeoutPercents: [UInt32] = []
    /// Microseconds that each node is busy with a datagram or a timer, while what comes waits; 0 for nodes without one.
    package var callTimes: [UInt64] = []
    /// When each node starts, in nanoseconds.
    package var starts: [UInt64]
    package var workload: Workload
    package var faults: [PlannedFault] = []
    /// Milliseconds after which faults and senders stop and the cluster has to come to rest.
    package var calmAt: UInt64
    /// Nodes that are started again when calm sets in, should they be down by then.
    package var comesBack: [Bool]
    /// Which of them have lost their ring id file by then. Before, a lost file could give the id of a ring to another
    /// one in a part of the network that knows nothing of the first, which no protocol can help.
    package var losesDisk: [Bool]
    /// Rounds of synchronisation after each configuration change.
    package var synchronizationRounds = 1
    /// Bytes that each node sends of its state before the first round; 0 for none.
    package var synchronizedState = 0
    /// Somebody who is not in the nodelist sends forged and malformed packets.
    package var hasStranger = false

    package static var layer: SimulatedLayer { .ring }

    package init(
        seed: UInt64, nodes: [NodeID], parameters: RingParameters, network: NetworkConditions = NetworkConditions(),
        workload: Workload = Workload(), calmAt: UInt64
    ) {
        self.seed = seed
        self.nodes = nodes
        self.parameters = parameters
        self.network = network
        starts = Array(repeating: 0, count: nodes.count)
        self.workload = workload
        self.calmAt = calmAt
        comesBack = Array(repeating: true, count: nodes.count)
        losesDisk = Array(repeating: false, count: nodes.count)
    }

    func clock(of node: Int) -> NodeClock { clocks.indices.contains(node) ? clocks[node] : .exact }

    func callTime(of node: Int) -> UInt64 { callTimes.indices.contains(node) ? callTimes[node] : 0 }

    func timeoutPercent(of node: Int) -> UInt32 {
        timeoutPercents.indices.contains(node) ? timeoutPercents[node] : 100
    }

    /// What a node's own configuration says.
    package func parameters(of node: Int) -> RingParameters {
        let percent = timeoutPercent(of: node)
        return percent == 100 ? parameters : parameters.scaled(percent: percent)
    }
}

/// What the network does to datagrams.
package struct NetworkConditions: Sendable, Equatable {
    /// Microseconds that every datagram takes at least.
    package var delay: UInt64 = 100
    /// Microseconds by which they differ at most.
    package var jitter: UInt64 = 50
    /// When given, how long datagrams take, in place of `delay` and `jitter`.
    package var spread: DurationDistribution?
    /// Nanoseconds that a token takes longer than other datagrams: its sender's turn, from the token's arrival until it
    /// has read, sent and let the token go.
    package var turn: UInt64 = 0
    /// How many of a million are held up by up to `slowness` microseconds more.
    package var slowPerMillion: UInt32 = 0
    package var slowness: UInt64 = 0
    package var lossPerMillion: UInt32 = 0
    package var duplicatePerMillion: UInt32 = 0
    /// How many of a million arrive with one bit turned over, as if no checksum protected them. What a ring then
    /// delivers is anybody's guess; it is only asked to live on, and to be one ring again afterwards.
    package var flipPerMillion: UInt32 = 0
    /// Between two nodes no datagram overtakes another.
    package var keepsOrder = true

    package init() {}

    /// Microseconds after which a datagram has arrived, unless it is held up.
    package var usualDelay: UInt64 { spread.map { $0.p99 / 1000 } ?? delay + jitter }

    /// Microseconds after which a token has been passed on and has arrived.
    package var usualHop: UInt64 { usualDelay + (turn + 999) / 1000 }
}

/// Who sends how much, and of what size.
package struct Workload: Sendable, Equatable {
    package enum Pace: Sendable, Equatable {
        case silent
        /// One message every so many microseconds, on average.
        case steady(microseconds: UInt64)
        /// So many messages at once, every so many microseconds.
        case bursts(count: Int, microseconds: UInt64)
        /// As many as the queue takes.
        case saturating
    }

    package enum Sizes: Sendable, Equatable {
        /// Up to 100 bytes: many share a frame.
        case small
        /// About the size of a frame, where cutting begins.
        case frames
        /// Several frames.
        case large
        /// Of everything something, rarely a megabyte.
        case mixed
        /// All of so many bytes.
        case exactly(Int)
    }

    /// One per node; nodes without one are silent.
    package var paces: [Pace] = []
    package var sizes: Sizes = .small
    /// Bytes that all nodes together send at most.
    package var budget = 1 << 20
    /// Nanoseconds after its start for which a node sends nothing.
    package var delay: UInt64 = 0

    package init() {}
}
