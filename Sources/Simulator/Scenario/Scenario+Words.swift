import TotemWire

extension Scenario {
    package var setting: [String] {
        var lines = ["\(nodes.count == 1 ? "1 node" : "\(nodes.count) nodes"), token timeout \(parameters.token) ms; "]
        lines[0] += network.words
        let senders = workload.paces.count { $0 != .silent }
        lines.append(
            senders == 0 ? "nobody sends" : "\(senders) of them send, \(workload.budget) bytes at most in all")
        let drifting = clocks.count { $0.drift != 0 }
        if drifting > 0 { lines.append("the clocks of \(drifting) nodes drift") }
        if timeoutPercents.contains(where: { $0 != 100 }) { lines.append("their timeouts differ") }
        let slow = callTimes.count { $0 > 0 }
        if slow > 0 { lines.append("\(slow) nodes are slow") }
        if hasStranger { lines.append("a stranger sends forged packets") }
        return lines
    }

    package var tokenTimeout: UInt64 { UInt64(parameters.token) }
}
