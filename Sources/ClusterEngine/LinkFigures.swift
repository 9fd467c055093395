import ClusterMap
import Links

/// What the statistics map shows of one link, as Corosync names it (spec: configuration.md 8.2, knet.md 12).
enum LinkFigures {
    /// What all keys of a link begin with.
    static func prefix(_ node: UInt32, _ link: LinkNumber) -> String { "stats.knet.node\(node).link\(link)." }

    /// Each key behind the prefix, and its value: the only list of what there is.
    static let table: [(name: String, value: @Sendable (LinkStatus) -> MapValue)] = [
        ("enabled", { _ in .u8(1) }),
        ("connected", { .u8($0.isConnected ? 1 : 0) }),
        ("mtu", { .u32(UInt32(clamping: $0.mtu)) }),
        ("tx_data_packets", { .u64($0.statistics.sent.data.packets) }),
        ("rx_data_packets", { .u64($0.statistics.received.data.packets) }),
        ("tx_data_bytes", { .u64($0.statistics.sent.data.bytes) }),
        ("rx_data_bytes", { .u64($0.statistics.received.data.bytes) }),
        ("tx_ping_packets", { .u64($0.statistics.sent.ping.packets) }),
        ("rx_ping_packets", { .u64($0.statistics.received.ping.packets) }),
        ("tx_ping_bytes", { .u64($0.statistics.sent.ping.bytes) }),
        ("rx_ping_bytes", { .u64($0.statistics.received.ping.bytes) }),
        ("tx_pong_packets", { .u64($0.statistics.sent.pong.packets) }),
        ("rx_pong_packets", { .u64($0.statistics.received.pong.packets) }),
        ("tx_pong_bytes", { .u64($0.statistics.sent.pong.bytes) }),
        ("rx_pong_bytes", { .u64($0.statistics.received.pong.bytes) }),
        ("tx_pmtu_packets", { .u64($0.statistics.sent.mtu.packets) }),
        ("rx_pmtu_packets", { .u64($0.statistics.received.mtu.packets) }),
        ("tx_pmtu_bytes", { .u64($0.statistics.sent.mtu.bytes) }),
        ("rx_pmtu_bytes", { .u64($0.statistics.received.mtu.bytes) }),
        ("tx_total_packets", { .u64($0.statistics.sent.total.packets) }),
        ("rx_total_packets", { .u64($0.statistics.received.total.packets) }),
        ("tx_total_bytes", { .u64($0.statistics.sent.total.bytes) }),
        ("rx_total_bytes", { .u64($0.statistics.received.total.bytes) }),
        ("tx_total_errors", { .u64($0.statistics.errors.total) }),
        ("rx_total_retries", { _ in .u64(0) }),
        ("tx_pmtu_errors", { .u32($0.statistics.errors.mtu) }),
        ("tx_pmtu_retries", { _ in noRetries }),
        ("tx_ping_errors", { .u32($0.statistics.errors.ping) }),
        ("tx_ping_retries", { _ in noRetries }),
        ("tx_pong_errors", { .u32($0.statistics.errors.pong) }),
        ("tx_pong_retries", { _ in noRetries }),
        ("tx_data_errors", { .u32($0.statistics.errors.data) }),
        ("tx_data_retries", { _ in noRetries }),
        ("latency_min", { .u32($0.latency.least) }),
        ("latency_max", { .u32($0.latency.greatest) }),
        ("latency_ave", { .u32($0.latency.mean) }),
        ("latency_samples", { .u32($0.latency.samples) }),
        ("down_count", { .u32($0.statistics.downCount) }),
        ("up_count", { .u32($0.statistics.upCount) }),
    ]

    /// A datagram that the kernel does not take is lost: nothing waits until it does.
    private static let noRetries = MapValue.u32(0)

    static func group(_ node: UInt32, _ link: LinkStatus) -> FigureGroup {
        FigureGroup(prefix(node, link.number), table.map { ($0.name, $0.value(link)) })
    }
}
