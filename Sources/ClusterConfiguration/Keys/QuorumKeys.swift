/// The keys of section `quorum` (spec: configuration.md 3.4).
enum QuorumKeys {
    static let all: [KeyDescription] =
        [
            .init(
                "quorum.provider", allowing: .words(["corosync_votequorum", "corosync_ykd"]), change: .refused,
                "who decides on quorum; without one every partition is quorate"),
            .init(
                "quorum.expected_votes", type: .u32, default: "sum of the nodes' votes", change: .volatile,
                "votes of all nodes"),
            .init(
                "quorum.votes", type: .u32, default: "1", change: .volatile, "votes of this node, without a node list"),
            .init(
                "quorum.two_node", type: .u8, allowing: .range(0, 1), default: "0", change: .volatile,
                "one of two nodes is enough"),
            .init(
                "quorum.wait_for_all", type: .u8, allowing: .range(0, 1), default: "two_node", change: .startOnly,
                readOnly: .withVoteQuorum,
                "no quorum before all nodes were seen once"),
            .init(
                "quorum.auto_tie_breaker", type: .u8, allowing: .range(0, 1), default: "0", change: .startOnly,
                readOnly: .withVoteQuorum,
                "half of the votes can be enough"),
            .init(
                "quorum.auto_tie_breaker_node", default: "lowest", change: .startOnly, readOnly: .withVoteQuorum,
                "lowest, highest or node ids: who wins a tie"),
            .init(
                "quorum.last_man_standing", type: .u8, allowing: .range(0, 1), default: "0", change: .startOnly,
                readOnly: .withVoteQuorum,
                "expected votes shrink with the membership"),
            .init(
                "quorum.last_man_standing_window", type: .u32, default: "10000", unit: .milliseconds,
                change: .startOnly, readOnly: .withVoteQuorum,
                "how long a membership lasts before expected votes shrink"),
            .init(
                "quorum.expected_votes_tracking", type: .u8, allowing: .range(0, 1), default: "0", change: .startOnly,
                readOnly: .withVoteQuorum,
                "remember the highest expected votes"),
            .init(
                "quorum.allow_downscale", type: .u8, allowing: .range(0, 1), default: "0", change: .startOnly,
                readOnly: .withVoteQuorum,
                "expected votes shrink when nodes leave"),
            .init("quorum.leaving_timeout", type: .u32, unit: .milliseconds, change: .startOnly, "without effect"),
        ] + device

    private static let device: [KeyDescription] =
        [
            .init("quorum.device.model", change: .volatile, "kind of quorum device; empty for none"),
            .init("quorum.device.votes", type: .u32, default: "nodes - 1", change: .volatile, "votes of the device"),
            .init(
                "quorum.device.timeout", type: .u32, default: "10000", unit: .milliseconds, change: .volatile,
                "silence of the device before its votes are gone"),
            .init(
                "quorum.device.sync_timeout", type: .u32, default: "30000", unit: .milliseconds, change: .volatile,
                "the same during a membership change"),
            .init(
                "quorum.device.master_wins", type: .u8, allowing: .range(0, 1), default: "0", change: .volatile,
                "the device outvotes nodes"),
        ]
        + [
            ("host", ""), ("port", "5403"), ("algorithm", "ffsplit"), ("tls", "on"), ("tie_breaker", "lowest"),
            ("connect_timeout", ""), ("force_ip_version", ""), ("keep_active_partition_tie_breaker", ""),
        ].map { name, value in
            .init("quorum.device.net.\(name)", default: value, change: .volatile, "read by corosync-qdevice")
        }
        + [("mode", "off"), ("timeout", ""), ("sync_timeout", ""), ("interval", "")].map { name, value in
            .init("quorum.device.heuristics.\(name)", default: value, change: .volatile, "read by corosync-qdevice")
        }
}
