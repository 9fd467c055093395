/// A node of the cluster.
public struct ClusterNode: Hashable, Sendable {
    /// Its id.
    public let id: NodeID
    /// `name` of the node list; nil where there is none.
    public let name: String?
    /// `ring0_addr` and so on of the node list, in order; empty for a node that is not listed.
    public let addresses: [String]
    /// Whether it is in the ring of the node that was asked.
    public let isMember: Bool
}

extension ClusterNode {
    /// Reads the nodes from the configuration map.
    ///
    /// - Parameters:
    ///   - list: The keys `nodelist.node.<position>.<name>`.
    ///   - members: The keys `runtime.members.<node>.<name>`.
    static func read(list: [(key: String, value: MapValue)], members: [(key: String, value: MapValue)])
        -> [ClusterNode]
    {
        var listed: [Substring: [Substring: MapValue]] = [:]
        for entry in list {
            let parts = entry.key.split(separator: ".", maxSplits: 3)
            if parts.count == 4 { listed[parts[2], default: [:]][parts[3]] = entry.value }
        }
        var states: [NodeID: Bool] = [:]
        for entry in members {
            let parts = entry.key.split(separator: ".")
            guard parts.count == 4, parts[3] == "status", let id = UInt32(parts[2]) else { continue }
            states[NodeID(id)] = entry.value.string == "joined"
        }
        var nodes: [ClusterNode] = []
        for values in listed.values {
            guard let number = values["nodeid"]?.integer, let id = UInt32(exactly: number) else { continue }
            let addresses = (0...7).compactMap { values["ring\($0)_addr"]?.string }
            let isMember = states.removeValue(forKey: NodeID(id)) ?? false
            nodes.append(
                ClusterNode(id: NodeID(id), name: values["name"]?.string, addresses: addresses, isMember: isMember))
        }
        for (id, isMember) in states {
            nodes.append(ClusterNode(id: id, name: nil, addresses: [], isMember: isMember))
        }
        return nodes.sorted { $0.id < $1.id }
    }
}
