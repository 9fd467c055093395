import Basics
import TotemWire

/// Packets that the shell has not taken, in memory that is used again once it has taken all.
struct Outbox: Sendable {
    /// Bytes above which nothing more is taken: a shell that does not send must not fill the memory.
    static let limit = 16 << 20

    private var bytes = ByteWriter(capacity: 1 << 16)
    private var packets: [Outgoing] = []
    private var targets: [LinkTarget] = []
    private var taken = 0
    private var firstTarget = 0

    /// Whether `count` more bytes may be added.
    func hasRoom(_ count: Int) -> Bool { bytes.count + count <= Outbox.limit }

    /// A target of the packet that is added next.
    mutating func target(_ target: LinkTarget) { targets.append(target) }

    var hasTargets: Bool { targets.count > firstTarget }

    /// A packet of one datagram for the targets named before.
    mutating func add(_ type: KnetPacketType, _ slot: KeySlot, _ encode: (inout ByteWriter) -> Void) {
        let start = bytes.count
        encode(&bytes)
        close(type, slot, count: 1, stride: bytes.count - start, start: start)
    }

    /// A packet of the ring in pieces, each with its header.
    ///
    /// - Parameter target: what its header is to name as destination, in a first piece that holds the header; nil leaves it
    ///   as it is, in a packet that is compressed.
    mutating func add(
        _ packet: Span<UInt8>, target: NodeID?, _ header: DataHeader, _ pieces: Pieces, _ slot: KeySlot
    ) {
        let start = bytes.count
        var header = header
        for index in 0..<pieces.count {
            (header.pieceCount, header.pieceIndex) = pieces.number(index)
            header.encode(into: &bytes)
            let piece = packet.extracting(pieces[index])
            if index == 0, let target {
                StagedPacket.write(piece, target: target, into: &bytes)
            } else {
                bytes.bytes(piece)
            }
        }
        close(.data, slot, count: pieces.count, stride: DataHeader.size + pieces.pieceSize, start: start)
    }

    private mutating func close(_ type: KnetPacketType, _ slot: KeySlot, count: Int, stride: Int, start: Int) {
        packets.append(
            Outgoing(
                type: type, slot: slot, count: count, stride: stride,
                lastLength: bytes.count - start - (count - 1) * stride, start: start,
                targets: firstTarget..<targets.count))
        firstTarget = targets.count
    }

    mutating func next() -> Outgoing? {
        guard taken < packets.count else {
            clear()
            return nil
        }
        taken += 1
        return packets[taken - 1]
    }

    private mutating func clear() {
        packets.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        bytes.removeAll()
        taken = 0
        firstTarget = 0
    }

    var isEmpty: Bool { taken == packets.count }

    func target(_ index: Int, of packet: Outgoing) -> LinkTarget { targets[packet.targets.lowerBound + index] }

    @_lifetime(borrow self)
    func datagrams(of packet: Outgoing) -> Span<UInt8> {
        bytes.span.extracting(packet.start..<(packet.start + packet.length))
    }

    @_lifetime(borrow self)
    func datagram(_ index: Int, of packet: Outgoing) -> Span<UInt8> {
        let start = packet.start + index * packet.stride
        let length = index == packet.count - 1 ? packet.lastLength : packet.stride
        return bytes.span.extracting(start..<(start + length))
    }
}
