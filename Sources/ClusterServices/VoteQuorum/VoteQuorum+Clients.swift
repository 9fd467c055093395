import Basics
import ClusterMap
import TotemWire

extension VoteQuorum {
    /// - Parameter node: zero for this node.
    func info(of node: NodeID) throws(ClientError) -> VoteQuorumInfo {
        guard let record = record(of: node == .none ? nodeID : node) else { throw .notExist }
        let present = records.filter { $0.state == .member }
        var total = present.reduce(UInt64(0)) { $0 + UInt64($1.votes) }
        if record.flags.contains(.deviceCastsVote) { total += UInt64(deviceVotes) }
        return VoteQuorumInfo(
            nodeID: record.nodeID, state: record.state, votes: record.votes, expectedVotes: record.expectedVotes,
            highestExpected: present.map(\.expectedVotes).max() ?? 0, totalVotes: UInt32(clamping: total),
            quorum: threshold, flags: infoFlags(record), deviceVotes: deviceVotes, deviceName: deviceName ?? [])
    }

    private func infoFlags(_ record: VoteRecord) -> UInt32 {
        let flags: [(Bool, UInt32)] = [
            (settings.twoNode, 1), (isQuorate, 2), (settings.waitForAll, 4), (settings.lastManStanding, 8),
            (settings.tieBreaker != .none, 16), (settings.allowDownscale, 32),
            (record.flags.contains(.deviceRegistered), 64), (record.flags.contains(.deviceAlive), 128),
            (record.flags.contains(.deviceCastsVote), 256), (record.flags.contains(.deviceMasterWins), 512),
            (record.flags.contains(.deviceHasInformation), 1024),
        ]
        return flags.reduce(0) { $1.0 ? $0 | $1.1 : $0 }
    }

    mutating func setExpectedVotes(_ expected: UInt32, _ out: inout ServiceOutputs) throws(ClientError) {
        let result = count(allowDecrease: true, maximumExpected: expected)
        if UInt64(expected) < result.votes { throw .invalidParameter }
        if isQuorate, UInt64(result.threshold) > result.votes { throw .invalidParameter }
        setExpectedVotesOfMembers(expected)
        out.multicast(Reconfigure(nodeID: nodeID, value: expected, parameter: .expectedVotes))
    }

    /// - Parameter target: zero for the quorum device.
    mutating func setVotes(_ votes: UInt32, of target: NodeID, _ out: inout ServiceOutputs) throws(ClientError) {
        guard let saved = target == .none ? deviceVotes : record(of: target)?.votes else { throw .nameNotFound }
        setVotes(votes, in: target)
        let result = count(allowDecrease: true, maximumExpected: 0)
        if UInt64(result.threshold) < result.votes / 2 || UInt64(result.threshold) > result.votes {
            setVotes(saved, in: target)
            throw .invalidParameter
        }
        out.multicast(Reconfigure(nodeID: target, value: votes, parameter: .votes))
    }

    private mutating func setVotes(_ votes: UInt32, in node: NodeID) {
        if node == .none { deviceVotes = votes }
        if node == nodeID { own.votes = votes }
        for index in others.indices where others[index].nodeID == node { others[index].votes = votes }
    }

    mutating func track(
        _ client: ConnectionID, context: UInt64, _ flags: QuorumTracking, _ out: inout ServiceOutputs
    ) throws(ClientError) {
        if flags.wantsState {
            out.notify(client, .voteQuorum(.nodeList(context: context, ringID: ringID, members: members)))
            out.notify(
                client, .voteQuorum(.quorum(context: context, isQuorate: isQuorate, nodes: nodesForClients)))
            for record in records where informed.contains(client) && record.flags.contains(.deviceHasInformation) {
                out.notify(client, .voteQuorum(information(of: record, context: context)))
            }
        }
        guard !trackers.contains(where: { $0.client == client }) else { throw .exist }
        if flags.wantsChanges { trackers.append(Tracker(client: client, context: context)) }
    }

    mutating func stopTracking(_ client: ConnectionID) throws(ClientError) {
        guard let index = trackers.firstIndex(where: { $0.client == client }) else { throw .notExist }
        trackers.remove(at: index)
    }

    /// A device's registration outlives its connection; only the answer is no longer wanted.
    mutating func clientClosed(_ client: ConnectionID) {
        trackers.removeAll { $0.client == client }
        informed.remove(client)
    }

    func notifyNodeList(_ out: inout ServiceOutputs) {
        out.log(.debug, .voteQuorum, "Sending nodelist callback. ring_id = \(ringID)")
        for tracker in trackers {
            out.notify(
                tracker.client,
                .voteQuorum(.nodeList(context: tracker.context, ringID: ringID, members: members)))
        }
    }

    func notifyQuorum(_ out: inout ServiceOutputs) {
        out.log(.debug, .voteQuorum, "Sending quorum callback, quorate = \(isQuorate ? 1 : 0)")
        guard !trackers.isEmpty else { return }
        let nodes = nodesForClients
        for tracker in trackers {
            out.notify(
                tracker.client,
                .voteQuorum(.quorum(context: tracker.context, isQuorate: isQuorate, nodes: nodes)))
        }
    }

    func notifyExpectedVotes(_ out: inout ServiceOutputs) {
        out.log(.debug, .voteQuorum, "Sending expected votes callback")
        for tracker in trackers {
            out.notify(
                tracker.client,
                .voteQuorum(.expectedVotes(context: tracker.context, expectedVotes: own.expectedVotes)))
        }
    }

    func notifyInformation(of record: VoteRecord, _ out: inout ServiceOutputs) {
        for tracker in trackers where informed.contains(tracker.client) {
            out.notify(tracker.client, .voteQuorum(information(of: record, context: tracker.context)))
        }
    }

    private func information(of record: VoteRecord, context: UInt64) -> VoteQuorumEvent {
        .deviceInformation(context: context, nodeID: record.nodeID, bytes: record.knownInformation)
    }

    private var nodesForClients: [VoteQuorumNode] {
        var nodes = records.map { VoteQuorumNode(nodeID: $0.nodeID, state: $0.state) }
        if own.flags.contains(.deviceRegistered) { nodes.append(VoteQuorumNode(nodeID: .none, state: .device)) }
        return nodes
    }
}
