/// Why a running node cannot take over a new configuration that is valid in itself: what links run over does not change
/// while they are there (spec: configuration.md 6.2, step 6).
public struct ReloadRefusal: Sendable, Hashable {
    /// What has changed in vain, one line for each, in Corosync's words where it has any.
    public let changes: [String]
    /// The same as a whole: where the first of them stands, and what to do.
    public let error: ConfigurationError
}

extension ClusterConfiguration {
    /// What keeps a node that runs with `running` from taking this configuration over; nil when nothing does.
    public func refusal(whileRunning running: ClusterConfiguration) -> ReloadRefusal? {
        var changes: [(line: String, origin: Origin?, key: String, value: String)] = []
        for link in running.links {
            guard let other = links.first(where: { $0.number == link.number }) else { continue }
            if transport == .knet { changes += moved(link, other) }
            for member in link.members {
                guard let moved = other.members.first(where: { $0.nodeID == member.nodeID }),
                    moved.address != member.address
                else { continue }
                let node = nodes.first { $0.nodeID == member.nodeID }
                changes.append(
                    (
                        "new config has different address for link \(link.number) (addr changed from \(member.address) to "
                            + "\(moved.address)). Internal value was NOT changed.",
                        node?.address(onLink: link.number)?.origin,
                        "nodelist.node.\(node?.position ?? 0).ring\(link.number)_addr", moved.text
                    ))
            }
        }
        guard let first = changes.first else { return nil }
        return ReloadRefusal(
            changes: changes.map(\.line),
            error: ConfigurationError(
                "To reconfigure an interface it must be deleted and recreated. A working interface needs to be available "
                    + "to corosync at all times", origin: first.origin, key: first.key, value: first.value,
                remedy: remedy(running)))
    }

    /// A link that is to use another protocol or port.
    private func moved(_ old: Link, _ new: Link) -> [(line: String, origin: Origin?, key: String, value: String)] {
        let prefix = "totem.interface.\(old.number)"
        func change(_ line: String, _ name: String, _ value: String) -> (String, Origin?, String, String) {
            let origin =
                document.entries["\(prefix).\(name)"]?.origin ?? localNode.address(onLink: old.number)?.origin
            return (line, origin, "\(prefix).\(name)", value)
        }
        var changes: [(line: String, origin: Origin?, key: String, value: String)] = []
        if old.knetTransport != new.knetTransport {
            changes.append(
                change(
                    "New config has different knet transport for link \(old.number). Internal value was NOT changed.",
                    "knet_transport", new.knetTransport.rawValue))
        }
        if old.port != new.port {
            changes.append(
                change(
                    "new config has different port for link \(old.number) (port changed from \(old.port) to \(new.port)). "
                        + "Internal value was NOT changed.", "mcastport", "\(new.port)"))
        }
        return changes
    }

    private func remedy(_ running: ClusterConfiguration) -> String {
        guard transport == .knet, running.links.count > 1 else {
            return "take the node off the nodelist and reload, then put it on again with its new address"
        }
        return
            "take the link out of the file on all nodes and reload, while another link carries the ring; then write it as "
            + "it is to be, and reload again"
    }
}
