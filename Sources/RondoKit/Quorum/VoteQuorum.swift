import ClientProtocol
import LocalClient

/// The votes behind quorum: `provider: corosync_votequorum`.
public final class VoteQuorum: Sendable {
    /// What changes.
    public enum Change: Hashable, Sendable {
        /// The ring is another one; told before the decision of that ring.
        case nodes(ring: RingID, members: [NodeID])
        /// The engine decided about quorum. The nodes are all it knows, dead ones too; node 0 is the quorum device.
        case quorum(isQuorate: Bool, nodes: [NodeStanding])
        /// Another number of votes is expected.
        case expectedVotes(UInt32)
    }

    /// A node and whether its votes count.
    public struct NodeStanding: Hashable, Sendable {
        /// The node; 0 is the quorum device.
        public let node: NodeID
        /// Whether its votes count.
        public let state: NodeVotes.State

        /// A standing, for tests of what handles it.
        public init(node: NodeID, state: NodeVotes.State) {
            self.node = node
            self.state = state
        }
    }

    private let connection: ServiceConnection<Change>

    private init(_ connection: ServiceConnection<Change>) { self.connection = connection }

    /// Connects with the daemon.
    ///
    /// - Throws: `library` also when the configuration has no votequorum.
    public static func connect(patience: Patience = .standard) async throws(ClusterError) -> VoteQuorum {
        VoteQuorum(
            try await ServiceConnection.open(
                .votequorum, patience: patience, reader: VoteQuorumReader()))
    }

    /// A node's votes and how it sees the whole; the local node's by default.
    ///
    /// - Throws: `notExist` for a node nobody ever saw.
    public func info(of node: NodeID? = nil) async throws(ClusterError) -> NodeVotes {
        let operation = "ask for the votes of \(node.map { "node \($0)" } ?? "this node")"
        return try await connection.request(operation) { local throws(ClusterError) in
            try local.ask(VotequorumRequest.info(.init(node?.rawValue ?? 0)), operation) { answer in
                NodeVotes(try answer.voteInfo())
            }
        }
    }

    /// Expects another number of votes, on all nodes, until the configuration is read anew.
    ///
    /// - Throws: `invalidParameter` for fewer votes than there are, or when this would cost quorum.
    public func setExpectedVotes(_ votes: UInt32) async throws(ClusterError) {
        try await connection.order("expect \(votes) votes", VotequorumRequest.setExpected(votes))
    }

    /// Gives a node another number of votes.
    ///
    /// - Throws: `invalidParameter` when this would cost quorum, `nameNotFound` for an unknown node.
    public func setVotes(_ votes: UInt32, of node: NodeID) async throws(ClusterError) {
        try await connection.order(
            "give node \(node) \(votes) votes", VotequorumRequest.setVotes(votes, of: .init(node.rawValue)))
    }

    /// Ends this node's registration of a quorum device, by force: its program is not asked.
    ///
    /// - Throws: `notExist` when there is none, `invalidParameter` when it has another name.
    public func unregisterDevice(named name: String) async throws(ClusterError) {
        let operation = "unregister quorum device '\(name)'"
        guard (1...254).contains(name.utf8.count) else {
            throw ClusterError(.invalidParameter, operation: operation, detail: "names have 1 to 254 bytes")
        }
        try await connection.order(operation, VotequorumRequest.unregisterDevice(name: Array(name.utf8)))
    }

    /// The present state (`nodes`, then `quorum`), then every change. Each call has a connection of its own.
    public static func changes(patience: Patience = .standard) async throws(ClusterError) -> ClusterEvents<Change> {
        let connection = try await ServiceConnection<Change>.open(
            .votequorum, patience: patience, reader: VoteQuorumReader())
        try await connection.order(
            "follow votes", VotequorumRequest.track(context: 0, flags: Tracking.presentStateAndChanges))
        return ClusterEvents(of: connection)
    }
}
