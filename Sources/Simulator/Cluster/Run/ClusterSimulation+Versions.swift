import Basics
import ClusterEngine
import TotemWire

/// Nodes whose files have unlike `config_version`s: once in its life, in the second ring, a daemon whose version is lower
/// than another's there ends (spec: services.md 3). Zero and none are lower than nothing.
extension ClusterSimulation {
    /// What a machine's corosync.conf says.
    func file(_ node: Int) -> String {
        var text = published
        if !scenario.versions.isEmpty { text.configVersion = version(of: node, edition: edition) }
        return text.text
    }

    private func version(of node: Int, edition: Int) -> UInt64? {
        guard !scenario.versions.isEmpty else { return nil }
        // Who changes the file counts on, and gives it to all.
        if edition > 0 { return (scenario.versions.compactMap { $0 }.max() ?? 0) + UInt64(edition) }
        return scenario.versions.indices.contains(node) ? scenario.versions[node] : nil
    }

    /// The daemon has read what is on its machine's disk.
    mutating func noteRead(_ node: Int) {
        nodes[node].edition = nodes[node].disk.edition
        nodes[node].readFile = nodes[node].disk.file
        nodes[node].hasReadTooEarly = nodes[node].edition < edition
        nodes[node].version = version(of: node, edition: nodes[node].edition) ?? 0
    }

    /// Looks whether a daemon has come to the end of its second ring's synchronisation, in which it compares versions.
    mutating func noteSynchronization(_ node: Int, _ box: EngineBox) {
        guard !scenario.versions.isEmpty, edition == 0, !scenario.isLenient, !box.engine.isSynchronizing,
            box.engine.ringPhase == .operational, box.engine.ringStatistics.operationalEntered == 2
        else { return }
        if isOutdated(node, among: box.engine.look().members) { nodes[node].mustEnd = true }
    }

    /// A daemon ends though nobody has told it to: somewhere there must be a newer version. The ring in which it met that
    /// may be over for the ring machine by now.
    func checkEnd(_ node: Int, _ box: EngineBox) {
        guard !nodes[node].isLeaving else { return }
        checker.require(
            isOutdated(node, among: nodes.map(\.id)), .answers,
            "node \(nodes[node].id) ends by itself, with configuration version \(nodes[node].version) in a ring of "
                + "\(box.engine.look().members)")
    }

    private func isOutdated(_ node: Int, among members: [NodeID]) -> Bool {
        let own = nodes[node].version
        return own != 0 && nodes.contains { members.contains($0.id) && $0.version > own }
    }
}
