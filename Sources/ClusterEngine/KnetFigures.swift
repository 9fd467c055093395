import ClusterMap
import Links

/// What the statistics map shows of all links together, as Corosync names it (spec: configuration.md 8.2, knet.md 12).
struct KnetFigures: Sendable {
    var statistics = NodeStatistics()
    var times = WorkTimes()

    static let prefix = "stats.knet.handle."

    /// Each key behind the prefix, and its value: the only list of what there is.
    static let table: [(name: String, value: @Sendable (KnetFigures) -> UInt64)] = [
        ("tx_uncompressed_packets", { $0.statistics.sentUncompressed }),
        ("tx_compressed_packets", { $0.statistics.sentCompression.packets }),
        ("tx_compressed_original_bytes", { $0.statistics.sentCompression.originalBytes }),
        ("tx_compressed_size_bytes", { $0.statistics.sentCompression.compressedBytes }),
        ("tx_compress_time_min", { $0.times.compressing.least }),
        ("tx_compress_time_max", { $0.times.compressing.greatest }),
        ("tx_compress_time_ave", { $0.times.compressing.mean }),
        ("rx_compressed_packets", { $0.statistics.receivedCompression.packets }),
        ("rx_compressed_original_bytes", { $0.statistics.receivedCompression.originalBytes }),
        ("rx_compressed_size_bytes", { $0.statistics.receivedCompression.compressedBytes }),
        ("rx_compress_time_min", { $0.times.decompressing.least }),
        ("rx_compress_time_max", { $0.times.decompressing.greatest }),
        ("rx_compress_time_ave", { $0.times.decompressing.mean }),
        ("tx_crypt_time_min", { $0.times.sealing.least }),
        ("tx_crypt_time_max", { $0.times.sealing.greatest }),
        ("tx_crypt_time_ave", { $0.times.sealing.mean }),
        ("tx_crypt_byte_overhead", { $0.statistics.sealingBytes }),
        ("tx_crypt_packets", { $0.statistics.sealedPackets }),
        ("rx_crypt_time_min", { $0.times.opening.least }),
        ("rx_crypt_time_max", { $0.times.opening.greatest }),
        ("rx_crypt_time_ave", { $0.times.opening.mean }),
        ("rx_crypt_packets", { $0.statistics.openedPackets }),
    ]

    var group: FigureGroup { FigureGroup(Self.prefix, Self.table.map { ($0.name, .u64($0.value(self))) }) }
}
