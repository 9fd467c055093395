import Basics
import TotemWire

/// What trackers of quorum and votes are told (spec: services.md 6, 7; ipc.md 9, 10).
extension ClusterChecker {
    mutating func readQuorum(_ connection: Int, _ message: LibraryMessage) {
        guard let watcher = quorum.watchers[connection] else { return }
        switch message.id {
        case 3: quorum.watchers[connection]?.isQuorate = message.u32(24) == 1
        case 6:
            let members = message.nodes(52, count: message.u32(48)) ?? []
            decided(
                connection, watcher,
                QuorumRecords.Decision(isQuorate: message.u32(24) == 1, ring: message.ring(32), members: members))
        case 7: listed(connection, watcher, message)
        default: fail(.wellFormed, "a tracker of quorum is sent event \(message.id)")
        }
    }

    private mutating func decided(
        _ connection: Int, _ watcher: QuorumRecords.Watcher, _ decision: QuorumRecords.Decision
    ) {
        let node = watcher.node
        noteRing(decision.ring, decision.members, by: node)
        if let last = watcher.decision {
            require(
                last.ring.sequence <= decision.ring.sequence, .quorumReports,
                "node \(ids[node]) decides for ring \(decision.ring) after ring \(last.ring)")
        }
        quorum.watchers[connection]?.decision = decision
        quorum.watchers[connection]?.isQuorate = decision.isQuorate
        if let fault = quorum.fault(of: decision, leaving: nodesLeaving(decision.ring)) {
            fail(
                .votes,
                "node \(ids[node]) is \(decision.isQuorate ? "quorate" : "not quorate") in ring \(decision.ring) of "
                    + "\(decision.members) with \(fault)")
        }
        guard watcher.readsAtOnce else { return }
        require(
            highestSequences[node] <= decision.ring.sequence, .ringReports,
            "node \(ids[node]) is in ring \(decision.ring), though it was in one of sequence "
                + "\(String(highestSequences[node], radix: 16)) before")
        highestSequences[node] = decision.ring.sequence
        quorum.decided(node, decision)
        lookAtStaleQuorum()
        if let rival = quorum.rival(of: node, decision) {
            fail(
                .onePartition,
                "node \(ids[node]) is quorate among \(decision.members) while node \(ids[rival]) is so among "
                    + "\(quorum.decisions[rival]?.members ?? [])")
        }
    }

    /// Those that were on their way out when a ring was in force; its last decisions can be told when they are back.
    private func nodesLeaving(_ ring: RingID) -> [NodeID] {
        ids.indices.filter { isLeaving[$0] || leftIn[$0] >= ring.sequence }.map { ids[$0] }
    }

    private mutating func listed(_ connection: Int, _ watcher: QuorumRecords.Watcher, _ message: LibraryMessage) {
        let counts = (message.u32(40), message.u32(48), message.u32(56))
        guard counts.0 <= 384, counts.1 <= 384, counts.2 <= 384,
            let members = message.nodes(60, count: counts.0),
            let joined = message.nodes(60 + 4 * Int(counts.0), count: counts.1),
            let left = message.nodes(60 + 4 * Int(counts.0 + counts.1), count: counts.2)
        else { return fail(.wellFormed, "a list of nodes makes no sense") }
        let ring = message.ring(24)
        noteRing(ring, members, by: watcher.node)
        let name = "node \(ids[watcher.node])"
        if let last = watcher.list, last.ring != ring {
            require(
                last.ring.sequence < ring.sequence, .quorumReports, "\(name) lists ring \(ring) after ring \(last.ring)"
            )
            let expected = (last.members.filter { !left.contains($0) } + joined).sorted()
            require(
                expected == members && left.allSatisfy(last.members.contains), .quorumReports,
                "\(name) lists ring \(ring) of \(members); from \(last.members) left \(left), joined \(joined)")
        }
        quorum.watchers[connection]?.list = (ring, members)
    }

    mutating func answeredQuorum(_ connection: Int, _ message: LibraryMessage) {
        guard let watcher = quorum.watchers[connection], watcher.readsAtOnce, let known = watcher.isQuorate else {
            return
        }
        require(
            message.isSuccess && (message.u32(24) == 1) == known, .quorumReports,
            "node \(ids[watcher.node]) answers \(message.u32(24)) where it told its tracker \(known)")
    }

    // MARK: Votes

    mutating func readVotes(_ connection: Int, _ message: LibraryMessage) {
        guard let watcher = quorum.watchers[connection] else { return }
        switch message.id {
        case 3: require(message.u32(40) <= 386, .wellFormed, "a decision on votes makes no sense")
        case 4: break
        case 5: noteRing(message.ring(32), message.nodes(56, count: message.u32(48)) ?? [], by: watcher.node)
        default: fail(.wellFormed, "a tracker of votes is sent event \(message.id)")
        }
    }

    mutating func answeredVotes(_ connection: Int, of asked: UInt32, _ message: LibraryMessage) {
        guard let watcher = quorum.watchers[connection] else { return }
        let node = asked == 0 ? ids[watcher.node].rawValue : asked
        guard message.isSuccess else {
            return require(
                message.error == 12 && asked != 0, .answers,
                "node \(ids[watcher.node]) answers error \(message.error) about the votes of node \(node)")
        }
        require(message.u32(24) == node, .answers, "asked for node \(node), told of node \(message.u32(24))")
        let highest = quorum.hasChanged ? UInt32.max : max(quorum.options.sum, quorum.options.expected)
        require(
            message.u32(44) <= highest && message.u32(48) >= 1 && message.u32(48) <= highest / 2 + 1, .votes,
            "node \(ids[watcher.node]) counts \(message.u32(44)) votes against a threshold of \(message.u32(48)); "
                + "there are \(highest)")
    }

    // MARK: At rest

    mutating func told(_ node: Int, quorate message: LibraryMessage) {
        guard let decision = quorum.decisions[node] else { return }
        require(
            (message.u32(24) == 1) == decision.isQuorate, .quorumReports,
            "node \(ids[node]) answers quorate \(message.u32(24)), told was \(decision.isQuorate)")
    }

    /// Everything is at rest, and all nodes that are up are in one ring.
    mutating func told(_ node: Int, votesOf other: Int, _ message: LibraryMessage) {
        guard message.isSuccess else {
            return fail(.answers, "node \(ids[node]) does not know the votes of node \(ids[other]), a member")
        }
        let members = ids.indices.filter { isUp[$0] }
        let name = "node \(ids[node]) of \(members.map { ids[$0] })"
        let told = message.u32
        require(told(24) == ids[other].rawValue && told(28) == 1, .votes, "\(name) calls node \(ids[other]) no member")
        guard members.allSatisfy(quorum.isCurrent) else { return }
        let votes = quorum.votes(of: members.map { ids[$0] })
        require(told(32) == quorum.votes(of: ids[other]), .votes, "\(name) gives node \(ids[other]) \(told(32)) votes")
        require(told(44) == votes, .votes, "\(name) counts \(told(44)) votes, there are \(votes)")
        let isQuorate = told(52) & 2 != 0
        let due = max(quorum.options.expected, votes)
        require(
            !quorum.options.isFixed || told(40) == due, .votes,
            "\(name) expects \(told(40)) votes where \(due) are due")
        guard let expected = quorum.thresholds(votes: votes, voters: members.count) else { return }
        require(
            expected.contains(told(48)), .votes,
            "\(name) has a threshold of \(told(48)), possible are \(expected) with \(votes) votes of "
                + "\(quorum.options.expected)")
        let options = quorum.options
        let flags: UInt32 =
            (options.twoNode ? 1 : 0) | (options.waits ? 4 : 0) | (options.lastManStanding != nil ? 8 : 0)
            | (options.allowDownscale ? 32 : 0)
        // Whether a tie-breaker is in force depends on the votes; last_man_standing ends with the first node of two votes.
        let looked: UInt32 = options.votes.allSatisfy { $0 == 1 } && !quorum.hasChanged ? 1 | 4 | 8 | 32 : 1 | 4 | 32
        require(
            told(52) & looked == flags & looked, .votes,
            "\(name) shows flags \(told(52)), the options make them \(flags)")
        if votes < told(48) {
            let mayTie = options.autoTieBreaker && votes == told(36) / 2
            require(!isQuorate || mayTie, .votes, "\(name) is quorate with \(votes) votes of \(told(48))")
        } else if !options.waits || votes == told(36) {
            require(isQuorate, .votes, "\(name) is not quorate with \(votes) votes of \(told(48))")
        }
    }

    mutating func finishQuorum() {
        let up = ids.indices.filter { isUp[$0] }
        // Who has seen more votes than the file expects waits for all of these, who comes back does not.
        let waitsForUnlike = quorum.options.waits && quorum.options.expected < quorum.options.sum
        guard !quorum.options.autoTieBreaker, quorum.options.lastManStanding == nil, !waitsForUnlike,
            let first = up.first(where: { quorum.decisions[$0] != nil }), let decision = quorum.decisions[first]
        else { return }
        for node in up {
            guard let theirs = quorum.decisions[node] else { continue }
            require(
                theirs == decision, .quorumReports,
                "node \(ids[node]) told \(theirs), node \(ids[first]) in the same ring \(decision)")
        }
    }
}

extension QuorumRecords {
    /// The thresholds that the options allow for a ring with so many votes; nil when that depends on what was before.
    func thresholds(votes: UInt32, voters: Int) -> ClosedRange<UInt32>? {
        if options.twoNode, voters <= 2, !options.autoTieBreaker { return 1...1 }
        let present = votes / 2 + 1
        if options.isFixed {
            let threshold = max(majority, present)
            // After a change that not all heard of at once some may keep the threshold they had: it does not become lower
            // by itself (spec: services.md 6.5).
            return threshold...max(threshold, highestExpected / 2 + 1)
        }
        if options.tracksExpectedVotes { return nil }
        let highest = highestExpected / 2 + 1
        return present...max(highest, present)
    }
}
