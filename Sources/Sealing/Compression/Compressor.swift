import ClusterConfiguration
import Links

/// Compresses packets of the own node as the configuration says (spec: knet.md 7).
public struct Compressor: ~Copyable {
    public let model: CompressionModel
    /// The level that the library gets, which is not always the one written.
    public let level: Int32
    /// What the administrator should know; nil when there is nothing.
    public let note: String?
    /// Packets of at most this many bytes are sent as they are.
    public let threshold: Int
    private var codec: Codec

    /// Opens the model's library and tries it, so that an error shows here and not with a packet.
    ///
    /// - Parameters:
    ///   - model: not `none`, for which there is nothing to make.
    ///   - level: as it is written in the configuration, 0 when it is not.
    ///   - threshold: the same.
    public init(_ model: CompressionModel, level: Int32, threshold: UInt32) throws(CompressionError) {
        let (used, note) = try Self.take(level, of: model)
        var codec = try Codec(model)
        try Self.test(&codec, level: used)
        self.model = model
        self.level = used
        self.note = note
        self.threshold = threshold == 0 ? KnetSettings.standardCompressionThreshold : Int(clamping: threshold)
        self.codec = codec
    }

    private static func take(
        _ level: Int32, of model: CompressionModel
    ) throws(CompressionError) -> (level: Int32, note: String?) {
        switch CompressionLevel(level, of: model.name) {
        case .use(let used, let note): return (used, note)
        case .refused(let permitted): throw .badLevel(model, level, permitted: permitted)
        }
    }

    private static func test(_ codec: inout Codec, level: Int32) throws(CompressionError) {
        let sample = [UInt8](repeating: 0, count: 1024)
        var room = sample
        var out = room.mutableSpan
        _ = try codec.compress(sample.span, level: level, into: &out, limit: sample.count)
    }

    /// Compresses a packet into the beginning of `out`.
    ///
    /// - Returns: how long it has become; nil when it is to be sent as it is, because it is not above the threshold, would
    ///   not become shorter, or could not be compressed.
    public mutating func compress(_ packet: Span<UInt8>, into out: inout MutableSpan<UInt8>) -> Int? {
        guard packet.count > threshold else { return nil }
        // With less room than the packet has, a library gives up where it would not help.
        return try? codec.compress(packet, level: level, into: &out, limit: packet.count - 1)
    }
}
