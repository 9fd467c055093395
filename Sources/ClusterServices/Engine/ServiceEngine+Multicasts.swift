import Basics
import ClusterMap
import Totem
import TotemWire

/// The short path of group messages, of which there are more than of everything else: their bytes go from the client to
/// the ring and from the ring to the client without a stop in the list of outputs.
///
/// What it does is what `multicastToGroup` and `deliver` do; those remain for every other case.
extension ServiceEngine {
    /// Writes what a client sends to its group as the message to multicast to the services of all nodes.
    /// - Throws: as `multicastToGroup`.
    public mutating func encodeMulticast(
        _ client: ConnectionID, payload: Span<UInt8>, into writer: inout ByteWriter
    ) throws(ClientError) {
        try processGroups.encodeMulticast(client, payload: payload, into: &writer)
        out.counters.sent(GroupMulticast.service, GroupMulticast.function)
    }

    /// Takes in a message to a group that nobody has to be asked about; nil for everything else, which is for `deliver`.
    @_lifetime(copy bytes)
    public mutating func takeMulticast(
        _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder
    ) -> GroupMulticastView? {
        guard !isSynchronizing, loaded.contains(GroupMulticast.service),
            let header = try? ServiceHeader(decoding: bytes, order: order),
            header.service == GroupMulticast.service.rawValue, header.function == GroupMulticast.function,
            let message = try? GroupMulticastView(decoding: bytes, order: order),
            processGroups.table.has(node, in: message.group)
        else { return nil }
        out.counters.received(GroupMulticast.service, GroupMulticast.function)
        return message
    }

    /// Local connections to the process groups.
    public var groupClientCount: Int { processGroups.clients.count }

    /// The connection with this index, if the message is for it.
    public func groupClient(_ index: Int, hearing message: borrowing GroupMulticastView) -> ConnectionID? {
        guard processGroups.clients.indices.contains(index) else { return nil }
        return processGroups.clients[index].hears(message.group) ? processGroups.clients[index].id : nil
    }
}
