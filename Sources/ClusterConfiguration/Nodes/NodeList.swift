import Basics
import TotemWire

/// The nodes of a configuration as written, by position.
public struct NodeList: Sendable, Hashable {
    public var nodes: [ClusterNode]

    /// Members of one ring at most (spec: totem.md 1).
    public static let maximumCount = 384

    /// Collects the `nodelist.node.P.*` keys (spec: configuration.md 3.3).
    public static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> NodeList {
        var nodes: [UInt32: ClusterNode] = [:]
        for entry in entries.all where entry.key.hasPrefix("nodelist.node.") {
            let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, let position = UInt32(parts[2]) else { continue }
            var node =
                nodes[position]
                ?? ClusterNode(
                    position: position, nodeID: nil, nodeIDOrigin: nil, name: nil, votes: 1, addresses: [],
                    origin: entry.origin)
            try node.take(String(parts[3]), entry)
            nodes[position] = node
        }
        let list = NodeList(nodes: nodes.values.sorted { $0.position < $1.position })
        guard list.nodes.count <= maximumCount else {
            throw ConfigurationError(
                "parse error in config: \(list.nodes.count) nodes are more than the \(maximumCount) a ring can have",
                origin: list.nodes[maximumCount].origin, key: "nodelist", permitted: "1..\(maximumCount) nodes",
                remedy: "split the cluster")
        }
        return list
    }

    /// The nodes with an address on `link`.
    public func members(ofLink link: Int) -> [ClusterNode] {
        nodes.filter { $0.address(onLink: link) != nil }
    }

    /// The nodes in the byte order of their keys (0, 1, 10, 11, 2, …), in which the map lists them.
    var inMapOrder: [ClusterNode] {
        nodes.sorted { byteOrder(String($0.position), String($1.position)) }
    }
}

extension ClusterNode {
    fileprivate mutating func take(_ name: String, _ entry: ConfigurationEntry) throws(ConfigurationError) {
        switch name {
        case "nodeid":
            // 0 counts as not given.
            if let number = entry.value.asU32, number != 0 { nodeID = NodeID(number) }
            nodeIDOrigin = entry.origin
        case "name": self.name = entry.value.text
        case "quorum_votes": votes = entry.value.asU32 ?? 1
        default:
            guard name.hasPrefix("ring"), name.hasSuffix("_addr") else { return }
            guard let link = Int(name.dropFirst(4).dropLast(5)), link >= 0 else { return }
            guard link < LinkNumber.limit else {
                throw linkNumberTooLarge(link, key: entry.key, origin: entry.origin)
            }
            let address = LinkAddress(link: link, text: entry.value.text ?? "", origin: entry.origin)
            addresses.append(address)
            addresses.sort { $0.link < $1.link }
        }
    }
}

func linkNumberTooLarge(_ link: Int, key: String, origin: Origin?) -> ConfigurationError {
    ConfigurationError(
        "parse error in config: interface ring number \(link) is bigger than allowed maximum \(LinkNumber.limit - 1)",
        origin: origin, key: key, permitted: "links 0..\(LinkNumber.limit - 1)", remedy: "renumber the links")
}

extension NodeList {
    /// Nodes without any address are listed, but can never be members.
    var unreachable: [ConfigurationWarning] {
        nodes.filter(\.addresses.isEmpty).map {
            ConfigurationWarning(
                "node \($0.position)\($0.name.map { " (\($0))" } ?? "") has no address and cannot be a member.",
                origin: $0.origin, remedy: "give it a ring0_addr, or remove the section")
        }
    }
}
