import Basics
import Totem
import TotemWire

/// Configuration changes.
extension Checker {
    mutating func changed(_ node: Int, _ change: ConfigurationChange) {
        digest.mix(change.ringID.sequence ^ UInt64(change.ringID.representative.rawValue) << 32 ^ UInt64(node))
        switch change.kind {
        case .transitional: transitional(node, change)
        case .regular: regular(node, change)
        }
    }

    private mutating func transitional(_ node: Int, _ change: ConfigurationChange) {
        let record = nodes[node]
        let me = ids[node]
        require(record.transition == nil, .transitionalBeforeRegular) { _ in
            "node \(me) reports two transitional configurations in a row"
        }
        require(isAscending(change.members) && isAscending(change.left), .consistentMembership) { _ in
            "node \(me) reports lists that do not ascend: \(change.members), left \(change.left)"
        }
        require(
            change.joined.isEmpty && Set(change.members).isDisjoint(with: change.left)
                && record.members == (change.members + change.left).sorted(), .consistentMembership
        ) { _ in
            "node \(me) goes from \(record.members) with \(change.members), left \(change.left)"
        }
        require(record.ring < 0 || change.members.contains(me), .consistentMembership) { _ in
            "node \(me) is not in its own transitional configuration \(change.members)"
        }
        nodes[node].transition = change
    }

    private mutating func regular(_ node: Int, _ change: ConfigurationChange) {
        let me = ids[node]
        guard let transition = nodes[node].transition, transition.ringID == change.ringID else {
            return fail(.transitionalBeforeRegular) { _ in
                "node \(me) reports ring \(change.ringID) without a transitional configuration before it"
            }
        }
        require(
            change.left.isEmpty && isAscending(change.members) && change.members.contains(me)
                && change.members == (transition.members + change.joined).sorted(), .consistentMembership
        ) { _ in
            "node \(me) goes with \(transition.members) to \(change.members), joined \(change.joined)"
        }
        require(change.ringID.representative == change.members.first, .sameRingSameMembers) { _ in
            "ring \(change.ringID) of \(change.members) is not named after its lowest member"
        }
        require(change.ringID.sequence > nodes[node].lastInstalled && isStored(node, change.ringID), .ringSequenceGrows)
        {
            "node \(me) installs ring \(change.ringID) after sequence \($0.nodes[node].lastInstalled), stored "
                + "\($0.nodes[node].stored)"
        }
        let place = ledger(of: change.ringID)
        if ledgers[place].members.isEmpty { ledgers[place].members = change.members }
        require(ledgers[place].members == change.members, .sameRingSameMembers) {
            "node \(me) installs ring \(change.ringID) with \(change.members), others with \($0.ledgers[place].members)"
        }
        require(ledgers[place].historyIndex[node] < 0, .ringIDNotReused) { _ in
            "node \(me) installs ring \(change.ringID) twice"
        }
        closeOldRing(node, place, transition)
        enter(node, place, change, transition)
    }

    /// Compares what the node delivered in its old ring with what those delivered who came along.
    private mutating func closeOldRing(_ node: Int, _ place: Int, _ transition: ConfigurationChange) {
        let record = nodes[node]
        if record.ring >= 0 {
            require(record.ownDelivered == ledgers[record.ring].endedBy[node], .selfDelivery) {
                "node \(record.id) sent \($0.ledgers[record.ring].endedBy[node]) messages in ring "
                    + "\($0.ledgers[record.ring].id) and delivered \(record.ownDelivered) of them"
            }
        }
        let mine = RingLedger.Installation(
            node: node, old: record.ring, transitional: transition.members, regularMessages: record.regularMessages,
            transitionalMessages: record.transitionalMessages, togetherSince: record.togetherSince)
        var isCompared = false
        for index in ledgers[place].installations.indices {
            let theirs = ledgers[place].installations[index]
            let isTogether = record.ring >= 0 && theirs.old == record.ring
            require(
                mine.transitional.contains(ids[theirs.node]) == isTogether
                    && theirs.transitional.contains(record.id) == isTogether
                    && (!isTogether || mine.transitional == theirs.transitional), .transitionalSymmetry
            ) {
                "into ring \($0.ledgers[place].id) node \(record.id) comes with \(mine.transitional), node "
                    + "\($0.ids[theirs.node]) with \(theirs.transitional)"
            }
            if isTogether, !isCompared {
                compare(mine, theirs)
                isCompared = true
            }
        }
        ledgers[place].installations.append(mine)
    }

    private mutating func enter(
        _ node: Int, _ place: Int, _ change: ConfigurationChange, _ transition: ConfigurationChange
    ) {
        installations += 1
        nodes[node].installedAt = now
        noteInstallation(node, change.members)
        nodes[node].history += 1
        let history = nodes[node].history
        ledgers[place].historyIndex[node] = history
        for (index, id) in ids.enumerated() where index != node && !transition.members.contains(id) {
            nodes[node].togetherSince[index] = history
        }
        nodes[node].ring = place
        nodes[node].members = change.members
        nodes[node].lastInstalled = change.ringID.sequence
        nodes[node].transition = nil
        nodes[node].isSynchronized = false
        nodes[node].cursor = -1
        nodes[node].ownDelivered = 0
        nodes[node].regularMessages.removeAll()
        nodes[node].transitionalMessages.removeAll()
    }

    private func isAscending(_ list: [NodeID]) -> Bool { zip(list, list.dropFirst()).allSatisfy { $0 < $1 } }
}
