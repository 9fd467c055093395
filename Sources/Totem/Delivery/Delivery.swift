import Basics
import TotemWire

/// What waits for the services, in the agreed order. Frames are taken apart one message at a time, when the services ask
/// for it (spec: totem.md 13.3).
struct Delivery: Sendable {
    private enum Event: Sendable {
        case frame(MessageHandle)
        case configuration(ConfigurationChange)
        /// The next of `notices`.
        case notice
    }

    private var events = FIFO<Event>()
    /// Kept apart, since they are large and frames are many.
    private var notices = FIFO<RingNotice>()
    private var cursor: FrameCursor?
    private var assemblies = AssemblyTable()
    private var assemblySet = AssemblyTable.ordinary
    private var finishedAssembly: AssemblyReference?
    /// The ring whose regular configuration the services heard of last; events they have yet to be handed may tell
    /// of a newer one.
    private(set) var announcedRingID = RingID.none
    /// The services have heard of a change and not yet acknowledged it.
    private(set) var servicesSynchronize = true

    /// Frames and other events that wait; a frame can hold several messages.
    var count: Int { events.count + (cursor == nil ? 0 : 1) }

    /// Whether the services have been handed everything.
    var isEmpty: Bool { cursor == nil && events.isEmpty }

    mutating func append(_ change: ConfigurationChange) { events.append(.configuration(change)) }

    mutating func append(_ notice: RingNotice) {
        notices.append(notice)
        events.append(.notice)
    }

    /// Takes in what can be delivered without a gap.
    mutating func takeReceived(
        from reception: inout Reception, in pool: borrowing MessagePool, planted: Planted<PlantedDefect>
    ) {
        if planted.has(.deliversBeyondGap) { return takeRest(of: &reception, from: nil, in: pool) }
        while let handle = reception.deliverNext() { events.append(.frame(handle)) }
    }

    /// Takes in the rest of an old ring: messages behind a gap that nobody can fill any more, and of those only what
    /// members sent that come along, because only they are sure to have it too.
    ///
    /// - Parameter senders: who comes along; nil for everybody.
    mutating func takeRest(of reception: inout Reception, from senders: [NodeID]?, in pool: borrowing MessagePool) {
        while reception.hasUndelivered {
            guard let handle = reception.passNext() else { continue }
            let datagram = pool[handle]
            guard let header = McastHeader(ofMessage: datagram.span), senders?.contains(header.systemFrom) ?? true
            else { continue }
            events.append(.frame(handle))
        }
    }

    /// The next thing to tell the services; nil when there is nothing.
    mutating func next(
        in pool: borrowing MessagePool, configured: [NodeID], statistics: inout RingStatistics,
        planted: Planted<PlantedDefect>
    ) -> RingEvent? {
        if let finished = finishedAssembly {
            assemblies[finished].reset()
            finishedAssembly = nil
        }
        while true {
            if var current = cursor {
                // Written back at once: `nextMessage` may look at the other parts, never at the cursor.
                let message = nextMessage(&current, in: pool, &statistics, planted)
                cursor = message == nil ? nil : current
                if let message { return .message(message) }
            }
            guard let event = events.popFirst() else { return nil }
            switch event {
            case .notice:
                if let notice = notices.popFirst() { return .notice(notice) }
            case .configuration(let change):
                switch change.kind {
                case .transitional:
                    assemblies.discard(planted.has(.forgetsBeginnings) ? configured : change.left)
                    servicesSynchronize = true
                case .regular:
                    assemblySet = AssemblyTable.transitional
                    announcedRingID = change.ringID
                }
                return .configuration(change)
            case .frame(let handle):
                cursor = openFrame(handle, in: pool)
            }
        }
    }

    /// All services have synchronised: what they are handed from here on is ordinary again (spec: totem.md 13.5).
    mutating func acknowledge() {
        assemblySet = AssemblyTable.ordinary
        servicesSynchronize = false
    }

    /// Takes out the parts, joined, of the ordinary message that `sender` goes on with under `mark`; nil when its beginning
    /// has not been received.
    mutating func takeBeginning(of sender: NodeID, mark: UInt8) -> [UInt8]? {
        guard let reference = assemblies.open(of: sender, mark: mark, preferring: AssemblyTable.ordinary) else {
            return nil
        }
        defer { assemblies[reference].reset() }
        return assemblies[reference].bytes
    }

    func bytes(of message: DeliveredMessage, in pool: borrowing MessagePool) -> MessageBytes {
        switch message.storage {
        case .frame(let handle, let range): MessageBytes(pool[handle], range)
        case .assembly(let reference, let range): MessageBytes(assemblies[reference].bytes, range)
        }
    }

    private mutating func openFrame(_ handle: MessageHandle, in pool: borrowing MessagePool) -> FrameCursor? {
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
    private mutating func nextMessage(
        _ cursor: inout FrameCursor, in pool: borrowing MessagePool, _ statistics: inout RingStatistics,
        _ planted: Planted<PlantedDefect>
    ) -> DeliveredMessage? {
        while let part = nextPart(&cursor, in: pool) {
            let isFirst = cursor.place.index == 1
            let isCut = cursor.fragmented != 0 && cursor.place.index == cursor.partCount
            if isFirst, cursor.continuation != 0 {
                let message = continueAssembly(cursor, part, isCut: isCut, in: pool, &statistics, planted)
                if let message { return message }
            } else if isCut {
                let reference = assemblies.assembly(of: cursor.sender, set: assemblySet)
                assemblies[reference].reset()
                let buffer = pool[cursor.handle]
                assemblies[reference].append(buffer.span.extracting(part))
                assemblies[reference].openMark = cursor.fragmented
            } else if let message = whole(cursor, part, in: pool) {
                return message
            }
        }
        return nil
    }

    private func nextPart(_ cursor: inout FrameCursor, in pool: borrowing MessagePool) -> Range<Int>? {
        let buffer = pool[cursor.handle]
        let bytes = buffer.span.extracting(droppingFirst: McastHeader.size)
        guard let range = Frame.nextPart(of: bytes, order: cursor.order, &cursor.place) else { return nil }
        return (range.lowerBound + McastHeader.size)..<(range.upperBound + McastHeader.size)
    }

    /// A part that goes on with a message of which I must have seen the beginning; otherwise it is skipped, and the
    /// messages behind it are not (Corosync loses those: spec: totem.md 13.3).
    private mutating func continueAssembly(
        _ cursor: FrameCursor, _ part: Range<Int>, isCut: Bool, in pool: borrowing MessagePool,
        _ statistics: inout RingStatistics, _ planted: Planted<PlantedDefect>
    ) -> DeliveredMessage? {
        guard let reference = assemblies.open(of: cursor.sender, mark: cursor.continuation, preferring: assemblySet)
        else {
            guard planted.has(.deliversTailsAlone) else { return nil }
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

    private func whole(
        _ cursor: FrameCursor, _ part: Range<Int>, in pool: borrowing MessagePool
    ) -> DeliveredMessage? {
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
private struct FrameCursor: Sendable {
    let handle: MessageHandle
    let sender: NodeID
    let order: ByteOrder
    let continuation: UInt8
    let fragmented: UInt8
    let partCount: Int
    var place = Frame.Cursor()
}
