import Totem
import TotemWire

/// Datagrams on their way.
extension VirtualCluster {
    /// One copy of a datagram, from node to node.
    mutating func carry(_ packet: Int32, _ type: PacketType?, from: Int, to: Int) {
        let time = now
        let fate = network.fate(from: from, to: to, type: type, now: time)
        if recording != nil {
            let bytes = packets[packet]
            recording?.note(bytes.span, from: from, to: to, sent: time, arrived: fate.first)
        }
        for arrival in [fate.first, fate.second] {
            guard let arrival else { continue }
            var arriving = packet
            if let bit = network.flippedBit(ofBytes: packets[packet].count, now: time) {
                let whole = packets[packet]
                arriving = packets.add(whole.span)
                packets[arriving][bit / 8] ^= 1 << UInt8(bit % 8)
            } else {
                packets.retain(packet)
            }
            queue.plan(.arrival(node: Int32(to), packet: arriving), at: arrival)
        }
    }

    mutating func tracePacket(
        _ node: Int, _ bytes: Span<UInt8>, to destination: OutgoingDatagram.Destination
    ) {
        let target =
            switch destination {
            case .node(let id): "to node \(id)"
            case .everyone: "to all"
            }
        trace.add(now, nodes[node].id, "sends \(PacketLine.describe(bytes)) \(target)")
    }
}
