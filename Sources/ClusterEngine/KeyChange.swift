import Basics
import TotemWire

/// How far a change of keys has come on one node: who has said what of it, and until when others are waited for
/// (docs/decisions/links.md).
struct KeyChange: Sendable {
    private enum Step: Sendable {
        /// The one key seals and opens.
        case none
        /// The new key opens, the old one seals.
        case waiting
        /// The new key seals, the old one opens, too; this node's word of that is on its way.
        case selected
        /// That word has come round.
        case told
    }

    private var step = Step.none
    /// Members that have not said that the new key opens there.
    private var unread: [NodeID] = []
    /// Members that have not said that they seal with the new key.
    private var unfinished: [NodeID] = []
    /// When this node goes on without those that it waits for; nil when it waits for nobody.
    private(set) var deadline: Instant?

    var isUnfinished: Bool { !unfinished.isEmpty }

    /// Whether this node waits for the others to open with the new key.
    var isWaiting: Bool { step == .waiting }

    mutating func begin(with members: [NodeID], until deadline: Instant) {
        step = .waiting
        unread = members
        unfinished = members
        self.deadline = deadline
    }

    /// A member says that the new key opens there.
    ///
    /// - Returns: whether it was the last one that was waited for.
    mutating func hasRead(_ node: NodeID) -> Bool { hasRead { $0 == node } }

    /// Others are not members any more.
    ///
    /// - Returns: whether nobody is waited for now who was before.
    mutating func hasRead(ofAllBut members: [NodeID]) -> Bool { hasRead { !members.contains($0) } }

    private mutating func hasRead(_ isDone: (NodeID) -> Bool) -> Bool {
        guard isWaiting else { return false }
        unread.removeAll(where: isDone)
        return unread.isEmpty
    }

    /// The new key seals.
    mutating func select() {
        step = .selected
        unread = []
        deadline = nil
    }

    /// All have been told that this node seals with the new key. Those that are behind may still seal with the old one.
    mutating func keepOldKey(until deadline: Instant) {
        guard step == .selected else { return }
        step = .told
        self.deadline = deadline
    }

    /// Whoever is waited for has longer.
    mutating func postpone(until deadline: Instant) { if self.deadline != nil { self.deadline = deadline } }

    /// - Returns: whether there is an old key that may be forgotten.
    mutating func forgetOldKey() -> Bool {
        guard step == .told else { return false }
        step = .none
        deadline = nil
        return true
    }

    /// Members are done with the change, or gone.
    ///
    /// - Returns: whether nobody is left now who was before.
    mutating func end(of isDone: (NodeID) -> Bool) -> Bool {
        guard isUnfinished else { return false }
        unfinished.removeAll(where: isDone)
        return !isUnfinished
    }
}
