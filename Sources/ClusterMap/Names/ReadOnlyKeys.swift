import Basics

/// The keys clients may read but not change; the daemon itself writes them freely (spec: configuration.md 7.4).
public struct ReadOnlyKeys: Sendable {
    package private(set) var exact: Set<String>
    private var prefixes: [String]

    /// The keys Corosync protects on every node.
    public init() {
        prefixes = [
            "internal_configuration.", "runtime.services.", "runtime.config.", "runtime.totem.", "uidgid.config.",
            "system.", "nodelist.",
        ]
        exact = [
            "config.reload_in_progress", "config.totemconfig_reload_in_progress",
        ]
        for name in [
            "crypto_cipher", "crypto_hash", "crypto_model", "keyfile", "key", "secauth", "ip_version", "ip_dscp",
            "rrp_mode",
            "transport", "cluster_name", "netmtu", "threads", "version", "nodeid", "clear_node_high_bit",
        ] {
            exact.insert("totem." + name)
        }
    }

    /// Protects the keys votequorum reads only at start. Called when votequorum is the quorum provider.
    public mutating func protectVotequorum() {
        for option in QuorumOption.allCases where option.isFixedAtStart { exact.insert(option.key) }
    }

    public func contains(_ name: String) -> Bool {
        exact.contains(name) || prefixes.contains { name.startsByBytes(with: $0) }
    }
}
