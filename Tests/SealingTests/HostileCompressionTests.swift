import Links
import Testing

@testable import Sealing

/// What arrives compressed may be anything (spec: knet.md 7, 13).
@Suite struct HostileCompressionTests {
    @Test("Bombs are refused within the room")
    func bombs() throws {
        var decompressor = Decompressor()
        #expect(Set(Vectors.bombs.compactMap { $0.name.first?.wholeNumberValue }) == Set(1...7))
        for (name, bytes) in Vectors.bombs {
            let model = UInt8(name.first?.wholeNumberValue ?? 0)
            #expect(throws: CompressionError.self, "\(name)") { try decompressor.packet(bytes, model) }
            #expect(throws: CompressionError.self, "\(name)") { try decompressor.packet(bytes, model, room: 100) }
        }
    }

    @Test("Damaged packets of each model never reach beyond the room, and the next good one is read")
    func damage() throws {
        var decompressor = Decompressor()
        for (_, packet) in Vectors.compressed {
            let model = packet[8]
            let good = Array(packet.dropFirst(14))
            for bit in 0..<(good.count * 8) {
                var bytes = good
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                for room in [Decompressor.longest, 615, 40] {
                    _ = try? decompressor.packet(bytes, model, room: room)
                }
            }
            for length in 0..<good.count {
                _ = try? decompressor.packet(Array(good.prefix(length)), model)
                _ = try? decompressor.packet(Array(good.suffix(length)), model)
            }
            #expect(try decompressor.packet(good, model).count == 615)
        }
    }

    @Test("Noise, empty packets and those of another model never reach beyond the room")
    func noise() throws {
        var decompressor = Decompressor()
        var random = SystemRandomNumberGenerator()
        for model in 1...7 as ClosedRange<UInt8> {
            #expect(throws: CompressionError.self) { try decompressor.packet([], model) }
            for (_, other) in Vectors.compressed where other[8] != model {
                _ = try? decompressor.packet(Array(other.dropFirst(14)), model)
            }
            for round in 0..<2000 {
                let start = Vectors.compressed[Int(model) - 1].bytes[14..<(14 + round % 12)]
                let bytes = start + (0..<(round % 300)).map { _ in random.next() as UInt8 }
                _ = try? decompressor.packet(Array(bytes), model, room: round % 2 == 0 ? 65_536 : 64)
            }
        }
    }

    @Test("Frames of zstd's versions before 1.0, and such as are to be skipped, are refused")
    func oldFrames() {
        var decompressor = Decompressor()
        for first in [0x1e, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27] as [UInt8] {
            let frame = [first, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0]
            #expect(throws: CompressionError.malformed(.zstd)) { try decompressor.packet(frame, 7) }
        }
        #expect(throws: CompressionError.malformed(.zstd)) {
            try decompressor.packet([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], 7)
        }
    }
}
