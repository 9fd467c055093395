import Basics

/// Finds which node of the list this machine is (spec: configuration.md 4.2).
struct LocalNodeFinder<Names: NameService> {
    let host: HostFacts
    let names: Names

    /// A name or link 0 address of a node.
    private struct Candidate {
        var text: String
        var node: ClusterNode
    }

    func find(in list: NodeList) -> ClusterNode? {
        let candidates = list.inMapOrder.flatMap { node in
            [node.name, node.address(onLink: 0)?.text].compactMap { $0 }.map { Candidate(text: $0, node: node) }
        }
        return byHostName(candidates) ?? byInterface(candidates) ?? byResolving(candidates)
    }

    private func byHostName(_ candidates: [Candidate]) -> ClusterNode? {
        var name = host.hostName[...]
        while true {
            if let hit = candidates.first(where: { $0.text == name }) { return hit.node }
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { break }
            name = name[..<dot]
        }
        let short = firstLabel(host.hostName)
        return candidates.first { IPAddress($0.text) == nil && firstLabel($0.text) == short }?.node
    }

    private func byInterface(_ candidates: [Candidate]) -> ClusterNode? {
        for interface in host.interfaces {
            let text = interface.address.description
            let name = names.name(of: interface.address) ?? text
            var wanted = [name]
            if IPAddress(name) == nil { wanted.append(String(firstLabel(name))) }
            if interface.address.family == .v4 { wanted.append(text) }
            for want in wanted {
                if let hit = candidates.first(where: { $0.text == want }) { return hit.node }
            }
        }
        return nil
    }

    private func byResolving(_ candidates: [Candidate]) -> ClusterNode? {
        let local = Set(host.interfaces.map(\.address))
        for candidate in candidates {
            if let literal = IPAddress(literal: candidate.text) {
                if local.contains(literal) { return candidate.node }
            } else if names.addresses(of: candidate.text, family: nil).contains(where: local.contains) {
                return candidate.node
            }
        }
        return nil
    }

    private func firstLabel(_ name: String) -> Substring { name.prefix { $0 != "." } }
}
