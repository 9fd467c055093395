import CCorosync

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
        let connection = try await ServiceConnection<ShutdownRequest>.open(
            .cfg, patience: patience, initialize: ShutdownCallbacks.initialize)
        return Cluster(connection, try await ConfigurationMap.connect(patience: patience))
    }

    /// This node.
    public var localNodeID: NodeID {
        get async throws(ClusterError) {
            let operation = "ask for the local node id"
            return try await connection.request(operation) { handle throws(ClusterError) in
                var node: UInt32 = 0
                try ClusterError.check(corosync_cfg_local_get(handle, &node), operation)
                return NodeID(node)
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
        return try await connection.request(operation) { handle throws(ClusterError) in
            var status = corosync_cfg_node_status_v1()
            try ClusterError.check(
                corosync_cfg_node_status_get(handle, node.rawValue, CFG_NODE_STATUS_V1, &status), operation)
            return NodeStatus(status)
        }
    }

    /// The addresses of a node, by link.
    ///
    /// - Throws: `notExist` for an unknown node.
    public func addresses(of node: NodeID) async throws(ClusterError) -> [NodeAddress] {
        let operation = "ask for the addresses of node \(node)"
        return try await connection.request(operation) { handle throws(ClusterError) in
            var list = [corosync_cfg_node_address_t](repeating: .init(), count: NodeAddress.most)
            var count: Int32 = 0
            try ClusterError.check(
                corosync_cfg_get_node_addrs(handle, node.rawValue, list.count, &count, &list), operation)
            return list.prefix(Int(count)).compactMap(NodeAddress.init)
        }
    }

    /// Has every node read its configuration file anew, and returns when this one has.
    ///
    /// - Throws: `invalidParameter` when this node's file is wrong; the daemon's log says where.
    public func reload() async throws(ClusterError) {
        try await connection.order("read the configuration anew") { corosync_cfg_reload_config($0) }
    }

    /// Has this node's daemon open its log files anew, after they were rotated.
    public func reopenLogFiles() async throws(ClusterError) {
        try await connection.order("open the log files anew") { corosync_cfg_reopen_log_files($0) }
    }

    /// Ends the daemon of a node at once.
    ///
    /// - Throws: `notExist` when the node is not in the ring.
    public func kill(_ node: NodeID, reason: String) async throws(ClusterError) {
        try await connection.order("end node \(node)") { corosync_cfg_kill_node($0, node.rawValue, reason) }
    }

    /// Ends this node's daemon, after asking the programs that follow `shutdownRequests` unless it is `immediate`.
    ///
    /// - Throws: `busy` when one of them objected, `exist` while another shutdown is asked for.
    public func shutDown(_ manner: ShutdownRequest.Manner = .ifAllAgree) async throws(ClusterError) {
        try await connection.order("shut this node down") { corosync_cfg_try_shutdown($0, manner.flags) }
    }

    /// Requests to end this node's daemon. Each must be answered; none in the time of `cfg.shutdown_timeout` (5 s) is an
    /// objection. Of a sequence whose requests were answered libcfg 3.1.7 keeps one socket open for good.
    public static func shutdownRequests(patience: Patience = .standard) async throws(ClusterError)
        -> ClusterEvents<ShutdownRequest>
    {
        let connection = try await ServiceConnection<ShutdownRequest>.open(
            .cfg, patience: patience, initialize: ShutdownCallbacks.initialize,
            farewell: { handle in
                // Whoever is asked and does not answer objects.
                _ = corosync_cfg_trackstop(handle)
                ShutdownCallbacks.forget(handle)
            })
        let operation = "follow requests to shut down"
        try await connection.request(operation) { handle throws(ClusterError) in
            ShutdownCallbacks.remember(handle, connection)
            try ClusterError.check(corosync_cfg_trackstart(handle, 0), operation)
        }
        return ClusterEvents(of: connection)
    }
}
