import Basics
import TotemWire

/// Who asked for a message: the node, and an opaque number by which that node recognises its own request.
///
/// Corosync puts a pointer there; Rondo puts a request number and never interprets another node's
/// (spec: services.md 1.2, 13 item 8).
public struct MessageSource: Sendable, Hashable {
    public static let length = 16

    public var nodeID: NodeID
    public var connection: UInt64

    public init(nodeID: NodeID, connection: UInt64) {
        self.nodeID = nodeID
        self.connection = connection
    }

    @_lifetime(reader: copy reader)
    init(reading reader: inout ByteReader) throws(WireError) {
        nodeID = try reader.nodeID("source.nodeid")
        try reader.skip(4, "source padding")
        connection = try reader.u64("source.connection")
    }

    func encode(into writer: inout ByteWriter) {
        writer.slot32(nodeID.rawValue)
        writer.u64(connection)
    }
}
