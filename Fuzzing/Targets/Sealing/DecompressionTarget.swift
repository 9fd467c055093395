import Links
import Sealing

/// Packets of each compression model, well formed, damaged or made to become huge (spec: knet.md 7).
///
/// Nothing is written beyond the room there is, and what was compressed comes out as it went in.
enum DecompressionTarget {
    private static let models: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 0, 8]
    private static let guardSize = 256
    private static let mark: UInt8 = 0xA5

    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        let model = reader.pick(models)
        let bytes = reader.rest()
        var decompressor = Decompressor()
        _ = try decompress(bytes, model, &decompressor)
        try roundTrip(bytes, model, &decompressor)
    }

    private static func roundTrip(
        _ bytes: [UInt8], _ number: UInt8, _ decompressor: inout Decompressor
    ) throws(Finding) {
        // Where the model's library is missing there is nothing to try.
        guard let model = CompressionModel(rawValue: number), model != .none,
            var compressor = try? Compressor(model, level: 1, threshold: 1)
        else { return }
        var image = [UInt8](repeating: 0, count: Decompressor.longest)
        var room = image.mutableSpan
        guard let length = compressor.compress(bytes.span, into: &room) else { return }
        let result = try decompress(Array(image.prefix(length)), number, &decompressor)
        try require(result == bytes, "\(model): \(bytes.count) bytes do not come out as they went in")
    }

    private static func decompress(
        _ packet: [UInt8], _ model: UInt8, _ decompressor: inout Decompressor
    ) throws(Finding) -> [UInt8]? {
        var memory = [UInt8](repeating: mark, count: Decompressor.longest + guardSize)
        let length: Int?
        do {
            var all = memory.mutableSpan
            var room = all.extracting(first: Decompressor.longest)
            length = try? decompressor.decompress(packet.span, model: model, into: &room)
        }
        try require(
            memory.suffix(guardSize).allSatisfy { $0 == mark }, "model \(model) writes beyond the longest packet")
        guard let length else { return nil }
        try require(length <= Decompressor.longest, "model \(model) says \(length) bytes")
        return Array(memory.prefix(length))
    }
}
