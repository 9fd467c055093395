import Basics

/// Which members beat, and what this node's beats are marked with.
struct Beats: Sendable {
    private struct Entry: Sendable {
        let node: NodeID
        var heardAt: Instant
    }

    /// A member that has not beaten for so many beats counts as one that does not, but not before so many nanoseconds: it must
    /// be one that beats for as long as it takes to find out that it has ended.
    private static let patience: UInt64 = 4
    private static let leastPatience: UInt64 = 1_000_000_000

    /// Of the next beat.
    private var number: UInt32 = 0
    private var entries: [Entry] = []

    mutating func takeNumber() -> UInt32 {
        number &+= 1
        return number
    }

    mutating func heard(_ node: NodeID, now: Instant) {
        if let index = entries.firstIndex(where: { $0.node == node }) {
            entries[index].heardAt = now
        } else {
            entries.append(Entry(node: node, heardAt: now))
        }
    }

    /// Members that beat, as far as was heard lately.
    ///
    /// - Parameter beat: milliseconds between two of them.
    func beating(every beat: UInt32, now: Instant) -> [NodeID] {
        let patience = max(Self.patience * 1_000_000 * UInt64(beat), Self.leastPatience)
        return entries.filter { now.nanoseconds(since: $0.heardAt) <= patience }.map(\.node)
    }

    /// A ring is installed; those that did not come along are new, or new lives.
    mutating func install(companions: [NodeID]) { entries.removeAll { !companions.contains($0.node) } }
}
