import Basics
import TotemWire

extension VoteQuorum {
    /// Votes present, the members they belong to, and the threshold they must reach (spec: services.md 6.4).
    struct Count: Equatable {
        var votes: UInt64
        var threshold: UInt32
    }

    /// - Parameters:
    ///   - allowDecrease: the threshold may become lower than it is.
    ///   - maximumExpected: expected votes to use instead of the members' own; 0 for none.
    func count(allowDecrease: Bool, maximumExpected: UInt32) -> Count {
        var maximum = maximumExpected
        if settings.allowDownscale, allowDecrease, maximum != 0 { maximum = max(downscaleBarrier, maximum) }
        var highest: UInt64 = 0
        var votes: UInt64 = 0
        var voters = 0
        for record in records where record.state == .member {
            highest = max(highest, UInt64(record.expectedVotes))
            votes += UInt64(record.votes)
            voters += 1
        }
        if own.flags.contains(.deviceCastsVote) {
            votes += UInt64(deviceVotes)
            voters += 1
        }
        if maximum != 0 { highest = UInt64(maximum) }
        var threshold = UInt32(clamping: max((highest + 2) / 2, (votes + 2) / 2))
        if !allowDecrease { threshold = max(threshold, self.threshold) }
        if settings.twoNode, voters <= 2 { threshold = 1 }
        return Count(votes: votes, threshold: threshold)
    }

    /// Counts again and decides (spec: services.md 6.5).
    ///
    /// - Parameter complete: the votes of all members are known, although a round is not over yet.
    mutating func recalculate(
        allowDecrease: Bool = false, byNodes: Bool = false, complete: Bool = false, _ quorum: inout QuorumService,
        _ out: inout ServiceOutputs
    ) {
        let present = records.filter { $0.state == .member }
        var votes = present.reduce(UInt64(0)) { $0 + UInt64($1.votes) }
        var voters = UInt32(clamping: present.count)
        if deviceVotes != 0 {
            votes += UInt64(deviceVotes)
            voters += 1
        }
        if votes > UInt64(own.expectedVotes) {
            own.expectedVotes = UInt32(clamping: votes)
            notifyExpectedVotes(&out)
        }
        if settings.expectedVotesTracking, own.expectedVotes > trackingBarrier {
            trackingBarrier = own.expectedVotes
            out.map("runtime.votequorum.ev_tracking_barrier", .u32(trackingBarrier))
            out.event(.storeTrackingBarrier(trackingBarrier))
        }
        let result = count(allowDecrease: allowDecrease, maximumExpected: byNodes ? voters : 0)
        threshold = result.threshold
        if byNodes { setExpectedVotesOfMembers(voters) }
        out.log(.debug, .voteQuorum, "total_votes=\(result.votes), expected_votes=\(own.expectedVotes)")
        decide(votes: result.votes, complete: complete, &quorum, &out)
    }

    /// Sets the expected votes in the record of every member; 0 changes nothing.
    mutating func setExpectedVotesOfMembers(_ expected: UInt32) {
        guard expected != 0 else { return }
        if own.state == .member { own.expectedVotes = expected }
        for index in others.indices where others[index].state == .member { others[index].expectedVotes = expected }
    }

    private mutating func decide(
        votes: UInt64, complete: Bool, _ quorum: inout QuorumService, _ out: inout ServiceOutputs
    ) {
        if settings.waitForAll, waitsForAll {
            guard votes == UInt64(own.expectedVotes) else {
                out.log(
                    .notice, .voteQuorum,
                    "Waiting for all cluster members. Current votes: \(votes) expected_votes: \(own.expectedVotes)")
                return
            }
            setWaitsForAll(false, &out)
        }
        var quorate = UInt64(threshold) <= votes
        if quorate { noteExtremes(&out) }
        if settings.tieBreaker != .none, votes == UInt64(own.expectedVotes / 2),
            previousMembers.count - members.count < Int(threshold), winsTie
        {
            quorate = true
        }
        if masterWins, !quorate, memberIsMaster { quorate = true }

        // Until all members have told their votes the count is incomplete: it can give quorum, but not take it.
        if synchronizing, !complete, isQuorate { quorate = true }
        let changed = quorate != isQuorate
        if changed {
            out.log(
                .debug, .voteQuorum, quorate ? "quorum regained, resuming activity" : "quorum lost, blocking activity")
        }
        isQuorate = quorate
        if quorate { own.flags.insert(.quorate) } else { own.flags.remove(.quorate) }
        if settings.waitForAll { setWaitsForAll(!quorate, &out) }
        if changed, !synchronizing { announce(&quorum, &out) }
    }

    /// Tells the quorum service, then the local clients.
    func announce(_ quorum: inout QuorumService, _ out: inout ServiceOutputs) {
        quorum.decided(isQuorate: isQuorate, ringID: ringID, members: members, &out)
        notifyQuorum(&out)
    }

    private mutating func noteExtremes(_ out: inout ServiceOutputs) {
        var lowest = nodeID
        var highest = nodeID
        for record in others where record.state == .member {
            if VoteRecord.rank(record.nodeID) < VoteRecord.rank(lowest) { lowest = record.nodeID }
            if VoteRecord.rank(record.nodeID) > VoteRecord.rank(highest) { highest = record.nodeID }
        }
        if noted?.lowest != lowest { out.map("runtime.votequorum.lowest_node_id", .u32(lowest.rawValue)) }
        if noted?.highest != highest { out.map("runtime.votequorum.highest_node_id", .u32(highest.rawValue)) }
        noted = (lowest, highest)
    }

    private func isMember(_ node: NodeID?) -> Bool {
        guard let node else { return false }
        return record(of: node)?.state == .member
    }

    var lowestIsMember: Bool { isMember(noted?.lowest) }

    /// Whether this half of an even split goes on (spec: services.md 6.5 c).
    private var winsTie: Bool {
        switch settings.tieBreaker {
        case .none: return false
        case .lowest: return lowestIsMember
        case .highest: return isMember(noted?.highest)
        case .list(let nodes):
            guard let first = nodes.firstIndex(where: members.contains) else { return false }
            return !nodes[..<first].contains(where: previousMembers.contains)
        }
    }

    /// Whether some member has a device that votes and alone decides.
    private var memberIsMaster: Bool {
        records.contains { $0.state == .member && $0.flags.isSuperset(of: [.deviceMasterWins, .deviceCastsVote]) }
    }
}
