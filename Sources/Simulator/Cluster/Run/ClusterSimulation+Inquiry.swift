import ClientProtocol
import ClusterEngine
import ClusterMap
import TotemWire

/// At the end every node is asked what it knows.
extension ClusterSimulation {
    mutating func inquire() {
        let up = nodes.indices.filter { nodes[$0].isUp }
        for node in up {
            for group in checker.groupNames {
                guard let answer = answer(node, .cpg, LibraryRequests.membership(group)) else { return }
                checker.told(node, membersOf: group, answer)
            }
            if let answer = answer(node, .quorum, LibraryRequests.isQuorate) { checker.told(node, quorate: answer) }
            for other in up {
                let asked = nodes[other].id.rawValue
                if let answer = answer(node, .votequorum, LibraryRequests.voteInfo(asked)) {
                    checker.told(node, votesOf: other, answer)
                }
            }
        }
    }

    /// One connection, one question.
    mutating func answer(_ node: Int, _ service: LocalService, _ request: [UInt8]) -> LibraryMessage? {
        guard let box = nodes[node].box else { return nil }
        let id = ConnectionID(UInt64(connections.count) + 1)
        let identity = ConnectionIdentity(
            id: id, service: service.rawValue, process: 1, processName: "inquirer")
        box.engine.connectionOpened(identity, to: service)
        var response = ByteWriter()
        let outcome = Self.submit(request, from: id, of: service, by: box, now: instant(node), &response)
        box.engine.connectionClosed(id, of: service, now: instant(node))
        guard outcome == .answered else {
            checker.fail(.answers, "node \(nodes[node].id) does not answer a question at rest (\(outcome))")
            return nil
        }
        guard let bytes = tampering.answer(response.bytes, service) else {
            checker.fail(.answers, "node \(nodes[node].id) does not answer a question at rest")
            return nil
        }
        return LibraryMessage(bytes: bytes)
    }
}
