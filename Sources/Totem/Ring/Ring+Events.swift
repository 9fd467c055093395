import Basics
import TotemWire

/// Handing out events: frames are taken apart one message at a time, when the services ask for it (spec: totem.md 13.3).
extension TotemRing {
    /// The next thing to tell the services, in order; nil when there is nothing. The bytes of a previous message are
    /// no longer valid after this call.
    public mutating func nextEvent() -> RingEvent? {
        defer { assertInvariants() }
        if let finished = finishedAssembly {
            assemblies[finished].reset()
            finishedAssembly = nil
        }
        while true {
            if var current = cursor {
                // Written back at once: `nextMessage` may look at the ring's other parts, never at the cursor.
                let message = nextMessage(&current)
                cursor = message == nil ? nil : current
                if let message { return .message(message) }
            }
            guard let event = events.popFirst() else { return nil }
            switch event {
            case .notice(let notice):
                return .notice(notice)
            case .configuration(let change):
                switch change.kind {
                case .transitional:
                    assemblies.discard(has(.forgetsBeginnings) ? configured : change.left)
                    servicesSynchronize = true
                case .regular:
                    assemblySet = AssemblyTable.transitional
                    announcedRingID = change.ringID
                }
                return .configuration(change)
            case .frame(let handle):
                cursor = openFrame(handle)
            }
        }
    }

    /// How many frames and other events wait; a frame can hold several messages. (Mutating, so that no copy is made to ask.)
    public var waitingEventCount: Int {
        mutating get { events.count + (cursor == nil ? 0 : 1) }
    }

    public var hasEvents: Bool { cursor != nil || !events.isEmpty }

    /// The body of a delivered message, without group header, valid until the next `nextEvent`.
    public func bytes(of message: DeliveredMessage) -> MessageBytes {
        switch message.storage {
        case .frame(let handle, let range): MessageBytes(pool[handle], range)
        case .assembly(let reference, let range): MessageBytes(assemblies[reference].bytes, range)
        }
    }

    private mutating func openFrame(_ handle: MessageHandle) -> FrameCursor? {
        let buffer = pool[handle]
        let datagram = buffer.span
        guard let header = try? PacketHeader(decoding: datagram), header.encapsulated != Encapsulation.recovery,
            let mcast = try? McastHeader(decoding: datagram, header: header),
            let frame = try? Frame(decoding: datagram.extracting(droppingFirst: McastHeader.size), order: header.order)
        else {
            // A recovery message needs no delivery; anything else is a broken frame.
            return nil
        }
        if frame.partCount == 0 {
            // The sender starts again what it had begun.
            let reference = assemblies.assembly(of: mcast.systemFrom, set: assemblySet)
            assemblies[reference].reset()
            return nil
        }
        return FrameCursor(
            handle: handle, sender: mcast.systemFrom, order: header.order, continuation: frame.continuation,
            fragmented: frame.fragmented, partCount: frame.partCount)
    }

    /// The next message that is complete, within the frame or by its parts; nil at the frame's end.
    private mutating func nextMessage(_ cursor: inout FrameCursor) -> DeliveredMessage? {
        while let part = nextPart(&cursor) {
            let isFirst = cursor.place.index == 1
            let isCut = cursor.fragmented != 0 && cursor.place.index == cursor.partCount
            if isFirst, cursor.continuation != 0 {
                if let message = continueAssembly(cursor, part, isCut: isCut) { return message }
            } else if isCut {
                let reference = assemblies.assembly(of: cursor.sender, set: assemblySet)
                assemblies[reference].reset()
                let buffer = pool[cursor.handle]
                assemblies[reference].append(buffer.span.extracting(part))
                assemblies[reference].openMark = cursor.fragmented
            } else if let message = whole(cursor, part) {
                return message
            }
        }
        return nil
    }

    private func nextPart(_ cursor: inout FrameCursor) -> Range<Int>? {
        let buffer = pool[cursor.handle]
        let bytes = buffer.span.extracting(droppingFirst: McastHeader.size)
        guard let range = Frame.nextPart(of: bytes, order: cursor.order, &cursor.place) else { return nil }
        return (range.lowerBound + McastHeader.size)..<(range.upperBound + McastHeader.size)
    }

    /// A part that goes on with a message of which I must have seen the beginning; otherwise it is skipped, and the
    /// messages behind it are not (Corosync loses those: spec: totem.md 13.3).
    private mutating func continueAssembly(
        _ cursor: FrameCursor, _ part: Range<Int>, isCut: Bool
    ) -> DeliveredMessage? {
        guard let reference = assemblies.open(of: cursor.sender, mark: cursor.continuation, preferring: assemblySet)
        else {
            guard has(.deliversTailsAlone) else { return nil }
            return DeliveredMessage(
                sender: cursor.sender, group: .services, order: cursor.order, storage: .frame(cursor.handle, part))
        }
        let buffer = pool[cursor.handle]
        assemblies[reference].append(buffer.span.extracting(part))
        if isCut {
            assemblies[reference].openMark = cursor.fragmented
            return nil
        }
        finishedAssembly = reference
        assemblies[reference].openMark = 0
        guard !assemblies[reference].overflowed else {
            statistics.receivedDropped &+= 1
            return nil
        }
        let bytes = assemblies[reference].bytes
        guard let (group, offset) = Self.address(bytes.span, cursor.order) else { return nil }
        return DeliveredMessage(
            sender: cursor.sender, group: group, order: cursor.order,
            storage: .assembly(reference, offset..<bytes.count))
    }

    private func whole(_ cursor: FrameCursor, _ part: Range<Int>) -> DeliveredMessage? {
        let buffer = pool[cursor.handle]
        guard let (group, offset) = Self.address(buffer.span.extracting(part), cursor.order) else { return nil }
        return DeliveredMessage(
            sender: cursor.sender, group: group, order: cursor.order,
            storage: .frame(cursor.handle, (part.lowerBound + offset)..<part.upperBound))
    }

    /// Which of the two groups a message is for, and where its data begins; nil for a group nobody here has joined.
    private static func address(_ message: Span<UInt8>, _ order: ByteOrder) -> (MessageGroup, Int)? {
        guard let address = try? GroupAddress(decoding: message, order: order) else { return nil }
        if address.includesServices { return (.services, address.dataOffset) }
        if address.includesSynchronization { return (.synchronization, address.dataOffset) }
        return nil
    }
}

/// A frame being taken apart.
struct FrameCursor: Sendable {
    let handle: MessageHandle
    let sender: NodeID
    let order: ByteOrder
    let continuation: UInt8
    let fragmented: UInt8
    let partCount: Int
    var place = Frame.Cursor()
}
