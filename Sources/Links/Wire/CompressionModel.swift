/// How a packet was made shorter before it was cut and sealed, with its number on the wire (spec: knet.md 7).
public enum CompressionModel: UInt8, Sendable, Hashable, CaseIterable {
    case none = 0
    case zlib, lz4, lz4hc, lzo2, lzma, bzip2, zstd

    /// The name in `knet_compression_model`.
    public var name: String { "\(self)" }
}
