import Basics
import TotemWire

/// The rings this node is and was in, and how far ring sequences have come (spec: totem.md 5.1, 9.2, 22.5).
@usableFromInline
struct RingNumbers: Sendable {
    /// The current ring, or the one being formed.
    @usableFromInline private(set) var current: RingID
    /// The last ring that became operational here; before the first, this node's own of its start.
    private(set) var installed: RingID
    /// Highest ring sequence heard of from anybody: the base of the next ring's.
    private(set) var highest: UInt64
    /// The sequence of the current ring, as long as it has to be stored.
    @usableFromInline private(set) var toStore: UInt64?
    private var doubted = DoubtedSequences()

    /// No ring has this number or a higher one.
    private static let limit: UInt64 = 1 << 62
    private static let plausibleStep: UInt64 = 1 << 32

    /// - Parameter stored: content of the ring id file, 0 when there is none. A number that no ring can ever have is
    ///   garbage and counts as none.
    init(me: NodeID, stored: UInt64) {
        highest = stored < Self.limit ? stored + 1 : 1
        current = RingID(representative: me, sequence: highest)
        installed = current
    }

    // MARK: Rings

    /// A ring is being formed.
    mutating func begin(_ ring: RingID) {
        current = ring
        highest = max(highest, ring.sequence)
        toStore = ring.sequence
    }

    /// The ring that was being formed is in force.
    mutating func install() { installed = current }

    /// What has to be on disk before anything is sent; each is returned once.
    mutating func takeToStore() -> UInt64? {
        defer { toStore = nil }
        return toStore
    }

    // MARK: Sequences

    mutating func hear(_ sequence: UInt64) { highest = max(highest, sequence) }

    /// The number of the next ring; beyond the limit nobody would follow, so what I heard is forgotten there.
    var next: UInt64 { highest < Self.limit - 4 ? highest + 4 : current.sequence &+ 4 }

    /// Whether a join can speak of a ring with this number. One that is far beyond all others is taken for forged, since a
    /// believed one would use up the cluster's numbers for good, but only once: a node that goes on to say so tells the
    /// truth, and it is I who know too little (spec: totem.md 22.5). No cluster that lives makes a step of 2^32 rings.
    mutating func isPlausible(_ sequence: UInt64, from sender: NodeID) -> Bool {
        guard sequence < Self.limit else { return false }
        return sequence <= highest &+ Self.plausibleStep || doubted.isRepeated(sequence, by: sender)
    }

    /// Whether a commit token can be for a ring with this number: twice the step, since its creator may have believed a
    /// join that I have not heard.
    func isPlausible(_ sequence: UInt64) -> Bool {
        sequence < Self.limit && sequence <= highest &+ 2 * Self.plausibleStep
    }

    mutating func forget(otherThan nodes: [NodeID]) { doubted.forget(otherThan: nodes) }

    // MARK: Invariants

    func brokenInvariant() -> RingInvariant? {
        guard installed.sequence <= current.sequence, current.sequence <= highest else { return .ringsGoForward }
        guard toStore == nil || toStore == current.sequence else { return .storesPresentRing }
        return nil
    }
}

/// Ring sequences that were too high to be believed at once, the last of each node.
private struct DoubtedSequences: Sendable {
    private var entries: [(node: NodeID, sequence: UInt64)] = []

    /// Whether the node has said so before, give or take the rings it may have tried to form since.
    ///
    /// - Parameter node: one of the nodelist; so there are no more entries than configured nodes.
    mutating func isRepeated(_ sequence: UInt64, by node: NodeID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.node == node }) else {
            entries.append((node, sequence))
            return false
        }
        let before = entries[index].sequence
        entries[index].sequence = sequence
        return max(before, sequence) - min(before, sequence) <= 1 << 20
    }

    mutating func forget(otherThan nodes: [NodeID]) { entries.removeAll { !nodes.contains($0.node) } }
}

extension TotemRing {
    /// The current ring, or the one being formed.
    @inlinable
    public var ringID: RingID { numbers.current }

    var installedRingID: RingID { numbers.installed }

    var isRepresentative: Bool { ringID.representative == me }

    /// Whether a ring's sequence has to be stored before anything is sent.
    @inlinable
    public var hasRingSequenceToStore: Bool { numbers.toStore != nil }
}
