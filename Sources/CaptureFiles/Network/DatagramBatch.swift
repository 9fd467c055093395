import TotemWire

/// What a host sent as one and its network card takes apart (UDP_SEGMENT): a capture made on the sender holds the
/// packets of several datagrams as one long datagram. All have the same length but the last, which may be shorter.
public struct DatagramBatch: Sendable, Equatable {
    /// The datagrams as they arrive; one where nothing says that there are more.
    public var datagrams: [Datagram]
    /// Datagrams of which the capture holds too little to show anything.
    public var notCaptured: Int

    /// Takes `datagram` apart where it can only be several: it begins with a packet of Corosync 3 that by its own
    /// account ends earlier, and wherever the next one has to begin stands a header again, of a packet as long as the
    /// first; only the last may be shorter.
    ///
    /// Pieces of one knet packet are told in the same way, by their headers.
    public init(_ datagram: Datagram) {
        datagrams = [datagram]
        notCaptured = 0
        let bytes = datagram.payload.span
        let total = bytes.count + datagram.missing
        if let size = KnetPieces.length(bytes, total: total) {
            separate(datagram, every: size, KnetPieces.headerSize) { _, _ in true }
        } else if let size = DatagramBatch.packetLength(bytes, at: 0), size < total {
            separate(datagram, every: size, PacketHeader.size) { part, length in
                guard (try? PacketHeader(decoding: part)) != nil else { return false }
                guard let own = DatagramBatch.packetLength(part, at: 0) else { return part.count < length }
                return own == length
            }
        }
    }

    /// Takes the datagram apart into packets of `size` bytes, of which the capture has to hold `headerSize` for it to be
    /// shown, where `isPacket` takes each, and its length, for one.
    private mutating func separate(
        _ datagram: Datagram, every size: Int, _ headerSize: Int, _ isPacket: (Span<UInt8>, Int) -> Bool
    ) {
        let bytes = datagram.payload.span
        let total = bytes.count + datagram.missing
        var parts: [Datagram] = []
        for start in stride(from: 0, to: total, by: size) {
            let length = min(size, total - start)
            let captured = min(length, bytes.count - start)
            guard captured >= headerSize else { break }
            let part = bytes.extracting(start..<(start + captured))
            guard isPacket(part, length) else { return }
            var next = datagram
            next.payload = part.copy(0..<captured)
            next.missing = length - captured
            parts.append(next)
        }
        let count = (total + size - 1) / size
        // A header cut off by nothing but the datagram's end is no packet.
        guard parts.count == count || datagram.missing > 0 else { return }
        for index in parts.indices { parts[index].segment = Datagram.Segment(index: index, count: count) }
        datagrams = parts
        notCaptured = count - parts.count
    }

    /// The length a packet of Corosync 3 has by its own account (spec: totem.md 3, 13.1); nil where the bytes are no
    /// such packet or too few to tell.
    static func packetLength(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start < bytes.count, let header = try? PacketHeader(decoding: bytes.extracting(start...)) else {
            return nil
        }
        func count(_ offset: Int) -> Int? { bytes.number32(start + offset, header.order).map { Int($0) } }
        switch header.type {
        case .orfToken: return count(53).map { ORFToken.fixedSize + RetransmitEntry.size * $0 }
        case .mergeDetect: return MergeDetect.size
        case .holdCancel: return HoldCancel.size
        case .commitToken: return count(37).map { CommitToken.fixedSize + CommitToken.bytesPerMember * $0 }
        case .join:
            guard let members = count(17), let failed = count(21) else { return nil }
            return Join.fixedSize + 4 * (members + failed)
        case .mcast where header.encapsulated == Encapsulation.recovery && start == 0:
            return packetLength(bytes, at: McastHeader.size).map { McastHeader.size + $0 }
        case .mcast:
            return frameLength(bytes, at: start + McastHeader.size, header.order).map { McastHeader.size + $0 }
        }
    }

    private static func frameLength(_ bytes: Span<UInt8>, at start: Int, _ order: ByteOrder) -> Int? {
        guard let count = bytes.number16(start + 6, order) else { return nil }
        var length = Frame.fixedSize + 2 * Int(count)
        for index in 0..<Int(count) {
            guard let part = bytes.number16(start + Frame.fixedSize + 2 * index, order) else { return nil }
            length += Int(part)
        }
        return length
    }
}
