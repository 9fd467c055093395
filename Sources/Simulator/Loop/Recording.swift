import Basics
import TotemWire

/// What a picture needs to know of a run beyond its outcome: who sent what to whom, and what went wrong when.
package struct Recording: Sendable {
    /// One copy of a datagram on its way.
    package struct Hop: Sendable {
        package var type: PacketType
        package var isRecovery: Bool
        /// Places in the scenario.
        package var from: Int
        package var to: Int
        /// Nanoseconds.
        package var sent: UInt64
        /// Nil when it was lost.
        package var arrived: UInt64?
    }

    package enum Turn: Sendable, Equatable {
        case started, stopped, left, paused, resumed
    }

    package struct Life: Sendable {
        package var time: UInt64
        package var node: Int
        package var turn: Turn
    }

    package struct Strike: Sendable {
        package var time: UInt64
        /// What happened.
        package var words: String
        /// The group of each node, of a partition.
        package var groups: [UInt8]?
    }

    /// Nanoseconds between which packets are recorded.
    package let window: Range<UInt64>
    package private(set) var hops: [Hop] = []
    /// Hops that were not kept, because there were too many.
    package private(set) var forgotten = 0
    /// Messages that applications got, by the node they are on.
    package private(set) var deliveries: [(time: UInt64, node: Int)] = []
    package private(set) var lives: [Life] = []
    package private(set) var strikes: [Strike] = []

    /// The memory a recording takes at most is a few dozen bytes for each of these.
    private static let hopLimit = 2_000_000

    package init(window: Range<UInt64>) { self.window = window }

    mutating func noteDelivery(to node: Int, at time: UInt64) {
        if window.contains(time), deliveries.count < Self.hopLimit { deliveries.append((time, node)) }
    }

    mutating func note(_ turn: Turn, of node: Int, at time: UInt64) {
        // Who has said goodbye stops, too.
        if turn == .stopped, let last = lives.last, last.node == node, last.turn == .left { return }
        lives.append(Life(time: time, node: node, turn: turn))
    }

    mutating func note<Own>(_ fault: LayerFault<Own>, of ids: [NodeID], at time: UInt64) {
        let groups: [UInt8]? = if case .partition(let groups) = fault { groups } else { nil }
        strikes.append(Strike(time: time, words: fault.words(ids), groups: groups))
    }

    mutating func note(_ bytes: Span<UInt8>, from: Int, to: Int, sent: UInt64, arrived: UInt64?) {
        guard window.contains(sent), bytes.count > 4, let type = PacketType(rawValue: bytes[3]) else { return }
        guard hops.count < Self.hopLimit else {
            forgotten += 1
            return
        }
        hops.append(
            Hop(
                type: type, isRecovery: type == .mcast && bytes[4] == Encapsulation.recovery, from: from, to: to,
                sent: sent, arrived: arrived))
    }
}
