import Basics
import TotemWire

/// A ring parts with a member that is known to be gone, without waiting for a timer (docs/decisions/accusation.md).
///
/// An accusation is what the consensus timeout does, only earlier: a node joins the failed list, and joins say so to all
/// others, who believe a member of their ring at once. So the agreed order and the membership do not depend on its being
/// right; a living node that is accused is merged again, at the latest when it has lost the token.
extension TotemRing {
    /// Takes in what is known of a node from elsewhere than its packets.
    ///
    /// - Returns: whether the ring is being formed without the node because of it.
    @discardableResult
    public mutating func learn(_ evidence: Evidence, of node: NodeID, now: Instant) -> Bool {
        defer { assertInvariants() }
        guard !isIdle else { return false }
        let entered = statistics.accusations
        switch evidence {
        case .confirmed: accuse([node], evidence, now: now)
        case .refused: refused(by: node, now: now)
        // What the ring finds out by itself.
        case .silent: break
        }
        processLoopback(now: now)
        return statistics.accusations != entered
    }

    /// Counts members as failed, all in one ring change.
    ///
    /// Only those of my installed ring, and only while all other nodes of the ring that is being formed are of it too:
    /// accusing starts an attempt anew, and a newcomer that waits for its end, and whose consensus timer runs, would take
    /// us for failed.
    ///
    /// - Returns: whether any of `nodes` was counted as failed.
    @discardableResult
    mutating func accuse(_ nodes: [NodeID], _ evidence: Evidence, now: Instant) -> Bool {
        let present = parties
        let guilty = nodes.filter { $0 != me && members.contains($0) && present.contains($0) }
        let others = present.without(guilty)
        guard !has(.ignoresEvidence), !guilty.isEmpty, others.contains(me), others.allSatisfy(members.contains) else {
            return false
        }
        statistics.accusations &+= 1
        notice(.accused(guilty, evidence))
        proposal.fail(guilty)
        enterGather(.accusation, now: now)
        return true
    }

    /// The nodes of the ring that is in force or being formed.
    var parties: [NodeID] {
        switch state {
        case .idle: []
        case .operational: members
        case .gather: candidates
        case .commit(let commit): commit.token.addresses
        case .recovery(let recovery): recovery.token.addresses
        }
    }
}
