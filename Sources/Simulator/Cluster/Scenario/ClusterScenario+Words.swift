import TotemWire

extension ClusterScenario {
    package var setting: [String] {
        var lines = [
            "\(nodes.count == 1 ? "1 whole node" : "\(nodes.count) whole nodes"), token timeout \(tokenTimeout) ms; "
                + network.words
        ]
        if let links = configuration.links { lines.append(links.words) }
        let quorum = configuration.facts(of: nodes).filter { $0.hasPrefix("quorum ") }.map { $0.dropFirst(7) }
        if !quorum.isEmpty { lines.append("quorum: " + quorum.joined(separator: ", ")) }
        if drifts.contains(where: { $0 != 0 }) {
            lines.append("the clocks of \(drifts.count { $0 != 0 }) nodes drift")
        }
        lines += programs.map { "on node \(nodes[$0.node]) " + $0.kind.words }
        return lines
    }

    /// As the daemon computes it (spec: configuration.md 3.2).
    package var tokenTimeout: UInt64 {
        func value(_ key: String, _ usual: UInt64) -> UInt64 {
            configuration.totem.first { $0.key == key }?.value ?? usual
        }
        return value("token", 3000) + value("token_coefficient", 650) * UInt64(max(configuration.members.count - 2, 0))
    }
}

extension ProgramPlan.Kind {
    fileprivate var words: String {
        switch self {
        case .groupMember(let habits):
            "a member of \(habits.groups.joined(separator: ", "))"
                + (habits.burst > 0 ? " that sends up to \(habits.burst) at a time" : " that only listens")
        case .quorumWatcher: "somebody who tracks quorum"
        case .voteWatcher: "somebody who tracks votes"
        case .mapWriter: "somebody who sets keys of the map"
        case .mapWatcher: "somebody who tracks keys of the map"
        case .administrator: "an administrator"
        }
    }
}
