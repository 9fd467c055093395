import TotemWire

/// A message of which a part was sent in the old ring, and the rest waits for the new one.
extension SendQueues {
    /// Gives the end of such a message a frame of its own, which it shares with no message behind it.
    ///
    /// A node that comes to the ring has not the first part. Corosync 3.1.7 throws away all that it is given of the
    /// sender, whole messages too, until a frame ends with a message (spec: totem.md 13.3 "Defects"); under load every
    /// frame is cut, and dozens of messages were lost for the newcomer. So it loses the cut message only.
    mutating func separateCutMessage(pool: inout MessagePool) {
        guard let first = ordinary.first, CutFrame(pool[first]).continuation != 0 else { return }
        for index in 0..<ordinary.count {
            let handle = ordinary[index]
            let frame = CutFrame(pool[handle])
            if frame.partCount > 1 {
                let end = frame.firstPart
                let rest = frame.rest
                pool[handle] = rest
                let separate = pool.acquire()
                pool[separate] = end
                ordinary.insert(separate, at: index)
                return
            }
            if frame.fragmented == 0 { return }
        }
    }
}

/// A frame as `Packer` makes it, behind the room for its packet's header (spec: totem.md 13.1).
private struct CutFrame {
    private let bytes: [UInt8]
    private static let base = McastHeader.size

    init(_ bytes: [UInt8]) { self.bytes = bytes }

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

    /// The frame with its first part only, which ends a message.
    var firstPart: [UInt8] {
        head(fragmented: 0, continuation: continuation, lengths: 0..<1) + bytes[start..<(start + firstLength)]
    }

    /// The frame without its first part.
    var rest: [UInt8] {
        head(fragmented: fragmented, continuation: 0, lengths: 1..<partCount) + bytes[(start + firstLength)...]
    }

    private func head(fragmented: UInt8, continuation: UInt8, lengths: Range<Int>) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: Self.base + 4)
        head.append(fragmented)
        head.append(continuation)
        head.appendU16(UInt16(clamping: lengths.count))
        for index in lengths { head.appendU16(UInt16(clamping: number(at: Self.base + Frame.fixedSize + 2 * index))) }
        return head
    }
}
