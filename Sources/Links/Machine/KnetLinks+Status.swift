import Basics

/// What status tools and statistics show of one link (spec: knet.md 12).
public struct LinkStatus: Sendable, Equatable {
    public let number: LinkNumber
    /// Both ends; of the link of this node to itself there are none.
    public let addresses: (own: SocketAddress, remote: SocketAddress)?
    public let isConnected: Bool
    /// The link MTU in bytes, as last found out.
    public let mtu: Int
    public let priority: UInt8
    public let latency: Latency
    public let statistics: LinkStatistics

    public static func == (a: LinkStatus, b: LinkStatus) -> Bool {
        a.number == b.number && a.addresses?.own == b.addresses?.own && a.addresses?.remote == b.addresses?.remote
            && a.isConnected == b.isConnected && a.mtu == b.mtu && a.priority == b.priority && a.latency == b.latency
            && a.statistics == b.statistics
    }
}

extension KnetLinks {
    /// The other nodes that links lead to, connected or not, in the order in which they were added.
    public var nodes: [NodeID] { table.hosts.map(\.id.nodeID) }

    /// Whether a link leads to a node now; this node is always there.
    public func isReachable(_ node: NodeID) -> Bool {
        guard node != me.nodeID else { return true }
        guard let host = HostID(node), let index = table.index(of: host) else { return false }
        return table[index].isReachable
    }

    /// Whether a link to another node is up: it answers pings.
    public func isConnected(_ link: LinkNumber, to node: NodeID) -> Bool {
        guard let host = HostID(node), let index = table.index(of: host), let place = table[index].index(of: link)
        else { return false }
        return table[index].links[place].monitor.isConnected
    }

    /// Whether packets that go to another node now are lost, or some of them are, when this link carries nothing.
    public func relies(on link: LinkNumber, for node: NodeID) -> Bool {
        guard let host = HostID(node), let index = table.index(of: host) else { return false }
        return table[index].choice.relies(on: link)
    }

    /// Packets of which some pieces have come.
    public var unfinishedPackets: Int { reassembly.count }

    /// The links to a node, by number; of this node the one to itself, which is always connected.
    public func links(to node: NodeID) -> [LinkStatus] {
        guard node != me.nodeID else { return LinkNumber(0).map { [loopback($0)] } ?? [] }
        guard let host = HostID(node), let index = table.index(of: host) else { return [] }
        return table[index].links.map { link in
            LinkStatus(
                number: link.number, addresses: (link.settings.own, link.settings.remote),
                isConnected: link.monitor.isConnected, mtu: link.shownMTU, priority: link.settings.priority,
                latency: link.monitor.latency, statistics: link.statistics)
        }
    }

    private func loopback(_ number: LinkNumber) -> LinkStatus {
        LinkStatus(
            number: number, addresses: nil, isConnected: true, mtu: LinkSizes.largestPath, priority: 1,
            latency: Latency(), statistics: ownLinkStatistics)
    }

    /// Begins to count anew.
    public mutating func clearStatistics() {
        statistics = NodeStatistics()
        ownLinkStatistics = LinkStatistics()
        for host in table.indices {
            for link in table[host].links.indices { table[host].links[link].statistics = LinkStatistics() }
        }
    }
}
