import Basics
import ClusterEngine
import TotemWire

/// `last_man_standing`, computed beside the engines: what a node expects when others leave its ring, and when the window
/// ends (spec: services.md 6.8). What a merge makes of unlike expectations is asked for, not computed.
extension ClusterSimulation {
    /// Nanoseconds within which it is open what came first.
    private static let margin: UInt64 = 5_000_000

    /// The window in nanoseconds, where nothing else has a hand in what is expected.
    static func window(of scenario: ClusterScenario) -> UInt64? {
        let options = scenario.configuration.quorum
        guard let window = options.lastManStanding, options.votes.allSatisfy({ $0 == 1 }), options.expectedVotes == nil,
            !options.autoTieBreaker, !options.twoNode, scenario.versions.isEmpty, !scenario.isLenient
        else { return nil }
        return UInt64(window) * 1_000_000
    }

    mutating func noteVotes(_ node: Int, _ box: EngineBox) {
        guard let window, edition == 0, box.engine.ringPhase == .operational else { return }
        let outlook = box.engine.look()
        let clock = instant(node).nanoseconds
        if outlook.ring != nodes[node].formed?.ring {
            let last = nodes[node].formed
            let someLeft = last?.members.contains { !outlook.members.contains($0) } ?? false
            nodes[node].formed = FormedRing(
                ring: outlook.ring, members: outlook.members, at: clock, count: (last?.count ?? 0) + 1,
                someLeft: someLeft || last?.someLeft ?? false)
        }
        guard !outlook.isSynchronizing else { return }
        if nodes[node].standing?.ring != outlook.ring {
            take(outlook.ring, outlook.members, node, window, clock: clock)
        } else if let deadline = nodes[node].standing?.deadline, clock > deadline + Self.margin {
            guard nodes[node].standing?.isKnown ?? false else { return ask(node) }
            nodes[node].standing?.windowEnds()
            compare(node, "after the window")
        }
    }

    /// A ring's synchronisation is over.
    private mutating func take(_ ring: RingID, _ members: [NodeID], _ node: Int, _ window: UInt64, clock: UInt64) {
        guard let formed = nodes[node].formed, let told = votes(node) else { return }
        nodes[node].formed?.count = 0
        nodes[node].formed?.someLeft = false
        var new = VoteStanding(
            ring: ring, members: members, expected: told.u32(36), threshold: told.u32(48),
            isQuorate: told.u32(52) & 2 != 0)
        let last = nodes[node].standing
        // In a synchronisation that was cut short a window may have begun too.
        new.isKnown = formed.count == 1 || !formed.someLeft
        defer {
            if nodes[node].standing?.ring != ring {
                // Whatever window there is, it has begun by now.
                if !new.isKnown { new.deadline = max(formed.at + window, clock) }
                nodes[node].standing = new
            }
        }
        guard var before = last else { return }
        new.isKnown = new.isKnown && before.isKnown
        if let deadline = before.deadline {
            if formed.at > deadline + Self.margin {
                before.windowEnds()
            } else if formed.at + Self.margin > deadline {
                new.isKnown = false
            }
        }
        guard new.isKnown else { return }
        new.previous = before.ring
        let someLeft = before.members.contains { !members.contains($0) }
        new.deadline =
            someLeft && members.count >= Int(before.threshold) ? formed.at + window : before.deadline
        // A window that ends while services synchronise has its effect right after them.
        if let deadline = new.deadline, deadline <= clock + Self.margin {
            new.isKnown = false
            return
        }
        let known = before
        guard formed.count == 1, told.u32(44) == UInt32(clamping: members.count),
            members.allSatisfy({ comesFrom(known, $0, to: ring) })
        else { return }
        new.expected = before.expected
        new.threshold = before.threshold
        new.isQuorate = before.isQuorate && members.count >= Int(before.threshold)
        nodes[node].standing = new
        compare(node, "in a ring of those who are left, \(members)")
    }

    /// Whether a member was in the same ring before, and counted the same there.
    private func comesFrom(_ before: VoteStanding, _ member: NodeID, to ring: RingID) -> Bool {
        guard before.members.contains(member), let node = nodes.first(where: { $0.id == member }), node.isUp,
            let theirs = node.standing, theirs.isKnown
        else { return false }
        if theirs.ring == ring { return theirs.previous == before.ring && theirs.expected == before.expected }
        return theirs.ring == before.ring && theirs.isQuorate == before.isQuorate
            && (theirs.expected == before.expected || theirs.deadline != nil)
    }

    /// After a pause, what comes first of timers and datagrams is a matter of luck.
    mutating func doubtWindow(_ node: Int) {
        guard let window, nodes[node].standing?.deadline != nil else { return }
        let end = instant(node).nanoseconds + window
        nodes[node].standing?.isKnown = false
        nodes[node].standing?.deadline = end
    }

    /// Whatever window there was, it is over.
    private mutating func ask(_ node: Int) {
        guard let told = votes(node) else { return }
        nodes[node].standing?.expected = told.u32(36)
        nodes[node].standing?.threshold = told.u32(48)
        nodes[node].standing?.isQuorate = told.u32(52) & 2 != 0
        nodes[node].standing?.deadline = nil
        nodes[node].standing?.isKnown = true
    }

    private mutating func compare(_ node: Int, _ when: String) {
        guard let due = nodes[node].standing, due.isKnown, let told = votes(node) else { return }
        var actual = due
        actual.expected = told.u32(36)
        actual.threshold = told.u32(48)
        actual.isQuorate = told.u32(52) & 2 != 0
        checker.require(
            actual.counts == due.counts, .votes,
            "node \(nodes[node].id) has, \(when), \(actual.counts); with last_man_standing it must have \(due.counts)")
    }

    private mutating func votes(_ node: Int) -> LibraryMessage? {
        answer(node, .votequorum, LibraryRequests.voteInfo(nodes[node].id.rawValue))
    }
}
