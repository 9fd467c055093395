import Basics
import Totem
import TotemWire

/// Datagrams on their way.
extension VirtualCluster {
    /// One copy of a datagram, from node to node.
    mutating func carry(_ packet: Int32, _ type: PacketType?, from: Int, to: Int) {
        let time = now
        let fate = network.fate(from: from, to: to, type: type, size: packets[packet].count, now: time)
        if recording != nil {
            let bytes = packets[packet]
            recording?.note(bytes.span, from: from, to: to, sent: time, arrived: fate.first?.arrival)
        }
        for copy in [fate.first, fate.second] {
            guard let copy else { continue }
            let arriving = packets.share(packet, turningOver: copy.flippedBit)
            queue.plan(.arrival(node: Int32(to), packet: arriving), at: copy.arrival)
        }
    }

    /// When a few bytes that a machine itself sends arrive; nil when they are lost.
    mutating func smallArrival(from: Int, to: Int) -> UInt64? {
        network.fate(from: from, to: to, type: nil, size: 0, now: now).first?.arrival
    }

    mutating func tracePacket(
        _ node: Int, _ bytes: Span<UInt8>, to destination: PacketDestination
    ) {
        let target =
            switch destination {
            case .node(let id): "to node \(id)"
            case .everyone: "to all"
            }
        trace.add(now, nodes[node].id, "sends \(PacketLine.describe(bytes)) \(target)")
    }
}
