import Basics
import TotemWire

/// What this node says in its joins: who is to be in the ring, and who has failed (spec: totem.md 9).
///
/// During an attempt to form a ring both lists only grow, unless everybody is given a new chance.
struct Proposal: Sendable {
    /// Nodes heard or heard of, those that failed included, in order of arrival.
    private(set) var members: [NodeID] = []
    private(set) var failed: [NodeID] = []
    /// Nodes that said goodbye since the last installed ring.
    private(set) var leaving: [NodeID] = []
    /// I cannot get a message that all others have, and count myself as failed.
    private(set) var hasFailedToReceive = false

    /// Nodes of the proposed membership: those proposed that have not failed, ascending.
    var candidates: [NodeID] { members.without(failed).sorted() }

    // MARK: Growing

    mutating func add(_ node: NodeID) { members.add(node) }

    mutating func add(_ nodes: [NodeID]) { members.add(nodes) }

    mutating func fail(_ node: NodeID) { failed.add(node) }

    mutating func fail(_ nodes: [NodeID]) { failed.add(nodes) }

    mutating func noteLeaving(_ node: NodeID) { leaving.add(node) }

    // MARK: Beginning anew

    /// Everybody has a new chance.
    mutating func forgive() { failed = [] }

    /// The others shall go on without me.
    mutating func failToReceive(_ me: NodeID) {
        hasFailedToReceive = true
        failed.add(me)
    }

    /// The others form their ring without me; I go on alone.
    mutating func goAlone(_ me: NodeID) {
        hasFailedToReceive = false
        members = [me]
        failed = []
    }

    /// I leave: my own name comes last among the failed.
    mutating func leave(_ me: NodeID) {
        failed.removeAll { $0 == me }
        failed.add(me)
    }

    /// A ring of these members is in force.
    mutating func install(_ members: [NodeID]) {
        self.members = members
        failed = []
        leaving = []
    }

    /// Others than these are spoken of no more.
    mutating func restrict(to nodes: [NodeID]) { members = members.filter(nodes.contains) }

    // MARK: Invariants

    func brokenInvariant(of me: NodeID) -> RingInvariant? {
        guard members.contains(me) else { return .amCandidate }
        guard hasFailedToReceive || !failed.contains(me) else { return .trustMyself }
        let longest = max(members.count, failed.count, leaving.count)
        return longest <= TotemLimits.processorCount ? nil : .listsAreBounded
    }
}

extension TotemRing {
    var proposed: [NodeID] { proposal.members }
    var failed: [NodeID] { proposal.failed }
    var candidates: [NodeID] { proposal.candidates }
}
