import Basics
import TotemWire

/// What tells one message of the demonstration from all others.
struct MessageKey: Hashable, Sendable {
    var node: NodeID
    /// Which start of the node sent it.
    var life: UInt32
    var number: UInt32

    /// Bytes of a message: its key, then what an application would have to say.
    static let payloadSize = 64

    init(node: NodeID, life: UInt32, number: UInt32) {
        self.node = node
        self.life = life
        self.number = number
    }

    init(decoding reader: inout ByteReader) throws(WireError) {
        node = NodeID(try reader.u32("node"))
        life = try reader.u32("life")
        number = try reader.u32("number")
    }

    var payload: [UInt8] {
        var writer = ByteWriter(capacity: Self.payloadSize)
        writer.u32(node.rawValue)
        writer.u32(life)
        writer.u32(number)
        writer.zeros(Self.payloadSize - writer.count)
        return writer.bytes
    }
}
