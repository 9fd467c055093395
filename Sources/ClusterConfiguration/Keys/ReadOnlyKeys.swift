/// Keys that clients of the configuration map cannot change; the daemon can (spec: configuration.md 7.4).
public enum ReadOnlyKeys {
    public static let prefixes = [
        "internal_configuration.", "runtime.services.", "runtime.config.", "runtime.totem.", "uidgid.config.",
        "system.", "nodelist.",
    ]

    public static let exact =
        [
            "crypto_cipher", "crypto_hash", "crypto_model", "keyfile", "key", "secauth", "ip_version", "rrp_mode",
            "transport", "cluster_name", "netmtu", "threads", "version", "nodeid", "clear_node_high_bit",
        ].map { "totem.\($0)" } + ["config.reload_in_progress", "config.totemconfig_reload_in_progress"]

    /// Read-only in addition while the vote quorum service runs.
    public static let withVoteQuorum = [
        "allow_downscale", "wait_for_all", "last_man_standing", "last_man_standing_window",
        "expected_votes_tracking", "auto_tie_breaker", "auto_tie_breaker_node",
    ].map { "quorum.\($0)" }

    public static func contains(_ key: String, voteQuorumRuns: Bool) -> Bool {
        prefixes.contains { key.hasPrefix($0) } || exact.contains(key)
            || (voteQuorumRuns && withVoteQuorum.contains(key))
    }
}
