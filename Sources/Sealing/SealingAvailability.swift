import ClusterConfiguration
import Links

/// What the libraries of this machine can do.
public enum SealingAvailability {
    /// The combinations of cipher and hash that packets can be sealed with; none without libcrypto, fewer where its
    /// configuration forbids some.
    public static func suites() -> [SealSuite] {
        SealSuite.all.filter { suite in
            guard let key = try? SecretKey(text: Array(repeating: 0x6B, count: 128)) else { return false }
            return (try? Sealer(suite, key: key)) != nil
        }
    }

    /// The compression models whose libraries are there.
    public static func compressionModels() -> [CompressionModel] {
        CompressionModel.allCases.filter { model in
            model != .none && (try? Codec(model)) != nil
        }
    }
}
