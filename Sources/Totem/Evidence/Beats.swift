import Basics
import TotemWire

/// Which members beat, what they say of themselves in their beats, and what this node's beats are marked with.
struct Beats: Sendable {
    /// What a member has said of itself in its last beat.
    struct Account: Sendable {
        var heardAt: Instant
        /// Milliseconds after which it gives its ring up if it hears nobody; 0: it has promised nothing.
        var promise: UInt32 = 0
        /// Milliseconds for which it has stood still, at the longest of the last day.
        var standstill: UInt32 = 0
        /// Milliseconds between two beats, 0 if it has not said so.
        var interval: UInt32 = 0
        /// It was standing still: what it misses says nothing.
        var wasStandingStill = false
    }

    private struct Entry: Sendable {
        let node: NodeID
        var account: Account
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

    mutating func heard(_ beat: Beat, now: Instant) {
        let account = Account(
            heardAt: now, promise: beat.promise, standstill: beat.longestStandstill, interval: UInt32(beat.interval),
            wasStandingStill: beat.wasStandingStill)
        if let index = entries.firstIndex(where: { $0.node == beat.header.nodeID }) {
            entries[index].account = account
        } else {
            entries.append(Entry(node: beat.header.nodeID, account: account))
        }
    }

    /// What a member has last said of itself; nil where it has not beaten in this ring.
    func account(of node: NodeID) -> Account? { entries.first { $0.node == node }?.account }

    /// Members that beat, as far as was heard lately.
    ///
    /// - Parameter beat: milliseconds between two of them.
    func beating(every beat: UInt32, now: Instant) -> [NodeID] {
        let patience = max(Self.patience * 1_000_000 * UInt64(beat), Self.leastPatience)
        return entries.filter { now.nanoseconds(since: $0.account.heardAt) <= patience }.map(\.node)
    }

    /// A ring is installed; those that did not come along are new, or new lives.
    mutating func install(companions: [NodeID]) { entries.removeAll { !companions.contains($0.node) } }

    /// Nothing is known of anybody.
    mutating func forget() { entries.removeAll() }
}
