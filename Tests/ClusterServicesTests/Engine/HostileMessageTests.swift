import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

/// Messages no correct node sends: each is counted, logged and without effect (spec: services.md 13).
@Suite("Hostile messages")
struct HostileMessageTests {
    private func node() throws -> Node {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        ProcessGroupTests.join(&cluster, 1, 10)
        ProcessGroupTests.join(&cluster, 2, 20)
        cluster.forget()
        return cluster[1]
    }

    private func expectRefused(_ bytes: [UInt8], _ group: MessageGroup = .services, saying text: String) throws {
        var node = try node()
        let before = node.engine.groupProcesses
        node.deliver(group, bytes, from: NodeID(2), order: .little)
        #expect(node.engine.counters.malformed == 1)
        #expect(node.lines.last?.text.contains(text) == true, "\(node.lines.last?.text ?? "nothing")")
        #expect(node.sent.isEmpty && node.notifications.isEmpty && node.engine.groupProcesses == before)
    }

    private func vector(_ name: String, _ changes: [Int: UInt8]) throws -> [UInt8] {
        var bytes = try Vectors.bytes(name)
        for (offset, value) in changes { bytes[offset] = value }
        return bytes
    }

    @Test("Each known attack is named in the log")
    func attacks() throws {
        try expectRefused(Array(try Vectors.bytes("20-cfg-killnode-3")[..<20]), saying: "too short: nodeid")
        try expectRefused(try vector("20-cfg-killnode-3", [25: 0xff]), saying: "reason.length")
        try expectRefused(try vector("54-cpg-joinlist-1", [10: 1]), saying: "header.size")
        try expectRefused(try vector("54-cpg-joinlist-1", [8: 0xa9]), saying: "header.size")
        try expectRefused(try vector("30-cpg-procjoin-alpha", [16: 129]), saying: "group name length is 129")
        try expectRefused(try vector("30-cpg-procjoin-alpha", [19: 0x7f]), saying: "group name length")
        try expectRefused(try vector("40-cpg-mcast-hello", [152: 6]), saying: "too short: message")
        try expectRefused(try vector("40-cpg-mcast-hello", [155: 0xff]), saying: "too short: message")
        try expectRefused(try vector("43-cpg-partial-last-100", [160: 101]), saying: "too short: fragment")
        try expectRefused(try vector("43-cpg-partial-last-100", [163: 0xff]), saying: "fraglen")
        try expectRefused(try vector("43-cpg-partial-last-100", [176: 4]), saying: "type")
        try expectRefused(try vector("52-cpg-downlist-left-3", [25: 2]), saying: "left_nodes is 513")
        try expectRefused(try vector("10-cmap-sync-no-version", [24: 33]), saying: "no_items")
        try expectRefused(try vector("10-cmap-sync-no-version", [24: 2]), saying: "too short")
        try expectRefused(try vector("11-cmap-sync-version-5", [48 + 272: 9]), saying: "value_len")
        try expectRefused(try vector("11-cmap-sync-version-5", [48 + 279: 0xff]), saying: "value_len")
        try expectRefused(try vector("11-cmap-sync-version-5", [48 + 264: 11]), saying: "value_type")
        var name = try Vectors.bytes("86-vq-qdevice-register")
        for index in 20..<275 { name[index] = 65 }
        try expectRefused(name, saying: "name is 255, allowed is text with a terminating NUL")
        try expectRefused(try vector("62-vq-nodeinfo-quorate", [16: 3]), saying: "it speaks for node 3")
        try expectRefused(try vector("01-sync-service-build-four", [32: 129]), .synchronization, saying: "entries")
        try expectRefused(try vector("01-sync-service-build-four", [35: 0xff]), .synchronization, saying: "entries")
        try expectRefused(try vector("01-sync-service-build-four", [40: 64]), .synchronization, saying: "list is 64")
        try expectRefused(try vector("04-sync-barrier-ring-2.5", [0: 2]), .synchronization, saying: "header.id")
        try expectRefused([1, 2, 3], saying: "service message of 3 bytes")
        try expectRefused([], .synchronization, saying: "synchronization message of 0 bytes")
    }

    @Test("Unknown services are dropped silently, unknown functions with Corosync's words")
    func unknown() throws {
        var node = try node()
        for service in [4, 8, 64, 65535] as [UInt32] {
            var writer = ByteWriter()
            ServiceHeader(id: service << 16, size: 16).encode(into: &writer)
            node.deliver(.services, writer.bytes, from: NodeID(2))
        }
        #expect(node.lines.isEmpty)
        #expect(node.engine.counters.unknownService == 4)
        var writer = ByteWriter()
        ServiceHeader(id: 5 << 16 | 9, size: 16).encode(into: &writer)
        node.deliver(.services, writer.bytes, from: NodeID(2))
        #expect(node.texts(.main) == ["discarded unknown message 9 for service 5 (max id 5)"])
        #expect(node.engine.counters.unknownFunction == 1)
    }

    @Test("Load-generator messages are those of a service that is not loaded")
    func pload() throws {
        var node = try node()
        node.deliver(.services, try Vectors.bytes("95-pload-start"), from: NodeID(2), order: .little)
        node.deliver(.services, try Vectors.bytes("96-pload-mcast"), from: NodeID(2), order: .little)
        #expect(node.sent.isEmpty && node.lines.isEmpty && node.engine.counters.unknownService == 2)
    }

    @Test("The other byte order never aborts and means the same")
    func otherByteOrder() throws {
        var node = try node()
        var writer = ByteWriter(order: .big)
        KillNode(nodeID: NodeID(1), reason: [65]).encode(into: &writer)
        node.deliver(.services, writer.bytes, from: NodeID(2), order: .big)
        #expect(node.events == [.killed(by: NodeID(2), reason: "A")])
        for name in try VectorTests.serviceVectors() where name != VectorTests.truncated {
            let message = try #require(try AnyMessage(try Vectors.bytes(name)))
            node.deliver(.services, message.encoded(.big), from: NodeID(2), order: .big)
        }
    }

    @Test("Barriers that nobody awaits do not move the round")
    func strayBarriers() throws {
        var node = try node()
        let ring = try #require(node.engine.voteQuorum?.ringID)
        var writer = ByteWriter()
        Barrier(ringID: ring).encode(into: &writer)
        for sender in [1, 2, 3, 9, 2, 2] as [UInt32] {
            node.deliver(.synchronization, writer.bytes, from: NodeID(sender))
        }
        #expect(!node.engine.isSynchronizing && node.events.isEmpty && node.sent.isEmpty)
    }

    @Test("Votes beyond 255 are counted in full, and beyond 32 bits not at all wrong")
    func manyVotes() throws {
        var cluster = try Cluster([1, 2]) { $0.quorum.nodes?[0].votes = 400 }
        cluster.form([1, 2])
        #expect(try cluster[1].engine.voteInfo(of: .none).quorum == 201)
        #expect(cluster.quorate(1) && cluster.quorate(2))
        var node = cluster[1]
        node.deliver(NodeInfo(nodeID: NodeID(2), votes: .max, expectedVotes: .max, flags: .quorate), from: 2)
        #expect(try node.engine.voteInfo(of: .none).totalVotes == .max)
    }

    @Test("Changed bytes never trap, whatever they are", arguments: 0..<60)
    func mutations(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var node = try node()
        let names = try Vectors.names()
        for _ in 0..<200 {
            let name = names[Int.random(in: 0..<names.count, using: &generator)]
            var bytes = try Vectors.bytes(name)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let offset =
                    generator.chance(70)
                    ? Int.random(in: 0..<min(bytes.count, 64), using: &generator)
                    : Int.random(in: 0..<bytes.count, using: &generator)
                bytes[offset] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)][
                        Int.random(in: 0..<6, using: &generator)]
            }
            if generator.chance(30) { bytes = Array(bytes[..<Int.random(in: 0...bytes.count, using: &generator)]) }
            if generator.chance(10) { bytes += Array(repeating: 0xff, count: 40) }
            let group = name.hasPrefix("0") ? MessageGroup.synchronization : .services
            let order = generator.chance(20) ? ByteOrder.big : .little
            node.deliver(group, bytes, from: NodeID(UInt32.random(in: 0...4, using: &generator)), order: order)
            if generator.chance(5) { node.advance(milliseconds: 20_000) }
        }
        // It still synchronises with its peers.
        let ring = RingID(representative: NodeID(1), sequence: 1 << 40)
        let me = [NodeID(1)]
        node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: me))
        node.sent = []
        node.change(ConfigurationChange(kind: .regular, ringID: ring, members: me))
        var delivered = 0
        while delivered < node.sent.count {
            let message = node.sent[delivered]
            delivered += 1
            node.deliver(message.group, message.bytes, from: NodeID(1))
        }
        #expect(!node.engine.isSynchronizing)
    }
}
