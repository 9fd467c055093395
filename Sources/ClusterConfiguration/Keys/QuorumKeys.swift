import Basics

/// The keys of section `quorum` (spec: configuration.md 3.4).
enum QuorumKeys {
    static let all: [KeyDescription] =
        [
            option(
                .provider, .string, allowing: .words(["corosync_votequorum", "corosync_ykd"]), change: .refused,
                "who decides on quorum; without one every partition is quorate"),
            option(.expectedVotes, .u32, default: "sum of the nodes' votes", "votes of all nodes"),
            option(.votes, .u32, default: "\(QuorumOption.Default.votes)", "votes of this node, without a node list"),
            toggle(.twoNode, "one of two nodes is enough"),
            toggle(.waitForAll, default: "two_node", "no quorum before all nodes were seen once"),
            toggle(.autoTieBreaker, "half of the votes can be enough"),
            option(
                .autoTieBreakerNode, .string, default: "lowest", "lowest, highest or node ids: who wins a tie"),
            toggle(.lastManStanding, "expected votes shrink with the membership"),
            option(
                .lastManStandingWindow, .u32, default: "\(QuorumOption.Default.lastManStandingWindow)",
                unit: .milliseconds, "how long a membership lasts before expected votes shrink"),
            toggle(.expectedVotesTracking, "remember the highest expected votes"),
            toggle(.allowDownscale, "expected votes shrink when nodes leave"),
            .init("quorum.leaving_timeout", type: .u32, unit: .milliseconds, change: .startOnly, "without effect"),
        ] + device

    private static let device: [KeyDescription] =
        [
            option(.deviceModel, .string, "kind of quorum device; empty for none"),
            option(.deviceVotes, .u32, default: "nodes - 1", "votes of the device"),
            option(
                .deviceTimeout, .u32, default: "\(QuorumOption.Default.deviceTimeout)", unit: .milliseconds,
                "silence of the device before its votes are gone"),
            option(
                .deviceSyncTimeout, .u32, default: "\(QuorumOption.Default.deviceSyncTimeout)", unit: .milliseconds,
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

    private static func option(
        _ option: QuorumOption, _ type: ConfigurationType, allowing permitted: PermittedValues = .any,
        default defaultValue: String = "", unit: Unit = .none, change: ChangeClass? = nil, _ meaning: String
    ) -> KeyDescription {
        KeyDescription(
            option.key, type: type, allowing: permitted, default: defaultValue, unit: unit,
            change: change ?? (option.isFixedAtStart ? .startOnly : .volatile), meaning)
    }

    /// An option that is 0 or 1.
    private static func toggle(
        _ option: QuorumOption, default defaultValue: String = "0", _ meaning: String
    ) -> KeyDescription {
        self.option(option, .u8, allowing: .range(0, 1), default: defaultValue, meaning)
    }
}
