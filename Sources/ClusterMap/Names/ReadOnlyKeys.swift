/// The keys clients may read but not change; the daemon itself writes them freely (spec: configuration.md 7.4).
public struct ReadOnlyKeys: Sendable {
    private var exact: Set<String>
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
            "crypto_cipher", "crypto_hash", "crypto_model", "keyfile", "key", "secauth", "ip_version", "rrp_mode",
            "transport", "cluster_name", "netmtu", "threads", "version", "nodeid", "clear_node_high_bit",
        ] {
            exact.insert("totem." + name)
        }
    }

    /// Protects the keys votequorum reads only at start. Called when votequorum is the quorum provider.
    public mutating func protectVotequorum() {
        for name in [
            "allow_downscale", "wait_for_all", "last_man_standing", "last_man_standing_window",
            "expected_votes_tracking", "auto_tie_breaker", "auto_tie_breaker_node",
        ] {
            exact.insert("quorum." + name)
        }
    }

    public func contains(_ name: String) -> Bool {
        exact.contains(name) || prefixes.contains { name.startsByBytes(with: $0) }
    }
}
