import TotemWire

/// A message of which a part was sent in the old ring, and the rest waits for the new one.
extension SendQueues {
    /// Sends such a message from its beginning, since nodes have come that do not have it.
    ///
    /// Nobody has been given the message yet, and everybody who is here will be. A frame without parts goes before it:
    /// it continues nothing, whereupon a member that holds the beginning lets go of it, Corosync's as Rondo's. Without
    /// this the message would be lost for those who came, and a Corosync among them would throw away whole messages
    /// behind it too (spec: totem.md 13.3 "Defects").
    ///
    /// - Parameter sent: the parts sent so far, joined; their group header included.
    mutating func restartCutMessage(sent: [UInt8], frameSize: Int, pool: inout MessagePool) {
        var message = sent
        var taken = 0
        var rest: [UInt8]?
        var isWhole = false
        while !isWhole, taken < ordinary.count {
            let frame = CutFrame(pool[ordinary[taken]])
            message += frame.firstPart
            taken += 1
            isWhole = frame.partCount > 1 || frame.fragmented == 0
            if frame.partCount > 1 { rest = frame.withoutFirstPart }
        }
        guard isWhole else { return }

        var queue = FIFO<MessageHandle>()
        func add(_ frame: [UInt8]) {
            let handle = pool.acquire()
            pool[handle] = frame
            queue.append(handle)
        }
        add(CutFrame.empty)
        var packer = Packer(frameSize: frameSize)
        packer.add(whole: message.span, pool: &pool, queue: &queue)
        packer.flush(pool: &pool, queue: &queue)
        if let rest { add(rest) }
        for index in 0..<ordinary.count {
            if index < taken { pool.release(ordinary[index]) } else { queue.append(ordinary[index]) }
        }
        ordinary = queue
    }

    /// The mark under which the first of the waiting frames goes on with a message; 0 when it begins with one.
    func openMark(in pool: borrowing MessagePool) -> UInt8 {
        ordinary.first.map { CutFrame(pool[$0]).continuation } ?? 0
    }
}

/// A frame as `Packer` makes it, behind the room for its packet's header (spec: totem.md 13.1).
private struct CutFrame {
    private let bytes: [UInt8]
    private static let base = McastHeader.size

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A frame without parts, which continues nothing and is not continued.
    static let empty = [UInt8](repeating: 0, count: base + Frame.fixedSize)

    var fragmented: UInt8 { bytes[Self.base + 4] }
    var continuation: UInt8 { bytes[Self.base + 5] }
    var partCount: Int { number(at: Self.base + 6) }

    /// In this machine's byte order, as every sender writes it.
    private func number(at position: Int) -> Int {
        let (first, second) = (Int(bytes[position]), Int(bytes[position + 1]))
        return ByteOrder.native == .little ? first | second << 8 : first << 8 | second
    }

    private var start: Int { Self.base + Frame.fixedSize + 2 * partCount }
    private var firstLength: Int { number(at: Self.base + Frame.fixedSize) }

    var firstPart: ArraySlice<UInt8> { bytes[start..<(start + firstLength)] }

    /// The frame without its first part.
    var withoutFirstPart: [UInt8] {
        var frame = [UInt8](repeating: 0, count: Self.base + 4)
        frame.append(fragmented)
        frame.append(0)
        frame.appendU16(UInt16(clamping: partCount - 1))
        for index in 1..<partCount {
            frame.appendU16(UInt16(clamping: number(at: Self.base + Frame.fixedSize + 2 * index)))
        }
        return frame + bytes[(start + firstLength)...]
    }
}
