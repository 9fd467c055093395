import Basics
import TotemWire

/// For how long nodes are quorate in a ring that others have left without them: until they have missed the token, or know
/// in some other way that they are cut off.
///
/// A node that stands still tells its programs nothing, so its time does not count.
struct StaleQuorum: Sendable {
    /// Nanoseconds; nil while no other node is quorate in a later ring without this one.
    private var since: [UInt64?]
    private var isPaused: [Bool]
    /// The longest time so far, in nanoseconds.
    private(set) var longest: UInt64 = 0

    init(nodes: Int) {
        since = Array(repeating: nil, count: nodes)
        isPaused = Array(repeating: false, count: nodes)
    }

    /// Somebody has told of quorum, or ended, or been ended.
    ///
    /// - Returns: a node whose time is longer than `bound`, in nanoseconds, and that time.
    mutating func look(
        at decisions: [QuorumRecords.Decision?], _ ids: [NodeID], now: UInt64, bound: UInt64
    ) -> (node: Int, time: UInt64)? {
        var late: (node: Int, time: UInt64)?
        for node in decisions.indices {
            if let start = since[node] {
                let time = now - start
                longest = max(longest, time)
                if time > bound { late = (node, time) }
            }
            let isStale = !isPaused[node] && Self.isStale(node, decisions, ids)
            since[node] = isStale ? since[node] ?? now : nil
        }
        return late
    }

    mutating func paused(_ node: Int) {
        isPaused[node] = true
        since[node] = nil
    }

    mutating func resumed(_ node: Int) { isPaused[node] = false }

    private static func isStale(_ node: Int, _ decisions: [QuorumRecords.Decision?], _ ids: [NodeID]) -> Bool {
        guard let own = decisions[node], own.isQuorate else { return false }
        return decisions.indices.contains { other in
            guard other != node, let later = decisions[other], later.isQuorate else { return false }
            return later.ring.sequence > own.ring.sequence && own.members.contains(ids[other])
                && !later.members.contains(ids[node])
        }
    }
}
