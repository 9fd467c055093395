import JSONText
import RondoKit

/// What corosync-cfgtool needs to know of a node to tell of its links.
struct LinkReport {
    let node: NodeID
    let transport: String
    /// Ids of the node list, ascending.
    let nodes: [NodeID]
    /// `totem.interface.L.knet_transport`, where it is given.
    private let protocols: [Int: String]

    /// - Throws: what the map or the daemon refused.
    init(_ cluster: Cluster) async throws(ClusterError) {
        let map = try await ConfigurationMap.connect(patience: .none)
        transport = try await map.get("totem.transport")?.string ?? "knet"
        node = try await cluster.localNodeID
        var nodes: [NodeID] = []
        for entry in try await map.entries(under: "nodelist.node.") {
            let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3] == "nodeid", case .uint32(let id) = entry.value else { continue }
            nodes.append(NodeID(id))
        }
        self.nodes = nodes.sorted()
        var protocols: [Int: String] = [:]
        for entry in try await map.entries(under: "totem.interface.") {
            let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3] == "knet_transport", let link = Int(parts[2]) else { continue }
            protocols[link] = entry.value.string
        }
        self.protocols = protocols
    }

    var isKnet: Bool { transport != "udpu" && transport != "udp" }

    /// What a link runs over; nothing where the transport says it already.
    func linkProtocol(_ link: Int) -> String { protocols[link] ?? (isKnet ? "udp" : "") }

    var heading: String { "Local node ID \(node), transport \(transport)" }
}

/// `-s`: the links of this node and whether they lead to the others.
struct LinkStatusReport {
    let links: LinkReport
    /// In the order of `links.nodes`; nil for one that the daemon tells nothing of.
    let statuses: [NodeStatus?]

    /// The own node has no links but to itself, so those towards another one are shown: the last of the others.
    private var shown: NodeStatus? {
        let other = links.nodes.lastIndex { $0 != links.node } ?? 0
        return statuses.indices.contains(other) ? statuses[other] : nil
    }

    func write(brief: Bool, to output: inout Output) {
        if output.json { return output.value(json) }
        output.line(links.heading)
        for link in shown?.links ?? [] {
            output.line("LINK ID \(link.number) \(links.linkProtocol(link.number))")
            output.line("\taddr\t= \(link.source)")
            if brief {
                output.line("\tstatus\t= " + statuses.indices.map { digit($0, link.number) }.joined())
            } else {
                output.line("\tstatus:")
                for index in statuses.indices {
                    let id = statuses[index]?.node.rawValue ?? 0
                    output.line("\t\tnodeid: \(String(id).right(10)):\t\(word(index, link.number))")
                }
            }
        }
    }

    private func link(_ index: Int, _ number: Int) -> NodeStatus.Link? {
        statuses[index]?.links.first { $0.number == number }
    }

    private func digit(_ index: Int, _ number: Int) -> String {
        if links.nodes[index] == links.node { return "n" }
        guard let link = link(index, number) else { return "0" }
        return link.isConnected ? "3" : "1"
    }

    private func word(_ index: Int, _ number: Int) -> String {
        if links.nodes[index] == links.node { return "localhost" }
        return link(index, number)?.isConnected == true ? "connected" : "disconnected"
    }

    private var json: JSONValue {
        let shown = (shown?.links ?? []).map { link -> JSONValue in
            let nodes = statuses.indices.map { index -> JSONValue in
                .object([
                    ("node", .integer(links.nodes[index].rawValue)), ("status", .string(word(index, link.number))),
                ])
            }
            return .object([
                ("link", .integer(link.number)), ("protocol", .string(links.linkProtocol(link.number))),
                ("address", .string(link.source)), ("nodes", .array(nodes)),
            ])
        }
        return .object([
            ("node", .integer(links.node.rawValue)), ("transport", .string(links.transport)), ("links", .array(shown)),
        ])
    }
}

/// `-n`: the nodes that can be reached, and the links to them.
struct NodeStatusReport {
    let links: LinkReport
    let statuses: [NodeStatus?]

    private var reachable: [NodeStatus] {
        statuses.compactMap { status in
            guard let status, status.isReachable, status.node != links.node else { return nil }
            return status
        }
    }

    func write(to output: inout Output) {
        if output.json { return output.value(json) }
        output.line(links.heading)
        for status in reachable {
            output.line(
                "nodeid: \(status.node) reachable" + (status.isRemote ? " remote" : "")
                    + (status.isExternal ? " external" : ""))
            for link in status.links {
                let arrow = links.isKnet ? "->" : ""
                output.line(
                    "   LINK: \(link.number) \(links.linkProtocol(link.number)) (\(link.source)\(arrow)\(link.destination))"
                        + " enabled" + (link.isConnected ? " connected" : "")
                        + (link.isOpenedByOther ? " dynconnected" : "") + " mtu: \(link.mtu)")
            }
            output.line()
        }
    }

    private var json: JSONValue {
        let nodes = reachable.map { status -> JSONValue in
            let ways = status.links.map { link -> JSONValue in
                .object([
                    ("link", .integer(link.number)), ("protocol", .string(links.linkProtocol(link.number))),
                    ("source", .string(link.source)), ("destination", .string(link.destination)),
                    ("connected", .bool(link.isConnected)), ("opened_by_other", .bool(link.isOpenedByOther)),
                    ("mtu", .integer(link.mtu)),
                ])
            }
            return .object([
                ("node", .integer(status.node.rawValue)), ("remote", .bool(status.isRemote)),
                ("external", .bool(status.isExternal)), ("links", .array(ways)),
            ])
        }
        return .object([
            ("node", .integer(links.node.rawValue)), ("transport", .string(links.transport)), ("nodes", .array(nodes)),
        ])
    }
}
