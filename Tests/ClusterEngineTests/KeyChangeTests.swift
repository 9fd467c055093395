import Basics
import Links
import Testing
import TotemWire

@testable import ClusterEngine

/// A change of keys in a ring of whole engines: what a node waits for before it seals with the new key, and what ends that.
@Suite("Changes of keys in a ring")
struct KeyChangeTests {
    private func ring(_ nodes: Int, _ file: LinkedCluster.File = .clear) throws -> LinkedCluster {
        var cluster = try LinkedCluster(nodes: nodes, file)
        try #require(cluster.run(upTo: 20_000) { $0.isWhole })
        cluster.run(milliseconds: 1000)
        return cluster
    }

    /// Whether a datagram has a message of the ring in it.
    private static func isMessage(_ bytes: [UInt8]) -> Bool { bytes.count > 17 && bytes[1] == 0 && bytes[14 + 3] == 1 }

    private static let changes: [[LinkedCluster.File]] = [
        [.clear, .sealed(1), .sealed(2), .sealed(3, hash: "sha512"), .clear],
        [.sealed(1), .sealed(2), .clear, .sealed(3)],
    ]

    @Test("Keys are turned on, changed and turned off: nothing is lost, and the ring stays", arguments: changes)
    func change(files: [LinkedCluster.File]) throws {
        var cluster = try ring(3, files[0])
        let before = cluster.ringsLost
        for (number, file) in files.enumerated().dropFirst() {
            cluster.files = Array(repeating: file, count: 3)
            cluster.orderReload(by: number % 3)
            #expect(cluster.run(upTo: 1000) { cluster in (0..<3).allSatisfy { cluster.sealing($0) == file.key } })
            // Each second one comes while the key before the last still opens.
            if number % 2 == 0 { cluster.run(milliseconds: 5000) }
        }
        cluster.run(milliseconds: 5000)
        #expect(cluster.unopened == 0 && cluster.ringsLost == before && cluster.isWhole)
        #expect(cluster.endings == Array(repeating: files.count - 1, count: 3))
        #expect(cluster.wipes == cluster.endings)
        let isClear = files.last?.key == nil
        #expect((0..<3).allSatisfy { cluster.keySlots($0)?.isClearAllowed == isClear })
    }

    @Test("Encryption that is turned off right behind a change of keys leaves datagrams as long as the path carries")
    func sealedUntilSelected() throws {
        var cluster = try ring(2, .sealed(1))
        let overhead = SealOverhead(hasCipher: true, hashSize: 32)
        cluster.run(milliseconds: 5000)
        #expect(cluster.linkMTU(from: 0, to: 1) == LinkSizes(.v4, overhead).linkMTU(path: 1500))
        for file in [.sealed(2), .clear] as [LinkedCluster.File] {
            cluster.files = [file, file]
            cluster.orderReload(by: 0)
            #expect(cluster.run(upTo: 1000) { cluster in (0..<2).allSatisfy { cluster.sealing($0) == file.key } })
        }
        cluster.run(milliseconds: 5000)
        #expect(cluster.linkMTU(from: 0, to: 1) == LinkSizes(.v4, .clear).linkMTU(path: 1500))
        #expect(!cluster.lines.joined().contains { $0.contains("possible MTU misconfiguration") })
    }

    @Test("Nobody seals with the new key while a member lacks the order to read the file")
    func missedOrder() throws {
        var cluster = try ring(3, .sealed(1))
        let before = cluster.ringsLost
        cluster.files = Array(repeating: .sealed(2), count: 3)
        // The others' tokens go round many times meanwhile.
        cluster.arrives = { _, to, bytes in to != 2 || !Self.isMessage(bytes) }
        cluster.orderReload(by: 0)
        cluster.run(milliseconds: 800)
        #expect((0..<3).map { cluster.sealing($0) } == [1, 1, 1])
        #expect(cluster.isChangingKeys(0) && cluster.isChangingKeys(1) && !cluster.isChangingKeys(2))
        cluster.arrives = { _, _, _ in true }
        #expect(cluster.run(upTo: 1000) { cluster in (0..<3).allSatisfy { cluster.sealing($0) == 2 } })
        #expect(cluster.run(upTo: 1000) { cluster in (0..<3).allSatisfy { !cluster.isChangingKeys($0) } })
        #expect(cluster.unopened == 0 && cluster.ringsLost == before && cluster.isWhole)
    }

    @Test("A member whose machine has not got the file is waited for, and left behind after two token timeouts")
    func oldFile() throws {
        var cluster = try ring(3, .sealed(1))
        let token = UInt64(cluster.engines[0].engine.configuration.ring.token)
        cluster.files = [.sealed(2), .sealed(2), .sealed(1)]
        cluster.orderReload(by: 0)
        cluster.run(milliseconds: token)
        #expect((0..<3).map { cluster.sealing($0) } == [1, 1, 1] && cluster.isWhole)
        #expect(cluster.run(upTo: 2 * token) { $0.sealing(0) == 2 && $0.sealing(1) == 2 })
        #expect(cluster.run(upTo: 10 * token) { !$0.isChangingKeys(0) && !$0.isChangingKeys(1) })
        #expect(!cluster.isWhole && cluster.unopened > 0)
        // With the file it comes back.
        cluster.files[2] = .sealed(2)
        #expect(cluster.run(upTo: 10 * token) { !$0.engines[2].engine.look().isSynchronizing })
        cluster.orderReload(by: 2)
        #expect(cluster.run(upTo: 10 * token) { $0.isWhole })
        #expect(cluster.sealing(2) == 2)
    }

    @Test("A member that gets the file in time, and is told, ends the others' wait")
    func lateFile() throws {
        var cluster = try ring(3, .sealed(1))
        let before = cluster.ringsLost
        cluster.files = [.sealed(2), .sealed(2), .sealed(1)]
        cluster.orderReload(by: 0)
        cluster.run(milliseconds: 500)
        cluster.files[2] = .sealed(2)
        cluster.orderReload(by: 2)
        #expect(cluster.run(upTo: 500) { cluster in (0..<3).allSatisfy { cluster.sealing($0) == 2 } })
        #expect(cluster.run(upTo: 500) { cluster in (0..<3).allSatisfy { !cluster.isChangingKeys($0) } })
        #expect(cluster.unopened == 0 && cluster.ringsLost == before && cluster.isWhole)
    }

    @Test("A member that dies is not waited for")
    func death() throws {
        var cluster = try ring(3, .sealed(1))
        let token = UInt64(cluster.engines[0].engine.configuration.ring.token)
        cluster.files = [.sealed(2), .sealed(2), .sealed(1)]
        cluster.orderReload(by: 0)
        cluster.run(milliseconds: 10)
        cluster.kill(2)
        #expect(cluster.run(upTo: 4 * token) { $0.isWhole })
        #expect(cluster.run(upTo: 100) { $0.sealing(0) == 2 && $0.sealing(1) == 2 })
        #expect(cluster.run(upTo: 100) { !$0.isChangingKeys(0) && !$0.isChangingKeys(1) })
        #expect(cluster.unopened == 0)
    }

    @Test("A reload in the middle of a change waits for its end, on every node")
    func reloadDuringChange() throws {
        var cluster = try ring(3, .sealed(1))
        let before = cluster.ringsLost
        cluster.files = Array(repeating: .sealed(2), count: 3)
        cluster.orderReload(by: 0)
        var isInTheMiddle = false
        for _ in 0..<10_000 where !isInTheMiddle {
            cluster.run(microseconds: 20)
            isInTheMiddle = (0..<3).allSatisfy { cluster.isChangingKeys($0) && cluster.sealing($0) == 1 }
        }
        try #require(isInTheMiddle)
        cluster.files = Array(repeating: .sealed(3, hash: "sha512"), count: 3)
        cluster.orderReload(by: 1)
        #expect(cluster.run(upTo: 1000) { cluster in (0..<3).allSatisfy { cluster.sealing($0) == 3 } })
        cluster.run(milliseconds: 5000)
        #expect(cluster.endings == [2, 2, 2])
        #expect(cluster.unopened == 0 && cluster.ringsLost == before && cluster.isWhole)
    }

    @Test("A token that was sealed with the new key ends the wait, as a Corosync's does")
    func sealedToken() throws {
        var cluster = try ring(2, .sealed(1))
        cluster.files = [.sealed(2), .sealed(2)]
        cluster.arrives = { _, _, bytes in !Self.isMessage(bytes) }
        cluster.orderReload(by: 0)
        #expect(cluster.run(upTo: 100) { $0.isChangingKeys(0) })
        #expect(cluster.sealing(0) == 1)
        let next = try #require(cluster.keySlots(0)?.next)
        cluster.engines[0].engine.takeSealedToken(.first, now: cluster.now)
        #expect(cluster.sealing(0) == 1, "a token with the old key")
        cluster.engines[0].engine.takeSealedToken(next, now: cluster.now)
        #expect(cluster.sealing(0) == 2)
    }
}
