import ClusterEngine

/// Changes of the configuration while the cluster runs.
extension ClusterSimulation {
    /// How long administrators wait before they ask again, in nanoseconds.
    private static let patience: UInt64 = 500_000_000

    /// Every machine gets the new file; the daemons hear of it from one of them.
    mutating func change(_ change: FileChange, by node: Int) {
        guard isAwaited(change), published.apply(change, ids: scenario.nodes) else { return }
        edition += 1
        checker.published(published)
        for node in nodes.indices where node != change.late?.node { giveFile(to: node) }
        if let (late, time) = change.late { queue.plan(.file(node: Int32(late)), at: now + time * 1_000_000) }
        trace.add(now, nil, "every machine has a new corosync.conf: \(change.words(scenario.nodes))")
        tell(node, .cfg, LibraryRequests.reload)
        guard case .enlist(let new, _) = change, !nodes[new].isUp else { return }
        queue.plan(.start(node: Int32(new)), at: now + chance.between(UInt64(1_000_000), 300_000_000))
    }

    /// Administrators change keys when all have read the last file. Whoever were told to read it now would read the next one,
    /// and others not.
    private func isAwaited(_ change: FileChange) -> Bool {
        guard case .protect = change else { return true }
        return nodes.allSatisfy { node in
            guard node.disk.edition == edition else { return false }
            guard let box = node.box else { return true }
            return node.edition == edition && !node.isReloadDue && !box.engine.isChangingKeys
        }
    }

    /// Writes the last file to a machine's disk.
    mutating func giveFile(to node: Int) {
        nodes[node].disk.configuration = file(node)
        nodes[node].disk.file = published
        nodes[node].disk.edition = edition
    }

    /// A machine gets the file that the others have already, and its daemon is told to read it.
    mutating func fileArrives(at node: Int) {
        guard nodes[node].disk.edition < edition else { return }
        giveFile(to: node)
        trace.add(now, nodes[node].id, "has the new corosync.conf, too")
        disturbRing()
        if nodes[node].isUp { tell(node, .cfg, LibraryRequests.reload) }
    }

    /// Whether a node is in the file that administrators have given out last.
    func isListed(_ node: Int) -> Bool { published.lists(node) }

    /// Who was out of reach when the others were told to read the file is told now.
    ///
    /// - Returns: what is still to be done; nil when every node on the list has read the file.
    mutating func spreadConfiguration() -> String? {
        guard edition > 0 else { return nil }
        let late = nodes.indices.filter { isListed($0) && nodes[$0].isUp && nodes[$0].edition < edition }
        guard let first = late.first else { return nil }
        if now >= orderAt {
            orderAt = now + Self.patience
            for node in late { tell(node, .cfg, LibraryRequests.reload) }
        }
        return "node \(nodes[first].id) runs with an older file"
    }

    /// The nodes on the list are in one ring. Whoever has been taken off it is switched off, and all read the file once
    /// more: the votes of a node that was taken off while it ran have counted until then (spec: services.md 6.5).
    ///
    /// - Returns: false when that has been done before.
    mutating func closeChanges() -> Bool {
        guard edition > 0, !isClosed else { return false }
        for node in nodes.indices where nodes[node].isUp && !isListed(node) {
            die(node, "is switched off, since it is no longer on the list")
        }
        guard let first = nodes.indices.first(where: { nodes[$0].isUp }) else { return false }
        isClosed = tell(first, .cfg, LibraryRequests.reload)
        return true
    }
}
