import ClientProtocol
import LocalClient

/// The cluster as its administrator sees it: nodes, links, reading the configuration anew, ending nodes.
public final class Cluster: Sendable {
    private let connection: ServiceConnection<ShutdownRequest>
    private let map: ConfigurationMap

    private init(_ connection: ServiceConnection<ShutdownRequest>, _ map: ConfigurationMap) {
        self.connection = connection
        self.map = map
    }

    /// Connects with the daemon.
    public static func connect(patience: Patience = .standard) async throws(ClusterError) -> Cluster {
        let connection = try await ServiceConnection<ShutdownRequest>.open(.cfg, patience: patience)
        return Cluster(connection, try await ConfigurationMap.connect(patience: patience))
    }

    /// This node.
    public var localNodeID: NodeID {
        get async throws(ClusterError) {
            let operation = "ask for the local node id"
            return try await connection.request(operation) { local throws(ClusterError) in
                try local.ask(CfgRequest.localNode, operation) { answer in
                    NodeID(try answer.cfgLocalNode().rawValue)
                }
            }
        }
    }

    /// All nodes of the node list, and nodes that were in the ring without being listed; ascending.
    public var nodes: [ClusterNode] {
        get async throws(ClusterError) {
            ClusterNode.read(
                list: try await map.entries(under: "nodelist.node."),
                members: try await map.entries(under: "runtime.members."))
        }
    }

    /// A node and the links to it, as this node sees them.
    ///
    /// - Throws: `failedOperation` for an unknown node where links are Kronosnet's; with UDP such a node is merely not
    ///   reachable.
    public func status(of node: NodeID) async throws(ClusterError) -> NodeStatus {
        let operation = "ask for the status of node \(node)"
        return try await connection.request(operation) { local throws(ClusterError) in
            let request = CfgRequest.nodeStatus(.init(node.rawValue), version: 1)
            guard let record = try local.ask(request, operation, { answer in try answer.cfgNodeStatus() }) else {
                throw ClusterError(.notSupported, operation: operation)
            }
            return NodeStatus(record)
        }
    }

    /// The addresses of a node, by link.
    ///
    /// - Throws: `notExist` for an unknown node.
    public func addresses(of node: NodeID) async throws(ClusterError) -> [NodeAddress] {
        let operation = "ask for the addresses of node \(node)"
        return try await connection.request(operation) { local throws(ClusterError) in
            let request = CfgRequest.nodeAddresses(.init(node.rawValue))
            return try local.ask(request, operation) { answer in
                try answer.cfgAddresses().map(NodeAddress.init(bytes:))
            }
        }
    }

    /// Has every node read its configuration file anew, and returns when this one has.
    ///
    /// - Throws: `invalidParameter` when this node's file is wrong; the daemon's log says where.
    public func reload() async throws(ClusterError) {
        try await connection.order("read the configuration anew", CfgRequest.reload)
    }

    /// Has this node's daemon open its log files anew, after they were rotated.
    public func reopenLogFiles() async throws(ClusterError) {
        try await connection.order("open the log files anew", CfgRequest.reopenLogs)
    }

    /// Ends the daemon of a node at once.
    ///
    /// - Throws: `notExist` when the node is not in the ring.
    public func kill(_ node: NodeID, reason: String) async throws(ClusterError) {
        let operation = "end node \(node)"
        guard reason.utf8.count <= CfgRequest.longestReason else {
            throw ClusterError(.nameTooLong, operation: operation)
        }
        try await connection.order(operation, CfgRequest.killNode(.init(node.rawValue), reason: reason))
    }

    /// Ends this node's daemon, after asking the programs that follow `shutdownRequests` unless it is `immediate`.
    ///
    /// - Throws: `busy` when one of them objected, `exist` while another shutdown is asked for.
    public func shutDown(_ manner: ShutdownRequest.Manner = .ifAllAgree) async throws(ClusterError) {
        try await connection.order("shut this node down", CfgRequest.tryShutdown(manner.kind))
    }

    /// Requests to end this node's daemon. Each must be answered; none in the time of `cfg.shutdown_timeout` (5 s) is an
    /// objection.
    public static func shutdownRequests(patience: Patience = .standard) async throws(ClusterError)
        -> ClusterEvents<ShutdownRequest>
    {
        let connection = try await ServiceConnection<ShutdownRequest>.open(
            .cfg, patience: patience, reader: ShutdownReader(),
            // Whoever is asked and does not answer objects.
            farewell: { _ = try? $0.request(CfgRequest.stopTracking) })
        try await connection.order("follow requests to shut down", CfgRequest.trackShutdown)
        return ClusterEvents(of: connection)
    }
}
