/// What `totem.knet_compression_level` means to each model (spec: knet.md 7, 18).
public enum CompressionLevel: Sendable, Hashable {
    /// The model works with this level; what the administrator should know where it is not the one written.
    case use(Int32, note: String?)
    /// The model has no such level; what it has instead.
    case refused(permitted: String)

    /// - Parameters:
    ///   - written: the level of the configuration, 0 when it has none.
    ///   - model: the name of the model, as in the configuration.
    public init(_ written: Int32, of model: String) {
        switch model {
        case "zlib":
            if written == 0 {
                self = .use(-1, note: "zlib does not compress at level 0; its default, -1, is taken")
            } else {
                self = Self.within(-1...9, written)
            }
        case "lz4": self = written == 0 ? .use(1, note: nil) : Self.within(1...65_537, written)
        case "lz4hc": self = written == 0 ? .use(9, note: nil) : Self.within(1...12, written)
        case "lzo2":
            if [1, 11, 12, 15, 999].contains(written) {
                self = .use(written, note: nil)
            } else {
                self = .use(1, note: written == 0 ? nil : "lzo2 has the levels 1, 11, 12, 15 and 999; 1 is taken")
            }
        case "lzma": self = Self.within(0...9, written)
        case "bzip2": self = Self.within(1...9, written)
        // Negative ones are faster and compress less.
        case "zstd": self = written == 0 ? .use(3, note: nil) : Self.within(-131_072...22, written)
        default: self = .refused(permitted: "no level: there is no compression called \(model)")
        }
    }

    private static func within(_ range: ClosedRange<Int32>, _ written: Int32) -> CompressionLevel {
        range.contains(written)
            ? .use(written, note: nil) : .refused(permitted: "\(range.lowerBound)..\(range.upperBound)")
    }
}

extension ClusterConfiguration {
    /// Why its packets cannot be compressed as it says; nil when they can, or are not to be. Corosync says no more than that it
    /// has failed, and runs on without (spec: knet.md 18).
    public var compressionRefusal: ConfigurationError? {
        guard transport == .knet, let model = document.entries["totem.knet_compression_model"],
            let name = model.value.text, name != "none"
        else { return nil }
        let entry = document.entries["totem.knet_compression_level"]
        var level: Int32 = 0
        if case .i32(let number) = entry?.value { level = number }
        guard case .refused(let permitted) = CompressionLevel(level, of: name) else { return nil }
        return ConfigurationError(
            "parse error in config: \(name) does not compress at level \(level)", origin: (entry ?? model).origin,
            key: "totem.knet_compression_level", value: "\(level)", permitted: "\(permitted) with \(name)",
            reason: entry == nil ? "the key is missing, which means 0" : nil,
            remedy: entry == nil ? "add a 'knet_compression_level', or choose another model" : "correct the number")
    }
}
