import TotemWire

/// Puts messages into frames: small ones together, large ones in parts (spec: totem.md 13.1, 13.2).
///
/// A receiver accepts any legal packing; this one shares frames between small messages and cuts only messages that do
/// not fit in what is left of a frame. Everything staged leaves with the next token.
struct Packer: Sendable {
    /// Bytes of a frame that parts and their lengths may fill.
    private let room: Int
    private var staged: [UInt8] = []
    private var lengths: [UInt16] = []
    /// Mark of the part that the next frame continues; 0 when it starts with a whole message.
    private var continuation: UInt8 = 0
    private var nextMark: UInt8 = 1

    private static let frameHeaderSize = 8
    /// A message is not cut to fill less than this; the frame goes out shorter instead. A whole message is delivered as it
    /// came, one that was cut has to be put together at every member: in the long frames of knet that costs more than the
    /// room is worth.
    private let smallestPart: Int

    /// - Parameter frameSize: bytes of a whole frame, header included.
    init(frameSize: Int) {
        room = frameSize - Self.frameHeaderSize
        smallestPart = max(64, room / 16)
        staged.reserveCapacity(room)
    }

    var isEmpty: Bool { lengths.isEmpty }

    /// How many frames `size` bytes could need in the worst case, as admission counts them (spec: totem.md 13.2).
    func framesNeeded(for size: Int) -> Int {
        (size + 2 * lengths.count) / max(room + Self.frameHeaderSize - 24, 1) + 1
    }

    /// Adds one message; every frame that becomes full is appended to `queue`.
    mutating func add(
        group: MessageGroup, body: Span<UInt8>, pool: inout MessagePool, queue: inout FIFO<MessageHandle>
    ) {
        add(header: group.header, body: body, pool: &pool, queue: &queue)
    }

    /// Adds one message that has its group header already.
    mutating func add(whole message: Span<UInt8>, pool: inout MessagePool, queue: inout FIFO<MessageHandle>) {
        add(header: [], body: message, pool: &pool, queue: &queue)
    }

    private mutating func add(
        header: [UInt8], body: Span<UInt8>, pool: inout MessagePool, queue: inout FIFO<MessageHandle>
    ) {
        let total = header.count + body.count
        var left = room - 2 * (lengths.count + 1) - staged.count
        if total > left, left < smallestPart, !lengths.isEmpty {
            emit(mark: 0, pool: &pool, queue: &queue)
            left = room - 2
        }
        var position = 0
        while total - position > left {
            emit(header: header, body: body, range: position..<(position + left), isCut: true, &pool, &queue)
            position += left
            left = room - 2
        }
        if lengths.isEmpty, room - 4 - (total - position) < smallestPart {
            // It fills a frame alone.
            emit(header: header, body: body, range: position..<total, isCut: false, &pool, &queue)
            return
        }
        stage(header: header, body: body, range: position..<total)
        if room - 2 * (lengths.count + 1) - staged.count < smallestPart {
            emit(mark: 0, pool: &pool, queue: &queue)
        }
    }

    /// Sends what is staged on its way, if anything is.
    mutating func flush(pool: inout MessagePool, queue: inout FIFO<MessageHandle>) {
        if !lengths.isEmpty { emit(mark: 0, pool: &pool, queue: &queue) }
    }

    /// Makes a frame of what is staged and of a part behind it, which is copied once only.
    private mutating func emit(
        header: [UInt8], body: Span<UInt8>, range: Range<Int>, isCut: Bool, _ pool: inout MessagePool,
        _ queue: inout FIFO<MessageHandle>
    ) {
        lengths.append(UInt16(clamping: range.count))
        let handle = begin(mark: isCut ? takeMark() : 0, partSize: range.count, &pool)
        Self.append(header: header, body: body, range: range, to: &pool[handle])
        queue.append(handle)
    }

    private mutating func stage(header: [UInt8], body: Span<UInt8>, range: Range<Int>) {
        lengths.append(UInt16(clamping: range.count))
        Self.append(header: header, body: body, range: range, to: &staged)
    }

    private static func append(header: [UInt8], body: Span<UInt8>, range: Range<Int>, to bytes: inout [UInt8]) {
        if range.lowerBound < header.count {
            let end = min(range.upperBound, header.count)
            bytes.append(contentsOf: header[range.lowerBound..<end])
        }
        let from = max(range.lowerBound - header.count, 0)
        let to = max(range.upperBound - header.count, from)
        bytes.append(copying: body.extracting(from..<to))
    }

    private mutating func takeMark() -> UInt8 {
        let mark = nextMark
        nextMark = nextMark == .max ? 1 : nextMark + 1
        return mark
    }

    private mutating func emit(mark: UInt8, pool: inout MessagePool, queue: inout FIFO<MessageHandle>) {
        queue.append(begin(mark: mark, partSize: 0, &pool))
    }

    /// A frame of what is staged, to be filled with a part of `partSize` bytes, the last of `lengths`.
    private mutating func begin(mark: UInt8, partSize: Int, _ pool: inout MessagePool) -> MessageHandle {
        let handle = pool.acquire()
        let continued = continuation
        pool[handle].reserveCapacity(
            McastHeader.size + Self.frameHeaderSize + 2 * lengths.count + staged.count + partSize)
        pool[handle].appendZeros(McastHeader.size + 4)
        pool[handle].append(mark)
        pool[handle].append(continued)
        pool[handle].appendU16(UInt16(clamping: lengths.count))
        for length in lengths { pool[handle].appendU16(length) }
        pool[handle].append(copying: staged.span)
        continuation = mark
        staged.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        return handle
    }
}

extension MessageGroup {
    private static let servicesHeader = encodedHeader(of: [0x61])
    private static let synchronizationHeader = encodedHeader(of: [0x73, 0x79, 0x6e, 0x63])

    /// The group header in front of a message's data: one group, its name's length, its name.
    var header: [UInt8] {
        switch self {
        case .services: Self.servicesHeader
        case .synchronization: Self.synchronizationHeader
        }
    }

    private static func encodedHeader(of name: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendU16(1)
        bytes.appendU16(UInt16(clamping: name.count))
        return bytes + name
    }
}
