import RondoKit

/// A ring and who is in it.
struct QuorumView {
    let ring: RingID
    /// In the order in which the daemon tells them.
    let members: [NodeID]
}

/// What corosync-quorumtool asks.
struct QuorumServices {
    let map: ConfigurationMap
    let quorum: Quorum
    let cluster: Cluster
    /// `quorum.provider`; nil where the configuration names none.
    let provider: String?
    /// Where the provider is votequorum.
    let votes: VoteQuorum?
    /// This node; 0 without votequorum, as in Corosync's tool.
    let node: NodeID

    /// Nil when one of them cannot be had, which is said in the words that pcs looks for.
    static func connect() async -> QuorumServices? {
        guard let map = try? await ConfigurationMap.connect(patience: .none) else {
            return refuse("Cannot initialize CMAP service")
        }
        guard let quorum = try? await Quorum.connect(patience: .none) else {
            return refuse("Cannot initialize QUORUM service")
        }
        guard let cluster = try? await Cluster.connect(patience: .none) else {
            return refuse("Cannot initialise CFG service")
        }
        let provider = quorum.hasProvider ? try? await map.get("quorum.provider")?.string : nil
        guard provider == "corosync_votequorum" else {
            return QuorumServices(
                map: map, quorum: quorum, cluster: cluster, provider: provider, votes: nil, node: NodeID(0))
        }
        guard let votes = try? await VoteQuorum.connect(patience: .none) else {
            return refuse("Cannot initialise VOTEQUORUM service")
        }
        guard let node = try? await map.get("runtime.votequorum.this_node_id", as: UInt32.self) else {
            return refuse("Unable to retrieve this_node_id")
        }
        return QuorumServices(
            map: map, quorum: quorum, cluster: cluster, provider: provider, votes: votes, node: NodeID(node))
    }

    private static func refuse(_ text: String) -> QuorumServices? {
        Output.complain(text)
        return nil
    }

    /// The present ring.
    func view() async throws(ClusterError) -> QuorumView {
        for try await change in try await Quorum.changes(patience: .none) {
            if case .quorum(_, let ring, let members) = change { return QuorumView(ring: ring, members: members) }
        }
        throw ClusterError(.library, operation: "ask for the present ring")
    }

    /// The names of the node list.
    func names() async -> [NodeID: String] {
        var ids: [Substring: NodeID] = [:]
        var names: [Substring: String] = [:]
        for entry in (try? await map.entries(under: "nodelist.node.")) ?? [] {
            let parts = entry.key.split(separator: ".", maxSplits: 3)
            guard parts.count == 4 else { continue }
            if parts[3] == "nodeid", case .uint32(let id) = entry.value { ids[parts[2]] = NodeID(id) }
            if parts[3] == "name", let name = entry.value.string { names[parts[2]] = name }
        }
        var found: [NodeID: String] = [:]
        for (position, id) in ids { found[id] = names[position] }
        return found
    }
}
