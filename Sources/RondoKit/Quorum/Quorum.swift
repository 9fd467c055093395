import CCorosync

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
        let type = QuorumCallbacks.ProviderType()
        let connection = try await ServiceConnection<Change>.open(
            .quorum, patience: patience, initialize: { QuorumCallbacks.initialize(&$0, $1, type) })
        return Quorum(connection, hasProvider: type.isSet)
    }

    /// Whether this node is quorate at this moment.
    public var isQuorate: Bool {
        get async throws(ClusterError) {
            let operation = "ask for quorum"
            return try await connection.request(operation) { handle throws(ClusterError) in
                var answer: Int32 = 0
                try ClusterError.check(quorum_getquorate(handle, &answer), operation)
                return answer != 0
            }
        }
    }

    /// The present state (`nodes` with nobody joined or left, then `quorum`), then every change. Each call has a
    /// connection of its own.
    public static func changes(patience: Patience = .standard) async throws(ClusterError) -> ClusterEvents<Change> {
        let type = QuorumCallbacks.ProviderType()
        let connection = try await ServiceConnection<Change>.open(
            .quorum, patience: patience, initialize: { QuorumCallbacks.initialize(&$0, $1, type) })
        try await connection.order("follow quorum") { handle in
            quorum_trackstart(handle, UInt32(CS_TRACK_CURRENT | CS_TRACK_CHANGES))
        }
        return ClusterEvents(of: connection)
    }
}
