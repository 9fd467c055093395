import Basics
import ClientProtocol
import Links
import TotemWire

/// What the status tools are told of nodes and links (spec: ipc.md 7.2, transports.md 7).
extension ClusterEngine {
    var clusterStatus: ClusterStatus {
        var status = configuration.status
        let members = ring.members
        for index in status.nodes.indices {
            let id = status.nodes[index].id
            guard usesLinks else {
                status.nodes[index].isReachable = members.contains(id)
                continue
            }
            status.nodes[index].isReachable = links?.isReachable(id) ?? false
            let known = links?.links(to: id) ?? []
            for link in status.nodes[index].links.indices { status.nodes[index].links[link].take(known) }
        }
        return status
    }
}

extension ClientProtocol.LinkStatus {
    /// Takes over what the links' machine says of this link; one that it does not have is not enabled.
    fileprivate mutating func take(_ known: [Links.LinkStatus]) {
        let link = known.first { Int($0.number.rawValue) == number }
        isEnabled = link != nil
        isConnected = link?.isConnected ?? false
        mtu = UInt32(clamping: link?.mtu ?? 0)
    }
}
