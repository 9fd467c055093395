import Basics
import ClusterMap
import TotemWire

/// What clients are told about the cluster (spec: ipc.md 7.2).
extension ClusterStatus {
    /// One entry for each link of the local node.
    var ringInterfaces: [RingInterface] {
        guard let local = node(localNode) else { return [] }
        return local.links.map { link in
            RingInterface(name: "\(link.number) \(link.address.text)", status: status(ofLink: link.number))
        }
    }

    /// Over UDP a link is always well; over knet each node has its character.
    private func status(ofLink number: Int) -> String {
        guard transport == .knet else { return "OK" }
        return nodes.map { node in
            if node.id == localNode { return "n" }
            guard let link = node.links.first(where: { $0.number == number }) else { return "d" }
            let enabled = link.isEnabled ? 1 : 0
            let connected = link.isConnected ? 2 : 0
            return String(enabled + connected + (link.isDynamicallyConnected ? 4 : 0))
        }.joined()
    }

    func addresses(of id: NodeID) -> CfgResponse {
        let wanted = id == .none ? localNode : id
        guard let node = node(wanted), let first = node.links.first else { return .noNodeAddresses(.notExist) }
        let addresses = node.links.map(\.address).filter { $0.family == first.address.family }
        return .nodeAddresses(family: first.address.family, addresses)
    }

    /// Over UDP a node nobody configured is answered with its id and zeros, over knet it is an error. To itself a node has
    /// link 0 only.
    func record(of id: NodeID, version: UInt32) -> CfgResponse {
        guard version == 1 else { return .noNodeStatus(.notSupported) }
        guard let node = node(id) else {
            return transport == .knet ? .noNodeStatus(.failedOperation) : .nodeStatus(NodeStatusRecord(node: id))
        }
        var record = NodeStatusRecord(node: id)
        record.isReachable = node.isReachable
        switch transport {
        case .udp, .udpu:
            guard let address = node.links.first?.address else { break }
            var link = NodeStatusRecord.Link()
            link.isEnabled = true
            link.isConnected = node.isReachable
            link.mtu = netMTU
            link.source = address.text
            record.links = [link]
        case .knet:
            let local = self.node(localNode)
            for number in 0..<(id == localNode ? 1 : NodeStatusRecord.linkLimit) {
                var link = NodeStatusRecord.Link()
                if let status = node.links.first(where: { $0.number == number }) {
                    link.isEnabled = status.isEnabled
                    link.isConnected = status.isConnected
                    link.isDynamicallyConnected = status.isDynamicallyConnected
                    link.mtu = status.mtu
                    link.source = local?.links.first { $0.number == number }?.address.text ?? ""
                    link.destination = status.address.text
                }
                record.links.append(link)
            }
        }
        return .nodeStatus(record)
    }
}
