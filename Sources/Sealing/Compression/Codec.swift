import CSealing
import Links

/// One model's library and the memory it works in, which is kept between packets.
struct Codec: ~Copyable {
    let model: CompressionModel
    private let codec: OpaquePointer

    /// Opens the library when it is the first of the model in the process.
    init(_ model: CompressionModel) throws(CompressionError) {
        var problem = RONDO_COMPRESSION_OK
        let reason = InlineText()
        guard
            let codec = reason.withRoom({ room in
                rondo_codec_new(rondo_model(UInt32(model.rawValue)), &problem, room.baseAddress, room.count)
            })
        else {
            if problem == RONDO_COMPRESSION_NO_MEMORY { throw .noMemory(model) }
            throw .noLibrary(model, reason.text)
        }
        self.model = model
        self.codec = codec
    }

    deinit { rondo_codec_free(codec) }

    /// Compresses to the beginning of `out` and returns how long it has become; `tooLong` when it does not fit there or is
    /// longer than `limit`.
    mutating func compress(
        _ plain: Span<UInt8>, level: Int32, into out: inout MutableSpan<UInt8>, limit: Int
    ) throws(CompressionError) -> Int {
        // Two spans, one of them exclusive, do not overlap; both are valid for the call, which is told their lengths.
        let count = plain.withUnsafeBufferPointer { plain in
            out.withUnsafeMutableBufferPointer { out in
                rondo_compress(
                    codec, level, plain.baseAddress, plain.count, out.baseAddress, min(max(limit, 0), out.count))
            }
        }
        return try length(count, level: level)
    }

    /// Decompresses what may be anything to the beginning of `out` and returns how long it has become.
    mutating func decompress(
        _ packet: Span<UInt8>, into out: inout MutableSpan<UInt8>
    ) throws(CompressionError) -> Int {
        // As above.
        let count = packet.withUnsafeBufferPointer { packet in
            out.withUnsafeMutableBufferPointer { out in
                rondo_decompress(codec, packet.baseAddress, packet.count, out.baseAddress, out.count)
            }
        }
        return try length(count, level: 0)
    }

    private func length(_ count: Int32, level: Int32) throws(CompressionError) -> Int {
        if count >= 0 { return Int(count) }
        switch count {
        case RONDO_COMPRESSION_NO_MEMORY.rawValue: throw .noMemory(model)
        case RONDO_COMPRESSION_NO_ROOM.rawValue: throw .tooLong(model)
        case RONDO_COMPRESSION_BAD_LEVEL.rawValue: throw .badLevel(model, level, permitted: "another one")
        default: throw .malformed(model)
        }
    }
}

/// Room for a text of the C side.
private final class InlineText {
    private let room = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 256)

    init() { room.initialize(repeating: 0) }

    deinit { room.deallocate() }

    func withRoom<Result>(_ body: (UnsafeMutableBufferPointer<CChar>) -> Result) -> Result { body(room) }

    /// The C side ends what it writes with a zero, within the room.
    var text: String { room.baseAddress.map { String(cString: $0) } ?? "" }
}
