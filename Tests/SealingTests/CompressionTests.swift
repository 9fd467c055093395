import ClusterConfiguration
import Foundation
import Links
import Testing

@testable import Sealing

extension Decompressor {
    /// Decompresses into exactly `room` bytes, behind which nothing may be written.
    mutating func packet(_ bytes: [UInt8], _ model: UInt8, room: Int = Decompressor.longest) throws -> [UInt8] {
        var memory = [UInt8](repeating: 0xee, count: room + 64)
        let count = try memory.withUnsafeMutableBufferPointer { memory throws(CompressionError) in
            var out = MutableSpan(_unsafeElements: memory.extracting(0..<room))
            return try decompress(bytes.span, model: model, into: &out)
        }
        #expect(count <= room)
        #expect(memory[room...].allSatisfy { $0 == 0xee }, "written beyond the room")
        return Array(memory.prefix(count))
    }
}

extension Compressor {
    mutating func packet(_ bytes: [UInt8]) -> [UInt8]? {
        var memory = [UInt8](repeating: 0xee, count: bytes.count)
        var out = memory.mutableSpan
        return compress(bytes.span, into: &out).map { Array(memory.prefix($0)) }
    }
}

/// Spec: knet.md 7.
@Suite struct CompressionTests {
    static let models = CompressionModel.allCases.filter { $0 != .none }
    /// Every level that a model has, or so many of them that the others are alike.
    static let levels: [(CompressionModel, Int32)] = models.flatMap { model -> [(CompressionModel, Int32)] in
        let levels: [Int32] =
            switch model {
            case .none: []
            case .zlib: [-1, 0, 1, 6, 9]
            case .lz4: [0, 1, 2, 100, 65_537]
            case .lz4hc: [0, 1, 9, 12]
            case .lzo2: [0, 1, 11, 12, 15, 999]
            case .lzma: [0, 6, 9]
            case .bzip2: [1, 9]
            case .zstd: [-100, 0, 1, 19, 22]
            }
        return levels.map { (model, $0) }
    }

    /// What compresses well, like a packet of text.
    private static func text(_ length: Int) -> [UInt8] {
        Array("the ring has a token, and the token has the ring; ".utf8.cycled(length))
    }

    @Test("Captured packets of each model become the ring's packet, whatever the own model is")
    func vectors() throws {
        var decompressor = Decompressor()
        #expect(Vectors.compressed.map { $0.bytes[8] } == [1, 2, 3, 4, 5, 6, 7])
        let plain = try Vectors.compressed.map { try decompressor.packet(Array($0.bytes.dropFirst(14)), $0.bytes[8]) }
        for (packet, (name, _)) in zip(plain, Vectors.compressed) {
            #expect(packet.count == 615, "\(name)")
            #expect(packet.starts(with: [0x70, 0xc0, 0x03, 0x01]), "\(name)")
        }
    }

    @Test("What a model has made shorter becomes what it was", arguments: levels)
    func roundTrip(model: CompressionModel, level: Int32) throws {
        var compressor = try Compressor(model, level: level, threshold: 0)
        var decompressor = Decompressor()
        for length in [101, 500, 1446, 20_000, 65_536] {
            let plain = Self.text(length)
            guard let short = compressor.packet(plain) else {
                // The fastest of all do not find anything in so little.
                #expect(length < 500 || level < 0 || level > 1000 || model == .bzip2)
                continue
            }
            #expect(short.count < length)
            #expect(try decompressor.packet(short, model.rawValue) == plain)
            // A room that is just large enough is, one that is not gets nothing beyond it.
            #expect(try decompressor.packet(short, model.rawValue, room: length) == plain)
            #expect(throws: CompressionError.self) {
                try decompressor.packet(short, model.rawValue, room: length - 1)
            }
        }
    }

    @Test("Captured packets, decompressed and compressed again, go the same way back", arguments: models)
    func capturedAgain(model: CompressionModel) throws {
        var decompressor = Decompressor()
        let captured = try #require(Vectors.compressed.first { $0.bytes[8] == model.rawValue }).bytes.dropFirst(14)
        let plain = try decompressor.packet(Array(captured), model.rawValue)
        var compressor = try Compressor(model, level: 0 + (model == .bzip2 ? 1 : 0), threshold: 0)
        let packet = compressor.packet(plain)
        let short = try #require(packet)
        #expect(try decompressor.packet(short, model.rawValue) == plain)
    }

    @Test("What is short, or would not become shorter, goes as it is", arguments: models)
    func incompressible(model: CompressionModel) throws {
        var compressor = try Compressor(model, level: model == .bzip2 ? 9 : 0, threshold: 0)
        var random = SystemRandomNumberGenerator()
        for length in [101, 1446, 65_536] {
            #expect(compressor.packet((0..<length).map { _ in random.next() }) == nil)
        }
        #expect(compressor.packet(Self.text(100)) == nil)
        var late = try Compressor(model, level: model == .bzip2 ? 9 : 0, threshold: 5000)
        #expect(late.packet(Self.text(5000)) == nil)
        #expect(late.packet(Self.text(5001)) != nil)
    }

    @Test("A level that a model does not have is refused with those it has")
    func refusedLevels() {
        func words(_ model: CompressionModel, _ level: Int32) -> String {
            do throws(CompressionError) {
                let compressor = try Compressor(model, level: level, threshold: 0)
                return "\(compressor.level) \(compressor.note ?? "")"
            } catch {
                return "\(error)"
            }
        }
        #expect(words(.zlib, 10) == "compress: zlib has no level 10; permitted: -1..9")
        #expect(words(.bzip2, 0) == "compress: bzip2 has no level 0; permitted: 1..9")
        #expect(words(.lzma, -1) == "compress: lzma has no level -1; permitted: 0..9")
        #expect(words(.lz4hc, 13) == "compress: lz4hc has no level 13; permitted: 1..12")
        #expect(words(.zstd, 23) == "compress: zstd has no level 23; permitted: -131072..22")
        #expect(words(.zlib, 0) == "-1 zlib does not compress at level 0; its default, -1, is taken")
        #expect(words(.lzo2, 5) == "1 lzo2 has the levels 1, 11, 12, 15 and 999; 1 is taken")
        #expect(words(.lzo2, 0) == "1 ")
    }

    @Test("A library that is missing is named with its package, an unknown model by its number")
    func missing() throws {
        let packages = ["zlib1g", "liblz4-1", "liblz4-1", "liblzo2-2", "liblzma5", "libbz2-1.0", "libzstd1"]
        for (model, package) in zip(Self.models, packages) {
            let words = "\(CompressionError.noLibrary(model, "no such file"))"
            #expect(words == "compress: \(model.name) cannot be used: no such file; install the package \(package)")
        }
        var decompressor = Decompressor()
        for number in [0, 8, 255] as [UInt8] {
            #expect(throws: CompressionError.unknownModel(number)) { try decompressor.packet([1, 2, 3], number) }
        }
    }
}

extension Collection {
    /// The elements again and again, `count` in all.
    func cycled(_ count: Int) -> [Element] {
        var result: [Element] = []
        while result.count < count { result += prefix(count - result.count) }
        return result
    }
}
