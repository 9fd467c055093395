import Basics
import ClusterServices
import Testing
import Totem
import TotemWire

/// Whole start-ups of real rings: one member at a time is ours, the others' messages are the captured ones.
@Suite("Start-ups of real rings")
struct CapturedSequenceTests {
    struct Replay: Sendable, CustomTestStringConvertible {
        var file: String
        var node: UInt32
        var configured: [UInt32]
        /// Rings the node is in, with their members, in order.
        var rings: [(id: RingID, transitional: [UInt32], members: [UInt32])]
        var testDescription: String { "\(file) as node \(node)" }
    }

    static func ring(_ node: UInt32, _ sequence: UInt64) -> RingID {
        RingID(representative: NodeID(node), sequence: sequence)
    }

    static let replays = [
        Replay(
            file: "seq-two-node-formation", node: 1, configured: [1, 2, 3],
            rings: [(ring(1, 5), [], [1]), (ring(1, 9), [1], [1, 2])]),
        Replay(
            file: "seq-two-node-formation", node: 2, configured: [1, 2, 3],
            rings: [(ring(2, 5), [], [2]), (ring(1, 9), [2], [1, 2])]),
        Replay(
            file: "seq-third-node-joins", node: 3, configured: [1, 2, 3],
            rings: [(ring(3, 5), [], [3]), (ring(1, 0xd), [3], [1, 2, 3])]),
        Replay(
            file: "seq-two-node-common-ring-stale-build", node: 1, configured: [1, 2],
            rings: [(ring(1, 9), [], [1, 2])]),
    ]

    @Test("Own messages equal the captured ones, and the round completes", arguments: replays)
    func replay(_ replay: Replay) throws {
        let lines = try Vectors.sequence(replay.file)
        var node = try Node(replay.node, of: replay.configured)
        var compared = 0
        for ring in replay.rings {
            node.change(
                ConfigurationChange(
                    kind: .transitional, ringID: ring.id, members: ring.transitional.map { NodeID($0) }))
            node.change(
                ConfigurationChange(
                    kind: .regular, ringID: ring.id, members: ring.members.map { NodeID($0) },
                    joined: ring.members.filter { !ring.transitional.contains($0) }.map { NodeID($0) }))
            for line in lines where line.ring == ring.id {
                let group = line.isSynchronization ? MessageGroup.synchronization : .services
                var bytes = line.bytes
                if line.sender == node.id {
                    try #require(compared < node.sent.count, "nothing sent where \(line.name) was captured")
                    let own = node.sent[compared]
                    #expect(own.group == group)
                    let mask = line.isSynchronization ? Mask.synchronization : Mask.service
                    #expect(own.bytes == mask(line.bytes), "own message \(compared), \(line.name)")
                    compared += 1
                    // What comes back is what was sent, not what the other engine left in the padding.
                    bytes = own.bytes
                }
                node.deliver(group, bytes, from: line.sender, order: .little)
            }
            #expect(node.events.last == .synchronizationCompleted)
            #expect(!node.engine.isSynchronizing)
        }
        #expect(compared == node.sent.count, "every own message was captured")
        #expect(node.engine.counters.malformed == 0)
    }

    @Test("An aborted one-node round leaves its stale service list for the common ring")
    func staleBuild() throws {
        let lines = try Vectors.sequence("seq-two-node-common-ring-stale-build")
        var node = try Node(2, of: [1, 2])
        let alone = Self.ring(2, 5)
        let common = Self.ring(1, 9)
        let me = [NodeID(2)]
        node.change(ConfigurationChange(kind: .transitional, ringID: alone, members: []))
        node.change(ConfigurationChange(kind: .regular, ringID: alone, members: me, joined: me))
        node.change(ConfigurationChange(kind: .transitional, ringID: common, members: me))
        node.change(
            ConfigurationChange(
                kind: .regular, ringID: common, members: [NodeID(1), NodeID(2)], joined: [NodeID(1)]))
        var echoes = 0
        for line in lines {
            let isOwn = line.sender == node.id && echoes < node.sent.count
            node.deliver(
                line.isSynchronization ? .synchronization : .services, isOwn ? node.sent[echoes].bytes : line.bytes,
                from: line.sender, order: .little)
            if isOwn { echoes += 1 }
        }
        let own = lines.filter { $0.sender == node.id }
        #expect(
            node.sent.map(\.bytes)
                == own.map { $0.isSynchronization ? Mask.synchronization($0.bytes) : Mask.service($0.bytes) })
        #expect(node.events.last == .synchronizationCompleted)
        #expect(node.engine.isQuorate)
        #expect(node.texts(.synchronization, upTo: .debug).contains("service build for old ring - discarding"))
    }
}
