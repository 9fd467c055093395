import ClientProtocol

/// Reads what trackers of votes are told.
struct VoteQuorumReader: EventReader {
    func read(
        _ event: Answer, on _: ServiceConnection<VoteQuorum.Change>
    ) throws -> (event: VoteQuorum.Change, weight: Int)? {
        switch try VotequorumNotice(event) {
        case .decision(let isQuorate, let nodes):
            let standings = nodes.map { entry in
                VoteQuorum.NodeStanding(node: NodeID(entry.node.rawValue), state: NodeVotes.State(entry.state))
            }
            return (.quorum(isQuorate: isQuorate, nodes: standings), 0)
        case .expectedVotes(let votes): return (.expectedVotes(votes), 0)
        case .nodes(let ring, let members):
            return (.nodes(ring: RingID(ring), members: members.map { NodeID($0.rawValue) }), 0)
        case nil: return nil
        }
    }
}
