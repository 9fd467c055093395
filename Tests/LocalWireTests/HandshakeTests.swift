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
}
