import Basics
import ClientProtocol
import ClusterMap
import TotemWire

/// A program on one node that is in a process group and sends messages to it, as one linked with libcpg would: it
/// writes that library's requests and reads its events (spec: ipc.md 6.1).
struct GroupApplication: Sendable {
    enum Event: Sendable, Equatable {
        /// Nodes with a member in the group, ascending.
        case changed([NodeID])
        case delivered(MessageKey)
    }

    static let group = Array("rondo-demo".utf8)
    let connection: ConnectionID
    let node: NodeID
    /// Which start of the node this program belongs to; its process id in the group.
    let life: UInt32
    private(set) var hasAsked = false
    private(set) var sent: UInt32 = 0
    private(set) var ownDelivered: UInt32 = 0

    init(node: NodeID, life: UInt32) {
        self.node = node
        self.life = life
        connection = ConnectionID(UInt64(life))
    }

    /// Messages of its own that it has not seen come back yet.
    var outstanding: UInt32 { sent - ownDelivered }

    mutating func join() -> [UInt8] {
        hasAsked = true
        var request = ByteWriter(capacity: 168)
        begin(&request, id: 0, size: 168)
        slot(&request, UInt32(Self.group.count))
        request.bytes(Self.group)
        request.zeros(128 - Self.group.count)
        slot(&request, life)
        slot(&request, 0)
        return request.bytes
    }

    /// The next message.
    mutating func message() -> [UInt8] {
        sent += 1
        let payload = MessageKey(node: node, life: life, number: sent).payload
        var request = ByteWriter(capacity: 40 + payload.count)
        begin(&request, id: 2, size: 40 + payload.count)
        slot(&request, 0)
        slot(&request, 0)
        slot(&request, UInt32(payload.count))
        request.bytes(payload)
        return request.bytes
    }

    /// What an event says; nil for one that says nothing to this program.
    mutating func read(_ event: [UInt8]) -> Event? {
        var reader = ByteReader(event.span, order: .native)
        do {
            let id = try reader.u32("id")
            try reader.skip(20, "header")
            try reader.skip(136, "group")
            switch id {
            case 4: return .changed(try Self.members(&reader))
            case 5:
                try reader.skip(24, "length, node and process")
                let key = try MessageKey(decoding: &reader)
                if key.node == node, key.life == life { ownDelivered += 1 }
                return .delivered(key)
            default: return nil
            }
        } catch {
            return nil
        }
    }

    private static func members(_ reader: inout ByteReader) throws(WireError) -> [NodeID] {
        let count = try reader.u32("members")
        try reader.skip(20, "lists")
        var nodes: [NodeID] = []
        for _ in 0..<min(count, 128) {
            nodes.append(NodeID(try reader.u32("node")))
            try reader.skip(20, "address")
        }
        return nodes.sorted()
    }

    private func begin(_ request: inout ByteWriter, id: UInt32, size: Int) {
        slot(&request, id)
        slot(&request, UInt32(size))
    }

    private func slot(_ request: inout ByteWriter, _ value: UInt32) {
        request.u32(value)
        request.zeros(4)
    }
}
