import Basics
import TotemWire

/// What the services have sent and no token has taken along yet: frames that wait, and what is still being packed.
///
/// There are two queues: ordinary messages, and those sent between a configuration change and the end of its
/// synchronisation, which go first (spec: totem.md 13.5).
struct SendQueues: Sendable {
    private var packer: Packer
    private var ordinary = FIFO<MessageHandle>()
    private var transitional = FIFO<MessageHandle>()
    /// Synchronisation is not finished: only what has been queued since the change is sent.
    private(set) var awaitsAcknowledgement = true
    /// Nodes have come since ordinary messages were sent last: they have no beginning of any of them.
    private var hasNewcomers = false
    /// The next of the numbers that each sender's messages bear beside those of the ring.
    private var ownNumber: Int32 = 0

    /// - Parameter frameSize: bytes of a whole frame, header included.
    init(frameSize: Int) { packer = Packer(frameSize: frameSize) }

    // MARK: From the services

    /// Puts a message into the queue in use; or, one that was sent too early for it, behind the ordinary ones.
    mutating func add(
        _ body: Span<UInt8>, group: MessageGroup, isTooEarly: Bool = false, pool: inout MessagePool
    ) {
        if isTooEarly || !awaitsAcknowledgement {
            // Nothing may be cut across the two queues.
            if isTooEarly { flush(pool: &pool) }
            packer.add(group: group, body: body, pool: &pool, queue: &ordinary)
            if isTooEarly { packer.flush(pool: &pool, queue: &ordinary) }
        } else {
            packer.add(group: group, body: body, pool: &pool, queue: &transitional)
        }
    }

    /// How many frames `size` bytes could need in the worst case, as admission counts them (spec: totem.md 13.2).
    func framesNeeded(for size: Int) -> Int { packer.framesNeeded(for: size) }

    /// Puts what is being packed into the queue in use.
    mutating func flush(pool: inout MessagePool) {
        if awaitsAcknowledgement {
            packer.flush(pool: &pool, queue: &transitional)
        } else {
            packer.flush(pool: &pool, queue: &ordinary)
        }
    }

    // MARK: Configuration changes

    /// A ring has been installed: what was queued before stays behind what synchronisation will queue.
    mutating func changeConfiguration(hasNewcomers: Bool, switchesQueues: Bool = true, pool: inout MessagePool) {
        flush(pool: &pool)
        awaitsAcknowledgement = switchesQueues
        if hasNewcomers { self.hasNewcomers = true }
    }

    /// The mark under which the first of the waiting ordinary frames goes on with a message of which nodes that have come
    /// lack the beginning; nil when there is none. Asked once for each change that brought nodes.
    mutating func takeOpenMark(in pool: borrowing MessagePool) -> UInt8? {
        guard hasNewcomers else { return nil }
        hasNewcomers = false
        guard let first = ordinary.first else { return nil }
        let mark = CutFrame(pool[first]).continuation
        return mark == 0 ? nil : mark
    }

    /// Synchronisation is over: ordinary messages flow again.
    ///
    /// - Parameter sent: what nodes that have come lack of the message that the first frame goes on with, if it does;
    ///   group header included.
    mutating func acknowledge(bringing sent: [UInt8]?, frameSize: Int, pool: inout MessagePool) {
        if let sent { restartCutMessage(sent: sent, frameSize: frameSize, pool: &pool) }
        awaitsAcknowledgement = false
    }

    /// Sends a message of which a part was sent in the old ring from its beginning, since nodes have come that do not have
    /// it.
    ///
    /// Nobody has been given the message yet, and everybody who is here will be. A frame without parts goes before it:
    /// it continues nothing, whereupon a member that holds the beginning lets go of it, Corosync's as Rondo's. Without
    /// this the message would be lost for those who came, and a Corosync among them would throw away whole messages
    /// behind it too (spec: totem.md 13.3 "Defects").
    ///
    /// - Parameter sent: the parts sent so far, joined; their group header included.
    private mutating func restartCutMessage(sent: [UInt8], frameSize: Int, pool: inout MessagePool) {
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

    // MARK: To the token

    /// Frames that the next token may take along.
    var sendable: Int { transitional.count + (awaitsAcknowledgement ? 0 : ordinary.count) }

    mutating func popNext() -> MessageHandle? {
        if let handle = transitional.popFirst() { return handle }
        return awaitsAcknowledgement ? nil : ordinary.popFirst()
    }

    mutating func takeOwnNumber() -> Int32 {
        defer { ownNumber &+= 1 }
        return ownNumber
    }

    // MARK: Figures

    /// Nothing is being packed.
    var isPacked: Bool { packer.isEmpty }

    /// Frames in both queues.
    var count: Int { transitional.count + ordinary.count }

    /// Frames in the queue that a message would go to.
    func count(isTooEarly: Bool) -> Int { isTooEarly || !awaitsAcknowledgement ? ordinary.count : transitional.count }
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
