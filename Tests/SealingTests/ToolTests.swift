import Foundation
import Links
import Testing

@testable import Sealing

/// What we compress, read by the models' own tools. lz4 and lzo2 have none for blocks without a frame.
@Suite struct ToolTests {
    private static let plain = Array("a packet of the ring; ".utf8.cycled(5000))

    private static func program(_ name: String) -> String? {
        ["/usr/bin/", "/bin/"].map { $0 + name }.first(where: FileManager.default.isExecutableFile)
    }

    /// What a tool makes of it with the option -dc.
    private static func unpacked(by tool: String, _ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: tool)
        process.arguments = ["-dc"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](data)
    }

    /// A stream of zlib as a member of a gzip file: the same blocks with another head and sum.
    private static func gzip(_ stream: [UInt8]) -> [UInt8] {
        var sum: UInt32 = ~0
        for byte in plain {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        let trailer = [~sum, UInt32(plain.count)].flatMap { word in (0..<4).map { UInt8(word >> ($0 * 8) & 0xff) } }
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + stream.dropFirst(2).dropLast(4) + trailer
    }

    @Test(
        "Streams of ours are read by the tool of their format",
        arguments: [
            (CompressionModel.zlib, "gzip"), (.lzma, "xz"), (.bzip2, "bzip2"), (.zstd, "zstd"),
        ])
    func tools(model: CompressionModel, name: String) throws {
        guard let tool = Self.program(name) else { return }
        var compressor = try Compressor(model, level: model == .bzip2 ? 5 : 0, threshold: 0)
        let packet = compressor.packet(Self.plain)
        let short = try #require(packet)
        #expect(try Self.unpacked(by: tool, model == .zlib ? Self.gzip(short) : short) == Self.plain)
    }
}
