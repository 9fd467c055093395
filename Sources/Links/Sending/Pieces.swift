/// How a packet is cut for the links: all pieces equal but the last, which may be shorter (spec: knet.md 6, 13.2).
public struct Pieces: Sendable, Hashable {
    /// Bytes of the packet.
    public let length: Int
    /// Bytes of every piece but the last.
    public let pieceSize: Int
    /// 1...254.
    public let count: Int

    /// More pieces than that some receivers refuse.
    public static let limit = 254

    /// - Parameters:
    ///   - length: bytes of the packet, as it goes out: after compression.
    ///   - dataMTU: bytes of a packet that one datagram carries.
    /// - Returns: nil when there is nothing to cut, the packet is longer than any may be, or takes too many pieces.
    public init?(length: Int, dataMTU: Int) {
        guard (1...LinkSizes.packetLimit).contains(length), dataMTU > 0 else { return nil }
        let size = min(dataMTU, length)
        let count = (length - 1) / size + 1
        guard count <= Pieces.limit else { return nil }
        self.length = length
        pieceSize = size
        self.count = count
    }

    /// Where the piece lies in the packet; `index` counts from 0, other than on the wire, and is clamped to the pieces there
    /// are.
    @inlinable
    public subscript(index: Int) -> Range<Int> {
        let index = min(max(index, 0), count - 1)
        let start = index * pieceSize
        return start..<min(start + pieceSize, length)
    }

    /// The fields of piece `index` (from 0) in its header.
    @inlinable
    public func number(_ index: Int) -> (count: UInt8, index: UInt8) {
        count == 1 ? (1, 0) : (UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: index + 1))
    }
}
