import LocalWire
import Testing
import TotemWire

/// The bytes of a connection's first exchange (spec: ipc.md 3.1, 3.2).
struct HandshakeTests {
    private let request: [UInt8] =
        [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0]

    private func decoded(_ bytes: [UInt8]) -> ConnectRequest? { ConnectRequest(decoding: bytes.span) }

    @Test func `A request is its id and the size that is wanted`() {
        #expect(decoded(request) == ConnectRequest(largestMessage: 1_048_576))
        var writer = ByteWriter()
        ConnectRequest(largestMessage: 1_048_576).encode(into: &writer)
        #expect(writer.bytes == request)
        #expect(decoded(Array(request.dropLast())) == nil)
        #expect(decoded(request + [0]) == nil)
        #expect(decoded([0] + request.dropFirst()) == nil)
    }

    @Test func `Nobody gets more than a library needs, or less than an answer takes`() {
        #expect(ConnectRequest(largestMessage: .max).granted == 1_048_576)
        #expect(ConnectRequest(largestMessage: 0).granted == 12_328)
        #expect(ConnectRequest(largestMessage: 100_000).granted == 100_000)
    }

    @Test func `A refusal is an error alone`() {
        var writer = ByteWriter()
        ConnectAnswer.refused(13).encode(into: &writer)
        #expect(writer.count == 12_328)
        #expect(Array(writer.bytes[16..<20]) == [0xF3, 0xFF, 0xFF, 0xFF])
        #expect(writer.bytes[20...].allSatisfy { $0 == 0 })
    }

    @Test func `An answer names three rings`() {
        var writer = ByteWriter()
        let paths = RingPaths(folder: "/dev/shm/qb-1-2-3-abcdef", service: "cpg")
        ConnectAnswer.accepted(connection: 5, largestMessage: 1_048_576, rings: paths).encode(into: &writer)
        let bytes = writer.bytes
        #expect(bytes.count == 12_328)
        #expect(Array(bytes[16..<40]) == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 5, 0, 0, 0, 0, 0, 0, 0])
        for (offset, ring) in [(40, "request"), (4136, "response"), (8232, "event")] {
            let text = String(decoding: bytes[offset...].prefix { $0 != 0 }, as: UTF8.self)
            #expect(text == "/dev/shm/qb-1-2-3-abcdef/qb-\(ring)-cpg")
        }
    }

    @Test func `A header tells its client the size and where the data lies`() {
        var writer = ByteWriter()
        RingHeader(words: 263_168, headerPath: "/h", dataPath: String(repeating: "d", count: 5000)).encode(
            into: &writer)
        let bytes = writer.bytes
        #expect(bytes.count == RingLayout.semaphoreOffset && RingLayout.semaphoreOffset == 8208)
        #expect(RingLayout.flowControlOffset == 8240 && RingLayout.headerSize == 8252)
        #expect(Array(bytes[0..<15]) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 0, 0x2F, 0x68, 0])
        // Too long a path is cut, with its zero byte.
        #expect(bytes[4108..<8203].allSatisfy { $0 == 0x64 } && bytes[8203] == 0)
        #expect(Array(bytes[8204...]) == [1, 0, 0, 0])
    }

    private func written(_ answer: ConnectAnswer) -> [UInt8] {
        var writer = ByteWriter()
        answer.encode(into: &writer)
        return writer.bytes
    }

    @Test func `An answer is read as it was written`() throws {
        let paths = RingPaths(folder: "/dev/shm/qb-1-2-3-abcdef", service: "cpg")
        for answer in [
            ConnectAnswer.refused(13), .accepted(connection: .max, largestMessage: 1_048_576, rings: paths),
        ] {
            #expect(try ConnectAnswer(decoding: written(answer).span) == answer)
        }
    }

    @Test func `An answer no client can use is none`() throws {
        let paths = RingPaths(folder: "/dev/shm/qb-1-2-3-abcdef", service: "cpg")
        let bytes = written(.accepted(connection: 5, largestMessage: 1_048_576, rings: paths))
        let short = Array(bytes.dropLast())
        #expect(throws: HandshakeFault.size(12_327)) { try ConnectAnswer(decoding: short.span) }
        var sockets = bytes
        sockets[24] = 0
        #expect(throws: HandshakeFault.kind(0)) { try ConnectAnswer(decoding: sockets.span) }
        for offset in [40, 4136, 8232] {
            var unnamed = bytes
            unnamed[offset] = 0
            #expect(throws: HandshakeFault.paths) { try ConnectAnswer(decoding: unnamed.span) }
            var endless = bytes
            for index in offset..<(offset + 4096) { endless[index] = 65 }
            #expect(throws: HandshakeFault.paths) { try ConnectAnswer(decoding: endless.span) }
        }
    }

    @Test func `A header is read as it was written, and one that is cut short is none`() throws {
        var writer = ByteWriter()
        RingHeader(words: 263_168, headerPath: "/h", dataPath: "/d").encode(into: &writer)
        func decoded(_ bytes: [UInt8]) -> RingHeader? { RingHeader(decoding: bytes.span) }
        let header = try #require(decoded(writer.bytes))
        #expect(header.words == 263_168 && header.headerPath == "/h" && header.dataPath == "/d")
        for size in [0, 11, 12, 4107, 8203] { #expect(decoded(Array(writer.bytes.prefix(size))) == nil) }
        var unnamed = writer.bytes
        unnamed[4108] = 0
        #expect(decoded(unnamed) == nil)
    }

    /// Whatever a header says, nothing is touched outside its files.
    @Test func `A ring larger than its files, or too small for its messages, is none`() {
        func fits(_ words: Int, headerSize: Int = 8252, dataSize: Int = 1_052_672, largest: Int = 1_048_576) -> Bool {
            RingHeader(words: words, headerPath: "/h", dataPath: "/d")
                .fits(headerSize: headerSize, dataSize: dataSize, largestMessage: largest)
        }
        #expect(fits(263_168))
        #expect(fits(263_168, headerSize: 8248))
        #expect(!fits(263_168, headerSize: 8240))
        #expect(!fits(263_169))
        #expect(!fits(263_168, dataSize: 1_052_671))
        #expect(!fits(262_000))
        #expect(!fits(0) && !fits(0, largest: 0))
        #expect(!fits(Int(UInt32.max), dataSize: .max))
        #expect(!fits(263_168, largest: Int(UInt32.max)))
    }
}
