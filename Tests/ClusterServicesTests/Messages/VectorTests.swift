import Basics
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Messages of real rings")
struct VectorTests {
    static let truncated = "45-cpg-partial-first-TRUNCATED"

    static func serviceVectors() throws -> [String] {
        try Vectors.names().filter {
            !$0.contains("-sync-service") && !$0.contains("-sync-barrier") && !$0.contains("pload")
        }
    }

    @Test("Every service message is decoded and encoded to the same bytes", arguments: try serviceVectors())
    func roundTrip(name: String) throws {
        let bytes = try Vectors.bytes(name)
        guard name != Self.truncated else {
            #expect(throws: WireError.self) { try AnyMessage(bytes) }
            return
        }
        let message = try #require(try AnyMessage(bytes))
        #expect(Mask.service(message.encoded()) == Mask.service(bytes))
    }

    @Test("The other byte order means the same", arguments: try serviceVectors())
    func bothByteOrders(name: String) throws {
        guard name != Self.truncated else { return }
        let message = try #require(try AnyMessage(try Vectors.bytes(name)))
        #expect(try AnyMessage(message.encoded(.big), order: .big) == message)
    }

    @Test("A message cut anywhere is refused", arguments: try serviceVectors())
    func cutAnywhere(name: String) throws {
        let bytes = try Vectors.bytes(name)
        for length in 0..<bytes.count {
            #expect(throws: WireError.self) { try AnyMessage(Array(bytes[..<length])) }
        }
    }

    @Test("Synchronisation messages", arguments: try Vectors.names().filter { $0.hasPrefix("0") })
    func synchronization(name: String) throws {
        let bytes = try Vectors.bytes(name)
        var writer = ByteWriter(order: .little)
        if name.contains("barrier") {
            try Barrier(decoding: bytes.span, order: .little).encode(into: &writer)
            for length in 16..<bytes.count {
                let cut = Array(bytes[..<length])
                #expect(throws: WireError.self) { try Barrier(decoding: cut.span, order: .little) }
            }
        } else {
            try ServiceBuild(decoding: bytes.span, order: .little).encode(into: &writer)
            for length in 16..<bytes.count {
                let cut = Array(bytes[..<length])
                #expect(throws: WireError.self) { try ServiceBuild(decoding: cut.span, order: .little) }
            }
        }
        #expect(Mask.synchronization(writer.bytes) == Mask.synchronization(bytes))
    }

    @Test("Fields are what the captures' table says")
    func fields() throws {
        func message(_ name: String) throws -> AnyMessage? { try AnyMessage(try Vectors.bytes(name)) }
        let alpha = try #require(GroupName(Array("alpha".utf8)))
        #expect(try message("11-cmap-sync-version-5") == .configVersion(.init(reason: .synchronization, version: 5)))
        #expect(try message("15-cmap-new-version-deleted") == .configVersion(.init(reason: .changed, version: 7)))
        #expect(try message("10-cmap-sync-no-version") == .configVersion(.init(reason: .synchronization, version: nil)))
        #expect(
            try message("20-cfg-killnode-3")
                == .kill(.init(nodeID: NodeID(3), reason: Array("Killed by corosync-cfgtool".utf8))))
        #expect(
            try message("24-cfg-reload-n1")
                == .reload(.init(source: .init(nodeID: NodeID(1), connection: 0x5587_4899_9280))))
        #expect(try message("27-cfg-crypto-phase-2") == .crypto(.init(phase: 2)))
        #expect(try message("30-cpg-procjoin-alpha") == .join(.init(.init(group: alpha, pid: 24746, reason: .join))))
        guard case .joinList(let list) = try message("56-cpg-joinlist-4") else { Issue.record("no join list"); return }
        #expect(list.entries.map(\.pid) == [26311, 26316, 26324, 26327])
        #expect(
            list.entries.map { String(decoding: $0.group.bytes, as: UTF8.self) } == [
                "alpha", "zeta", "Alpha", "alpha\0",
            ])
        #expect(
            try message("53-cpg-downlist-left-3-4") == .downList(.init(oldMembers: 4, left: [NodeID(3), NodeID(4)])))
        guard case .multicast(let hello) = try message("40-cpg-mcast-hello") else { Issue.record("no message"); return }
        #expect(hello.payload == Array("hello".utf8) && hello.group == alpha && hello.pid == 24747)
        guard case .fragment(let last) = try message("43-cpg-partial-last-100") else {
            Issue.record("no piece"); return
        }
        #expect(last.position == .last && last.messageLength == 1_047_652 && last.fragment.count == 100)
        #expect(
            try message("71-vq-nodeinfo-qd-master-wins")
                == .nodeInfo(.init(nodeID: NodeID(1), votes: 1, expectedVotes: 3, flags: .init(rawValue: 249))))
        #expect(
            try message("82-vq-reconfigure-votes-2")
                == .reconfigure(.init(nodeID: NodeID(2), value: 2, parameter: .votes)))
        #expect(
            try message("88-vq-qdevice-unregister")
                == .registration(.init(operation: .unregister, name: Array("Other".utf8))))
        #expect(
            try message("91-vq-qdevice-rename-2")
                == .rename(.init(oldName: Array("Net".utf8), newName: Array("QDevice2".utf8))))
    }
}
