import Basics

/// What is known of a packet of which some pieces have come; the bytes lie in a slab of `Reassembly`.
struct PartialPacket: Sendable {
    let host: HostID
    /// Its number, extended, and the life of the window in which it is that (see `DuplicateWindow`).
    let position: Int
    let life: UInt64
    private let count: Int
    private let compression: UInt8
    private let channel: Int8
    /// Bytes of each piece but the last; 0 while none has come.
    private var pieceSize = 0
    /// Bytes of the last piece; 0 while it has not come.
    private var lastSize = 0
    /// A bit for each index, from 0.
    private var present = InlineArray<4, UInt64>(repeating: 0)
    private var presentCount = 0
    /// When a piece came last, in pieces that came to the node.
    private(set) var lastUse: UInt64 = 0

    /// What to do with a piece's bytes.
    struct Placement: Sendable {
        /// Where they belong.
        var offset: Int
        /// Where the last piece was put while the size of the others was unknown, and where it belongs now.
        var moved: (from: Int, to: Int, count: Int)?
    }

    private let defects: Planted<LinkDefect>

    init(_ header: DataHeader, at position: Int, in life: UInt64, _ defects: Planted<LinkDefect> = Planted()) {
        self.defects = defects
        host = header.host
        self.position = position
        self.life = life
        count = Int(header.pieceCount)
        compression = header.compression
        channel = header.channel
    }

    var isComplete: Bool { presentCount == count || defects.has(.completesEarly) && lastSize > 0 && pieceSize > 0 }

    /// Bytes of the complete packet.
    var length: Int { (count - 1) * pieceSize + lastSize }

    /// Takes a piece of `size` bytes, of which count and index go together.
    mutating func take(_ header: DataHeader, size: Int, at use: UInt64) throws(FragmentRefusal) -> Placement {
        guard Int(header.pieceCount) == count, header.compression == compression, header.channel == channel else {
            throw .header
        }
        let index = Int(header.pieceIndex) - 1
        guard !has(index) else { throw .repeated }
        let placement = index == count - 1 ? try placeLast(size) : try place(index, size)
        present[index >> 6] |= 1 << UInt64(index & 63)
        presentCount += 1
        lastUse = use
        return placement
    }

    private func has(_ index: Int) -> Bool { present[index >> 6] & 1 << UInt64(index & 63) != 0 }

    private mutating func placeLast(_ size: Int) throws(FragmentRefusal) -> Placement {
        guard pieceSize > 0 else {
            // It fits behind the others whatever their size is, or they are refused.
            guard count - 1 + size <= LinkSizes.packetLimit else { throw .length }
            lastSize = size
            return Placement(offset: LinkSizes.packetLimit - size)
        }
        guard size <= pieceSize else { throw .pieceSize }
        guard (count - 1) * pieceSize + size <= LinkSizes.packetLimit else { throw .length }
        lastSize = size
        return Placement(offset: (count - 1) * pieceSize)
    }

    private mutating func place(_ index: Int, _ size: Int) throws(FragmentRefusal) -> Placement {
        guard pieceSize == 0 || size == pieceSize, size >= lastSize else { throw .pieceSize }
        guard (count - 1) * size + max(lastSize, 1) <= LinkSizes.packetLimit else { throw .length }
        defer { pieceSize = size }
        guard pieceSize == 0, lastSize > 0 else {
            return Placement(offset: (defects.has(.placesByArrival) ? presentCount : index) * size)
        }
        if defects.has(.placesByArrival) { return Placement(offset: presentCount % count * size) }
        return Placement(
            offset: index * size,
            moved: (from: LinkSizes.packetLimit - lastSize, to: (count - 1) * size, count: lastSize))
    }
}
