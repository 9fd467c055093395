import Basics
import ClusterConfiguration
import TotemWire

/// Follows one link of all nodes from a cut until no path of it is up, or from its repair until all are.
struct LinkWatch: Sendable {
    private struct Path: Hashable, Sendable {
        var from: NodeID
        var to: NodeID
    }

    private let number: UInt8
    private let waitsForUp: Bool
    private let began: Instant
    private var waiting: Set<Path>
    private(set) var took = Microseconds.zero

    init(_ number: UInt8, waitsForUp: Bool, nodes: [NodeID], began: Instant) {
        self.number = number
        self.waitsForUp = waitsForUp
        self.began = began
        waiting = []
        for from in nodes {
            for to in nodes where to != from { waiting.insert(Path(from: from, to: to)) }
        }
    }

    /// All paths are as they are waited for.
    var isDone: Bool { waiting.isEmpty }

    mutating func observe(_ link: UInt8, from: NodeID, to: NodeID, isUp: Bool, at now: Instant) {
        guard link == number else { return }
        if isUp != waitsForUp {
            waiting.insert(Path(from: from, to: to))
        } else if waiting.remove(Path(from: from, to: to)) != nil, waiting.isEmpty {
            took = Microseconds(now.nanoseconds(since: began) / 1000)
        }
    }
}
