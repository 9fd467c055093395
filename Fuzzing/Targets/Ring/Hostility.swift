import Basics
import Totem
import TotemWire

/// What an enemy on the network can do, one operation at a time.
struct Hostility {
    mutating func act(on cluster: inout RingCluster, _ reader: inout InputReader) {
        switch reader.u8() % 24 {
        case 0: cluster.run(nanoseconds: UInt64(reader.u8()) * 2_000_000)
        case 1: cluster.run(nanoseconds: UInt64(reader.u8()) * 20_000)
        case 2, 3:
            for _ in 0...reader.below(16) { cluster.deliverNext() }
        case 4: drop(&cluster, &reader)
        case 5: duplicate(&cluster, &reader)
        case 6: delay(&cluster, &reader)
        case 7, 8, 9, 10: onTheWire(&cluster, &reader) { bytes, cluster, reader in change(&bytes, cluster, &reader) }
        case 11: onTheWire(&cluster, &reader) { bytes, _, reader in truncate(&bytes, &reader) }
        case 12: onTheWire(&cluster, &reader) { bytes, _, reader in insert(into: &bytes, &reader) }
        case 13: onTheWire(&cluster, &reader) { bytes, _, _ in turn(&bytes) }
        case 14: replay(&cluster, &reader, changing: false)
        case 15, 16: replay(&cluster, &reader, changing: true)
        case 17, 18, 19:
            let packet = Forgery.packet(in: cluster, &reader)
            cluster.deliver(packet, to: reader.below(cluster.nodes.count))
        case 20: cluster.deliver(reader.string(), to: reader.below(cluster.nodes.count))
        case 21: submit(&cluster, &reader)
        case 22:
            let node = reader.below(cluster.nodes.count)
            if reader.u8() & 1 == 0 { cluster.crash(node) } else { cluster.leave(node) }
        default: cluster.restart(reader.below(cluster.nodes.count))
        }
    }

    // MARK: Packets under way

    private func drop(_ cluster: inout RingCluster, _ reader: inout InputReader) {
        let index = reader.below(cluster.wire.count)
        if index < cluster.wire.count { cluster.wire.remove(at: index) }
    }

    private func duplicate(_ cluster: inout RingCluster, _ reader: inout InputReader) {
        let index = reader.below(cluster.wire.count)
        guard index < cluster.wire.count else { return }
        var copy = cluster.wire[index]
        copy.destination = reader.below(cluster.nodes.count)
        cluster.wire.append(copy)
    }

    /// The packet comes behind all others, and perhaps much later.
    private func delay(_ cluster: inout RingCluster, _ reader: inout InputReader) {
        let index = reader.below(cluster.wire.count)
        guard index < cluster.wire.count else { return }
        var datagram = cluster.wire.remove(at: index)
        datagram.arrival = datagram.arrival.adding(nanoseconds: UInt64(reader.u8()) * 10_000)
        cluster.wire.append(datagram)
    }

    private func onTheWire(
        _ cluster: inout RingCluster, _ reader: inout InputReader,
        _ change: (inout [UInt8], RingCluster, inout InputReader) -> Void
    ) {
        let index = reader.below(cluster.wire.count)
        guard index < cluster.wire.count else { return }
        change(&cluster.wire[index].bytes, cluster, &reader)
    }

    private func replay(_ cluster: inout RingCluster, _ reader: inout InputReader, changing: Bool) {
        let index = reader.below(cluster.history.count)
        guard index < cluster.history.count else { return }
        var bytes = cluster.history[index]
        if changing {
            for _ in 0...reader.below(4) { change(&bytes, cluster, &reader) }
        }
        cluster.deliver(bytes, to: reader.below(cluster.nodes.count))
    }

    private func submit(_ cluster: inout RingCluster, _ reader: inout InputReader) {
        let node = reader.below(cluster.nodes.count)
        let size = Int(reader.u8()) * (reader.u8() & 1 == 0 ? 1 : 64)
        let group: MessageGroup = reader.u8() & 7 == 0 ? .synchronization : .services
        _ = cluster.submit(Array(repeating: reader.u8(), count: size), group: group, from: node)
    }

    // MARK: Changes

    /// One number becomes another: of the input, a neighbour, an edge, or one that is true elsewhere.
    private func change(_ bytes: inout [UInt8], _ cluster: RingCluster, _ reader: inout InputReader) {
        guard let field = PacketFields.field(Int(reader.u8()), of: bytes) else { return }
        let old = PacketFields.read(field, in: bytes)
        let value: UInt64 =
            switch reader.u8() % 8 {
            case 0: UInt64(reader.number())
            case 1: old &+ UInt64(reader.u8())
            case 2: old &- UInt64(reader.u8())
            case 3: .max
            case 4: reader.u64()
            case 5: UInt64(cluster.nodes[reader.below(cluster.nodes.count)].id.rawValue)
            case 6: cluster.nodes[reader.below(cluster.nodes.count)].ring.ringID.sequence &+ UInt64(reader.u8())
            default:
                UInt64(cluster.nodes[reader.below(cluster.nodes.count)].ring.progress.highest.rawValue)
                    &+ UInt64(reader.u8())
            }
        PacketFields.write(value, to: field, in: &bytes)
    }

    private func truncate(_ bytes: inout [UInt8], _ reader: inout InputReader) {
        let length = reader.below(bytes.count + 1)
        bytes.removeLast(bytes.count - length)
    }

    private func insert(into bytes: inout [UInt8], _ reader: inout InputReader) {
        let place = reader.below(bytes.count + 1)
        bytes.insert(contentsOf: reader.take(reader.below(32)), at: place)
    }

    /// The packet as a machine of the other byte order would have sent it; a message's frame stays as it is.
    private func turn(_ bytes: inout [UInt8]) {
        guard let packet = try? Packet(decoding: bytes.span) else { return }
        var writer = ByteWriter(order: packet.header.order == .little ? .big : .little)
        packet.encode(into: &writer)
        writer.bytes(Array(bytes.dropFirst(writer.count)))
        bytes = writer.bytes
    }
}
