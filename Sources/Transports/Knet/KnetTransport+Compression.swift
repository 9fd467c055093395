import Basics
import Links
import Sealing

/// Compressing for the links, which say what and when (spec: knet.md 7).
extension KnetTransport {
    /// Compresses the packet that `KnetLinks.send` has staged, and lets it be sent.
    public func compressStaged(_ links: inout KnetLinks, now: Instant) {
        let memory = compressed
        var room = memory.mutableSpan
        let started = Stopwatch.now()
        let length = compressor?.compress(links.uncompressed, into: &room) ?? 0
        times.compressing.add(Stopwatch.nanoseconds(since: started))
        let model = compressor?.model ?? .none
        _ = links.sendStaged(room.span.extracting(first: length), model, now: now)
    }

    /// Decompresses a packet of another node.
    ///
    /// - Returns: how long it has become, to be had from `decompressedPacket`; nil when it cannot be done.
    public func decompress(_ packet: Span<UInt8>, _ model: CompressionModel) -> Int? {
        let memory = decompressed
        var room = memory.mutableSpan
        let started = Stopwatch.now()
        let length = try? decompressor.decompress(packet, model: model.rawValue, into: &room)
        if length != nil { times.decompressing.add(Stopwatch.nanoseconds(since: started)) }
        return length
    }

    /// What `decompress` has made; valid until its next call.
    @_lifetime(borrow self)
    public func decompressedPacket(_ length: Int) -> Span<UInt8> {
        // The memory lives as long as the transport; only the next `decompress` overwrites it.
        _overrideLifetime(decompressed.span.extracting(first: length), borrowing: self)
    }
}
