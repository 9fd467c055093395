import Glibc
import LocalWire
import Testing

@testable import LocalIPC

/// The rings' files under a client that owns them (spec: ipc.md 3.2, 12).
@Suite(.serialized) struct ClientRingsTests {
    private static let largest = 100_000

    private func rings(_ connection: Int32 = 1) throws -> ClientRings {
        try ClientRings(
            service: "cpg", client: 77, connection: connection, user: getuid(), group: getgid(),
            largestMessage: Self.largest)
    }

    /// What a client does with the files, by their paths.
    private struct Files {
        let paths: RingPaths

        func write(_ words: [UInt32], at offset: Int, of path: String) throws {
            let file = open(path, O_RDWR)
            try #require(file >= 0)
            defer { close(file) }
            let count = words.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(offset)) }
            #expect(count == words.count * 4)
        }

        func words(_ count: Int, at offset: Int, of path: String) throws -> [UInt32] {
            let file = open(path, O_RDONLY)
            try #require(file >= 0)
            defer { close(file) }
            var words = [UInt32](repeating: 0, count: count)
            let read = words.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(offset)) }
            #expect(read == count * 4)
            return words
        }

        /// Puts the first request there, of two words.
        func send(_ first: UInt32, _ second: UInt32) throws {
            try write([8, RingMark.complete, first, second], at: 0, of: paths.request + "-data")
            try write([4], at: RingLayout.writePositionOffset, of: paths.request + "-header")
            try write([1], at: RingLayout.semaphoreOffset, of: paths.request + "-header")
        }

        func shorten(_ path: String, to size: Int) { #expect(truncate(path, off_t(size)) == 0) }
    }

    private func bytes(_ rings: ClientRings) throws(RingFault) -> [UInt8]? {
        var bytes: [UInt8] = []
        return try rings.takeRequest(into: &bytes) ? bytes : nil
    }

    @Test func `A client finds its files, and what it writes and reads there`() throws {
        let rings = try rings()
        let files = Files(paths: rings.paths)
        let words = try files.words(3, at: 0, of: rings.paths.request + "-header")
        #expect(words == [0, 0, UInt32(RingLayout.dataSize(largestMessage: Self.largest, pageSize: 4096) / 4)])
        try files.send(0x0403_0201, 0x0807_0605)
        #expect(try bytes(rings) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(try bytes(rings) == nil)
        #expect(try files.words(2, at: 0, of: rings.paths.request + "-header") == [4, 4])
        #expect(try files.words(2, at: 0, of: rings.paths.request + "-data") == [0, RingMark.taken])
        #expect(try files.words(1, at: RingLayout.semaphoreOffset, of: rings.paths.request + "-header") == [0])

        #expect(try rings.write([9, 8, 7, 6, 5], .event))
        #expect(try files.words(4, at: 0, of: rings.paths.event + "-data") == [5, RingMark.complete, 0x0607_0809, 5])
        #expect(try files.words(1, at: RingLayout.semaphoreOffset, of: rings.paths.event + "-header") == [1])
        rings.setFlowControl(2)
        #expect(try files.words(1, at: RingLayout.flowControlOffset, of: rings.paths.request + "-header") == [2])
        #expect(!rings.isLost)
    }

    @Test func `Nothing is left of the files`() throws {
        let rings = try rings()
        #expect(access(rings.paths.event + "-data", F_OK) == 0)
        rings.close()
        #expect(access(rings.paths.event + "-data", F_OK) != 0)
        #expect(access(String(rings.paths.event.dropLast("/qb-event-cpg".count)), F_OK) != 0)
    }

    @Test(arguments: ["request", "response", "event"], ["header", "data"])
    func `A file that is cut short costs its client the connection, and nobody else anything`(
        ring: String, part: String
    ) throws {
        let rings = try rings()
        let others = try self.rings(2)
        let files = Files(paths: rings.paths)
        try files.send(1, 2)
        let stem = String(rings.paths.request.dropLast("request-cpg".count))
        files.shorten("\(stem)\(ring)-cpg-\(part)", to: 0)
        _ = try? bytes(rings)
        _ = try? rings.write([1, 2, 3], .response)
        _ = try? rings.write([1, 2, 3], .event)
        rings.setFlowControl(1)
        #expect(rings.isLost)
        #expect(!others.isLost)
        try Files(paths: others.paths).send(3, 4)
        #expect(try bytes(others) == [3, 0, 0, 0, 4, 0, 0, 0])
        rings.close()
        #expect(access("\(stem)\(ring)-cpg-\(part)", F_OK) != 0)
    }

    @Test func `What a client puts in place of its folder stays`() throws {
        let rings = try rings()
        let folder = String(rings.paths.event.dropLast("/qb-event-cpg".count))
        let moved = folder + ".moved"
        let victim = folder + ".victim"
        #expect(rename(folder, moved) == 0 && mkdir(victim, 0o700) == 0 && symlink(victim, folder) == 0)
        let file = open(victim + "/qb-event-cpg-data", O_RDWR | O_CREAT, 0o600)
        close(file)
        rings.close()
        #expect(access(victim + "/qb-event-cpg-data", F_OK) == 0)
        unlink(folder)
        #expect(rename(victim, folder) == 0)
        let again = try self.rings(3)
        again.close()
        #expect(access(folder + "/qb-event-cpg-data", F_OK) == 0)
        unlink(folder + "/qb-event-cpg-data")
        rmdir(folder)
        for ring in ["request", "response", "event"] {
            for part in ["header", "data"] { unlink("\(moved)/qb-\(ring)-cpg-\(part)") }
        }
        #expect(rmdir(moved) == 0)
    }

    @Test func `Whatever a client writes into its headers, the server stays where it is`() throws {
        for offset in stride(from: 0, to: 12, by: 4) {
            for value: UInt32 in [1, 3, 5, 0x7FFF_FFFF, .max] {
                let rings = try rings()
                let files = Files(paths: rings.paths)
                try files.send(1, 2)
                for ring in [rings.paths.request, rings.paths.response, rings.paths.event] {
                    try files.write([value], at: offset, of: ring + "-header")
                    try files.write([.max, .max, .max, .max], at: RingLayout.semaphoreOffset, of: ring + "-header")
                    try files.write([UInt32](repeating: 0x2F2F_2F2F, count: 2047), at: 12, of: ring + "-header")
                }
                for _ in 0..<3 { _ = try? bytes(rings) }
                for _ in 0..<50 { _ = try? rings.write([UInt8](repeating: 1, count: 30_000), .event) }
                _ = try? rings.write([1], .response)
                #expect(!rings.isLost)
                rings.close()
                #expect(access(rings.paths.request + "-header", F_OK) != 0)
            }
        }
    }
}
