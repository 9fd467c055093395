import Links

/// Decompresses packets of others, whatever the own configuration says (spec: knet.md 7).
///
/// A model's library is opened with the first packet that needs it. Where it is missing that is found out once: not each packet
/// sends the node to its disk.
public struct Decompressor: ~Copyable {
    /// By the models' numbers on the wire, those that have been needed.
    private var codecs: InlineArray<8, Codec?>
    private var failures: InlineArray<8, CompressionError?>

    /// The longest packet that comes out, in bytes.
    public static let longest = 1 << 16

    public init() {
        codecs = InlineArray<8, Codec?> { _ in nil }
        failures = InlineArray<8, CompressionError?>(repeating: nil)
    }

    /// Decompresses a packet to the beginning of `out`.
    ///
    /// - Parameters:
    ///   - packet: all of it, without knet's header.
    ///   - model: the number in the header.
    ///   - out: room for `longest` bytes. Of what is beyond the result, up to that, a library may leave anything.
    /// - Returns: the packet's length.
    public mutating func decompress(
        _ packet: Span<UInt8>, model number: UInt8, into out: inout MutableSpan<UInt8>
    ) throws(CompressionError) -> Int {
        guard let model = CompressionModel(rawValue: number), model != .none else { throw .unknownModel(number) }
        let index = Int(number)
        if let failure = failures[index] { throw failure }
        if codecs[index] == nil {
            do throws(CompressionError) {
                codecs[index] = try Codec(model)
            } catch {
                failures[index] = error
                throw error
            }
        }
        guard let length = try codecs[index]?.decompress(packet, into: &out) else { throw .noMemory(model) }
        return length
    }
}
