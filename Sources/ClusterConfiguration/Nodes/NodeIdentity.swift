import Basics
import TotemWire

/// Node ids: given, generated from addresses, and checked (spec: configuration.md 4.1).
struct NodeIdentity<Names: NameService> {
    let transport: Transport
    let clearsHighBit: Bool
    let names: Names

    /// The node with its id; generated from its IPv4 address where none is given and the transport allows that.
    func identify(_ node: ClusterNode, isLocal: Bool) throws(ConfigurationError) -> ClusterNode {
        // A node nobody can reach is no member; Corosync passes over it too.
        guard let address = node.addresses.first?.text ?? (isLocal ? "" : nil) else { return node }
        if let nodeID = node.nodeID {
            guard transport != .knet || nodeID.rawValue < 65536 else {
                throw refusal(
                    "Knet requires nodeid to be less than 65536 for address '\(address)'.", node,
                    permitted: "1..65535 with transport knet", remedy: "choose a smaller number")
            }
            return node
        }
        guard transport != .knet else {
            throw refusal(
                isLocal
                    ? "Knet requires an explicit nodeid for the local node"
                    : "Knet requires an explicit nodeid to be specified for address '\(address)'.", node,
                permitted: "1..65535 with transport knet", remedy: "give every node a nodeid of its own")
        }
        guard let first = node.address(onLink: 0), case .v4(let number) = names.resolve(first.text, .ipv4) else {
            throw refusal(
                isLocal
                    ? "An IPV6 network requires that a node ID be specified"
                    : "An IPV6 network requires that a node ID be specified for address '\(address)'.", node,
                permitted: "1..4294967295", remedy: "give every node a nodeid of its own")
        }
        var identified = node
        identified.nodeID = NodeID(clearsHighBit ? number & 0x7FFF_FFFF : number)
        return identified
    }

    private func refusal(
        _ text: String, _ node: ClusterNode, permitted: String, remedy: String
    ) -> ConfigurationError {
        ConfigurationError(
            text, origin: node.nodeIDOrigin ?? node.origin, key: "nodelist.node.\(node.position).nodeid",
            value: node.nodeID.map { "\($0)" }, permitted: permitted, remedy: remedy)
    }
}

extension NodeList {
    /// Refuses two nodes with one id; every pair is compared.
    func checkUniqueIDs() throws(ConfigurationError) {
        var seen: [NodeID: ClusterNode] = [:]
        for node in nodes {
            guard let nodeID = node.nodeID else { continue }
            if let first = seen[nodeID] {
                throw ConfigurationError(
                    "Nodeid \(nodeID) appears twice in corosync.conf", origin: node.nodeIDOrigin ?? node.origin,
                    key: "nodelist.node.\(node.position).nodeid", value: "\(nodeID)",
                    reason: "nodelist.node.\(first.position) has it too"
                        + ((first.nodeIDOrigin ?? first.origin).map { " (\($0))" } ?? ""),
                    remedy: "give every node a nodeid of its own")
            }
            seen[nodeID] = node
        }
    }
}
