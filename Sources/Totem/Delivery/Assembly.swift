import Basics
import TotemWire

/// Where the parts of one sender's cut message are put together (spec: totem.md 13.3).
struct Assembly: Sendable {
    let sender: NodeID
    /// Mark of the part that is still to be continued; 0 when none is.
    var openMark: UInt8 = 0
    var bytes: [UInt8] = []
    /// The message being put together is longer than any message may be: its parts are counted off, not kept.
    var overflowed = false

    /// Largest message plus its group header.
    static let limit = 1_048_576 + 65_536

    init(sender: NodeID) { self.sender = sender }

    mutating func reset() {
        openMark = 0
        overflowed = false
        // A megabyte once assembled is not kept for ever.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 65_536)
    }

    mutating func append(_ part: Span<UInt8>) {
        guard !overflowed, bytes.count + part.count <= Self.limit else {
            overflowed = true
            return
        }
        bytes.append(copying: part)
    }
}

/// Names an assembly: which of the two sets, and whose.
struct AssemblyReference: Sendable, Equatable {
    var set: Int
    var index: Int
}

/// The assemblies of all senders, one set for ordinary messages and one for those sent while a configuration change is
/// being synchronised (spec: totem.md 13.5).
struct AssemblyTable: Sendable {
    static let ordinary = 0
    static let transitional = 1
    private var sets: [[Assembly]] = [[], []]

    /// The assembly that `sender` continues with `mark`, looked for first in the set in use: a message may begin
    /// before the switch between the sets and end after it.
    func open(of sender: NodeID, mark: UInt8, preferring set: Int) -> AssemblyReference? {
        for candidate in [set, 1 - set] {
            if let index = sets[candidate].firstIndex(where: { $0.sender == sender }),
                sets[candidate][index].openMark == mark
            {
                return AssemblyReference(set: candidate, index: index)
            }
        }
        return nil
    }

    mutating func assembly(of sender: NodeID, set: Int) -> AssemblyReference {
        if let index = sets[set].firstIndex(where: { $0.sender == sender }) {
            return AssemblyReference(set: set, index: index)
        }
        sets[set].append(Assembly(sender: sender))
        return AssemblyReference(set: set, index: sets[set].count - 1)
    }

    subscript(reference: AssemblyReference) -> Assembly {
        _read { yield sets[reference.set][reference.index] }
        _modify { yield &sets[reference.set][reference.index] }
    }

    /// Forgets what nodes began that have left.
    mutating func discard(_ nodes: [NodeID]) {
        for set in sets.indices {
            for index in sets[set].indices where nodes.contains(sets[set][index].sender) {
                sets[set][index].reset()
            }
        }
    }
}
