import Links

/// Why a packet has not been compressed or decompressed.
public enum CompressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No model has this number on the wire; none is 0 and needs no decompression.
    case unknownModel(UInt8)
    /// The model's library is not there or not usable, with what the loader says.
    case noLibrary(CompressionModel, String)
    case noMemory(CompressionModel)
    /// The result is longer than a packet may be, or than there is room for.
    case tooLong(CompressionModel)
    /// What came is not the model's, or damaged.
    case malformed(CompressionModel)
    /// The library does not work with this level.
    case badLevel(CompressionModel, Int32, permitted: String)

    public var description: String {
        switch self {
        case .unknownModel(let number): "compress: Received packet with unknown compress model \(number)"
        case .noLibrary(let model, let reason):
            "compress: \(model.name) cannot be used: \(reason); install the package \(model.package)"
        case .noMemory(let model): "compress: no memory for \(model.name)"
        case .tooLong(let model): "compress: more than a packet may be, by \(model.name)"
        case .malformed(let model): "compress: not a packet compressed by \(model.name), or damaged"
        case .badLevel(let model, let level, let permitted):
            "compress: \(model.name) has no level \(level); permitted: \(permitted)"
        }
    }
}

extension CompressionModel {
    /// The Debian package that has the model's library.
    public var package: String {
        switch self {
        case .none: "libc6"
        case .zlib: "zlib1g"
        case .lz4, .lz4hc: "liblz4-1"
        case .lzo2: "liblzo2-2"
        case .lzma: "liblzma5"
        case .bzip2: "libbz2-1.0"
        case .zstd: "libzstd1"
        }
    }
}
