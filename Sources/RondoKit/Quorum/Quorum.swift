import ClientProtocol
import LocalClient

/// Whether this node's part of the cluster may act for the whole.
///
/// ```swift
/// for try await change in try await Quorum.changes() {
///     if case .quorum(let isQuorate, _, _) = change { print(isQuorate ? "go on" : "hold") }
/// }
/// ```
public final class Quorum: Sendable {
    /// What changes.
    public enum Change: Hashable, Sendable {
        /// The ring is another one. Joined and left are relative to the change before; a node that was away for a
        /// moment is in both. Told before the quorum decision of that ring.
        case nodes(ring: RingID, members: [NodeID], joined: [NodeID], left: [NodeID])
        /// The engine decided whether these members are enough; also when the answer is what it was.
        case quorum(isQuorate: Bool, ring: RingID, members: [NodeID])
    }

    private let connection: ServiceConnection<Change>
    /// Whether the configuration names a quorum provider. Without one every node is quorate, always.
    public let hasProvider: Bool

    private init(_ connection: ServiceConnection<Change>, hasProvider: Bool) {
        self.connection = connection
        self.hasProvider = hasProvider
    }

    /// Connects with the daemon.
    public static func connect(patience: Patience = .standard) async throws(ClusterError) -> Quorum {
        let (connection, hasProvider) = try await open(patience)
        return Quorum(connection, hasProvider: hasProvider)
    }

    /// Connects, and has the events come with the names of rings and whoever came and went: model 1.
    private static func open(_ patience: Patience) async throws(ClusterError) -> (ServiceConnection<Change>, Bool) {
        let connection = try await ServiceConnection<Change>.open(.quorum, patience: patience, reader: QuorumReader())
        let operation = "ask for the quorum provider"
        let hasProvider = try await connection.request(operation) { local throws(ClusterError) in
            try local.ask(QuorumRequest.selectModel(1), operation) { answer in try answer.quorumHasProvider() }
        }
        return (connection, hasProvider)
    }

    /// Whether this node is quorate at this moment.
    public var isQuorate: Bool {
        get async throws(ClusterError) {
            let operation = "ask for quorum"
            return try await connection.request(operation) { local throws(ClusterError) in
                try local.ask(QuorumRequest.isQuorate, operation) { answer in try answer.quorumIsQuorate() }
            }
        }
    }

    /// The present state (`nodes` with nobody joined or left, then `quorum`), then every change. Each call has a
    /// connection of its own.
    public static func changes(patience: Patience = .standard) async throws(ClusterError) -> ClusterEvents<Change> {
        let (connection, _) = try await open(patience)
        try await connection.order("follow quorum", QuorumRequest.track(flags: Tracking.presentStateAndChanges))
        return ClusterEvents(of: connection)
    }
}

/// `CS_TRACK_CURRENT` and `CS_TRACK_CHANGES`, alike for quorum and votes.
enum Tracking {
    static let presentStateAndChanges: UInt32 = 1 | 2
}
