import ClientProtocol
import ClusterMap
import Glibc
import LocalWire
import Testing

@testable import LocalClient
@testable import LocalIPC

/// Both sides of the same rings: the server's files, and what a client makes of them (spec: ipc.md 3.2).
@Suite(.serialized) struct RingMemoryTests {
    private static let largest = 20_000

    private func rings() throws -> ClientRings {
        try ClientRings(
            service: "cpg", client: 78, connection: 1, user: getuid(), group: getgid(), largestMessage: Self.largest)
    }

    private func open(_ path: String, owners: [uid_t] = [getuid()], largest: Int = largest) throws -> RingMemory {
        try RingMemory(path: path, owners: owners, largestMessage: largest)
    }

    private func message(_ length: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length) } }

    @Test func `Messages of every length reach the other side, round and round`() throws {
        let server = try rings()
        let request = try open(server.paths.request)
        let event = try open(server.paths.event)
        var writer = RingWriter(words: request.words, largestMessage: Self.largest)
        var reader = RingReader(words: event.words, largestMessage: Self.largest)
        let isInUse = request.isInUse
        #expect(isInUse)
        for round in 0..<200 {
            let sent = message(round * 97 % (Self.largest + 1))
            let isWritten = try request.write(sent, &writer)
            #expect(isWritten)
            var taken: [UInt8] = []
            #expect(try server.takeRequest(into: &taken))
            #expect(taken == sent)
            #expect(try server.write(sent, .event))
            let read = try event.read(&reader, waiting: 0)
            #expect(read == sent)
        }
        let more = try event.read(&reader, waiting: 0)
        #expect(more == nil)
        #expect(throws: RingFault.length(UInt32(Self.largest + 1))) {
            try request.write(message(Self.largest + 1), &writer)
        }
    }

    @Test func `A full ring takes no more, and the server's words are seen`() throws {
        let server = try rings()
        let request = try open(server.paths.request)
        var writer = RingWriter(words: request.words, largestMessage: Self.largest)
        var count = 0
        while try request.write(message(1000), &writer) { count += 1 }
        #expect(count > 10)
        var taken: [UInt8] = []
        #expect(try server.takeRequest(into: &taken))
        let hasRoom = try request.write(message(1000), &writer)
        #expect(hasRoom)
        let words = [request.flowControl]
        server.setFlowControl(2)
        let changed = request.flowControl
        #expect(words + [changed] == [0, 2])
        server.close()
        let isInUse = request.isInUse
        #expect(!isInUse)
    }

    /// What a server that has gone wrong says of its files.
    @Test func `Files that are no ring are not touched`() throws {
        let server = try rings()
        func refuses(_ code: ClientError, _ owners: [uid_t] = [getuid()], largest: Int = Self.largest) -> Bool {
            do throws(LocalClientError) {
                _ = try RingMemory(path: server.paths.event, owners: owners, largestMessage: largest)
                return false
            } catch {
                return error.code == code
            }
        }
        let (header, data) = (server.paths.event + "-header", server.paths.event + "-data")
        #expect(refuses(.access, [getuid() + 1]))
        #expect(refuses(.library, largest: 100_000))
        #expect(truncate(data, 4096) == 0)
        #expect(refuses(.library))
        #expect(truncate(header, 8000) == 0)
        #expect(refuses(.library))
        #expect(truncate(header, 0) == 0)
        #expect(refuses(.library))
        #expect(unlink(header) == 0)
        #expect(refuses(.notExist))
        #expect(symlink(data, header) == 0)
        #expect(refuses(.library))
        #expect(unlink(header) == 0)
        #expect(mkfifo(header, 0o600) == 0)
        #expect(refuses(.access))
        #expect(unlink(header) == 0)
    }

    @Test(arguments: [UInt32.max, 0, 3, 1 << 31, 100_000])
    func `A header that lies about its size is none`(words: UInt32) throws {
        let server = try rings()
        let file = Glibc.open(server.paths.response + "-header", O_RDWR)
        try #require(file >= 0)
        defer { close(file) }
        let written = withUnsafeBytes(of: words) { pwrite(file, $0.baseAddress, 4, off_t(RingLayout.wordCountOffset)) }
        #expect(written == 4)
        #expect(throws: LocalClientError.self) { _ = try open(server.paths.response) }
    }

    @Test func `Words the server writes anywhere lead nowhere`() throws {
        let server = try rings()
        let event = try open(server.paths.event)
        var reader = RingReader(words: event.words, largestMessage: Self.largest)
        #expect(try server.write(message(8), .event))
        let file = Glibc.open(server.paths.event + "-data", O_RDWR)
        try #require(file >= 0)
        defer { close(file) }
        let length: UInt32 = 0x7FFF_FFF0
        #expect(withUnsafeBytes(of: length) { pwrite(file, $0.baseAddress, 4, 0) } == 4)
        #expect(throws: RingFault.length(length)) { try event.read(&reader, waiting: 0) }
    }

    @Test func `What a dead server leaves is taken away, and nothing that has its name by now`() throws {
        let server = try rings()
        let request = try open(server.paths.request)
        let response = try open(server.paths.response)
        let event = try open(server.paths.event)
        let replaced = server.paths.event + "-data"
        #expect(unlink(replaced) == 0)
        let other = Glibc.open(replaced, O_RDWR | O_CREAT, 0o600)
        close(other)
        (request.files + response.files + event.files).remove()
        #expect(access(replaced, F_OK) == 0)
        #expect(access(server.paths.request + "-header", F_OK) != 0)
        #expect(access(server.paths.response + "-data", F_OK) != 0)
        #expect(unlink(replaced) == 0)
    }
}
