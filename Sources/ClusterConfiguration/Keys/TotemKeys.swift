/// The keys of section `totem` (spec: configuration.md 3.1).
enum TotemKeys {
    static let all: [KeyDescription] = identity + encryption + timers + limits + compression + obsolete

    private static let yesNo = PermittedValues.words(["yes", "no"])

    private static let identity: [KeyDescription] = [
        .init(
            "totem.version", type: .u32, allowing: .range(2, 2), change: .refused,
            "version of the file's format; must be 2"),
        .init(
            "totem.cluster_name", change: .refused,
            "name of the cluster; multicast addresses derive from it"),
        .init("totem.cluster_uuid", change: .startOnly, "kept for pcs, which writes it and reads it back"),
        .init(
            "totem.config_version", type: .u64, default: "0", change: .volatile,
            "version of the file's content; nodes with an older one leave"),
        .init(
            "totem.transport", allowing: .words(["knet", "udp", "udpu"]), default: "knet", change: .refused,
            "how packets travel: libknet, multicast UDP or unicast UDP"),
        .init(
            "totem.ip_version",
            allowing: .words(["ipv4", "ipv6", "ipv4-6", "ipv6-4"], refusal: "Invalid ip_version type"),
            default: "ipv6-4, udp: ipv4", change: .refused,
            "address family asked for when names are resolved"),
        .init(
            "totem.ip_dscp", type: .u8, default: "0", change: .refused,
            "priority of the packets for routers and switches (RFC 2474): 0..63, or cs0..cs7, af11..af43, ef"),
        .init(
            "totem.nodeid", type: .u32, change: .startOnly, "ignored; node ids stand in the node list"),
        .init(
            "totem.clear_node_high_bit", allowing: yesNo, default: "no", change: .startOnly,
            "keep generated node ids below 2^31"),
        .init(
            "totem.link_mode", allowing: .words(["passive", "active", "rr"]), default: "passive", change: .reload,
            "how knet uses several links"),
        .init(
            "totem.netmtu", type: .u32, default: "1500, knet: 65536", unit: .bytes, change: .refused,
            "largest packet, before the room for two message headers is subtracted"),
        .init("totem.threads", type: .u32, default: "0", change: .refused, "without effect"),
        .init(
            "totem.block_unlisted_ips", allowing: yesNo, default: "yes", change: .volatile,
            "drop packets from addresses that are not in the node list"),
    ]

    private static let encryption: [KeyDescription] = [
        .init(
            "totem.crypto_model",
            allowing: .words(["nss", "openssl"], refusal: "Invalid crypto model. Should be nss or openssl"),
            default: "nss",
            change: .reload, "library that encrypts"),
        .init(
            "totem.crypto_cipher",
            allowing: .words(
                ["none", "aes256", "aes192", "aes128"],
                refusal: "Invalid cipher type. Should be none, aes256, aes192 or aes128"), default: "none",
            change: .reload, "cipher of knet packets"),
        .init(
            "totem.crypto_hash",
            allowing: .words(
                ["none", "md5", "sha1", "sha256", "sha384", "sha512"],
                refusal: "Invalid hash type. Should be none, md5, sha1, sha256, sha384 or sha512"), default: "none",
            change: .reload, "authentication of knet packets"),
        .init(
            "totem.secauth", allowing: .words(["on", "off"]), default: "off", change: .reload,
            "on: aes256 and sha256"),
        .init(
            "totem.keyfile", default: "/etc/corosync/authkey", change: .reload, "file of the shared key"
        ),
        .init("totem.key", change: .reload, "the shared key itself"),
    ]

    private static let timers: [KeyDescription] = [
        .init(
            "totem.token", type: .u32, default: "3000", unit: .milliseconds, change: .volatile,
            "how long a node waits for the token before it declares it lost; scaled with the node count"),
        .init(
            "totem.token_coefficient", type: .u32, default: "650", unit: .milliseconds, change: .volatile,
            "added to token for each node beyond the second"),
        .init(
            "totem.token_warning", type: .u32, allowing: .range(0, 100), default: "75", unit: .percent,
            change: .volatile,
            "share of token after which a warning is logged; 0 for none"),
        .init(
            "totem.token_retransmit", type: .u32, default: "derived", unit: .milliseconds, change: .volatile,
            "how long a node waits before it sends the token again"),
        .init(
            "totem.hold", type: .u32, default: "derived", unit: .milliseconds, change: .volatile,
            "how long the representative keeps the token of an idle ring"),
        .init(
            "totem.token_retransmits_before_loss_const", type: .u32, default: "4", change: .volatile,
            "how often the token is sent again before it counts as lost"),
        .init(
            "totem.join", type: .u32, default: "50", unit: .milliseconds, change: .volatile, "interval of join messages"
        ),
        .init(
            "totem.send_join", type: .u32, default: "0", unit: .milliseconds, change: .volatile,
            "largest random delay before a join message"),
        .init(
            "totem.consensus", type: .u32, default: "derived", unit: .milliseconds, change: .volatile,
            "how long nodes wait for each other before they exclude the silent ones"),
        .init(
            "totem.merge", type: .u32, default: "200", unit: .milliseconds, change: .volatile,
            "delay of an idle ring's merge detection"),
        .init(
            "totem.downcheck", type: .u32, default: "1000", unit: .milliseconds, change: .volatile,
            "interval at which an unusable interface is looked at again"),
        .init(
            "totem.heartbeat_failures_allowed", type: .u32, default: "0", change: .volatile,
            "missed token retransmit times after which the token counts as lost; 0 for none"),
        .init(
            "totem.max_network_delay", type: .u32, default: "50", unit: .milliseconds, change: .volatile,
            "network delay allowed for by the heartbeat"),
        .init(
            "totem.knet_pmtud_interval", type: .u32, default: "30", unit: .seconds, change: .volatile,
            "interval of knet's search for the path MTU"),
    ]

    private static let limits: [KeyDescription] = [
        .init(
            "totem.fail_recv_const", type: .u32, default: "2500", change: .volatile,
            "token rotations without a wanted message before the node declares that it cannot receive"),
        .init(
            "totem.seqno_unchanged_const", type: .u32, default: "30", change: .volatile,
            "token rotations without messages before the ring counts as idle"),
        .init(
            "totem.window_size", type: .u32, default: "50", change: .volatile,
            "messages all nodes may send in one rotation"),
        .init(
            "totem.max_messages", type: .u32, default: "17", change: .volatile,
            "messages one node may send in one rotation"),
        .init(
            "totem.miss_count_const", type: .u32, default: "5", change: .volatile,
            "token visits before a missing message is asked for"),
        .init(
            "totem.cancel_token_hold_on_retransmit", allowing: yesNo, default: "no", change: .volatile,
            "keep an idle ring turning while messages are missing"),
    ]

    private static let compression: [KeyDescription] = [
        .init(
            "totem.knet_mtu", type: .u32, default: "0", unit: .bytes, change: .volatile,
            "fixed MTU of knet links; 0 to measure it"),
        .init(
            "totem.knet_compression_model",
            allowing: .words(
                ["zlib", "lz4", "lz4hc", "lzo2", "lzma", "bzip2", "zstd"],
                refusal: "Invalid compression model. Should be zlib, lz4, lz4hc, lzo2, lzma, bzip2 or zstd"),
            default: "none", change: .reload, "compression of knet packets; omit the key for none"),
        .init(
            "totem.knet_compression_threshold", type: .u32, default: "0", unit: .bytes, change: .reload,
            "smallest packet that is compressed"),
        .init("totem.knet_compression_level", type: .i32, default: "0", change: .reload, "effort of the compression"),
    ]

    private static let obsolete: [KeyDescription] =
        [.init("totem.rrp_mode", change: .refused, "obsolete, ignored")]
        + [
            "rrp_token_expired_timeout", "rrp_problem_count_timeout", "rrp_problem_count_threshold",
            "rrp_problem_count_mcast_threshold", "rrp_autorecovery_check_timeout",
        ].map { .init("totem.\($0)", type: .u32, change: .startOnly, "obsolete, ignored") }
}
