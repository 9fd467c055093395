import Basics
import TotemWire

/// Messages from the services into the ring (spec: totem.md 13.2, 13.5, 13.7).
extension TotemRing {
    /// The longest message that `submit` takes, in bytes.
    public static let maximumMessageSize = TotemLimits.messageSize

    /// Queues a message for all members, this one included.
    ///
    /// - Parameter unconditionally: for what the protocol itself must say (synchronisation): taken even when the queue
    ///   is full.
    /// - Returns: false when the message is too long or the queue has no room for it now: try again later.
    public mutating func submit(
        _ body: Span<UInt8>, group: MessageGroup, unconditionally: Bool = false, now: Instant
    ) -> Bool {
        defer { assertInvariants() }
        guard body.count <= Self.maximumMessageSize, unconditionally || hasRoom(for: body.count) else { return false }
        let isTooEarly = isAheadOfServices
        sendQueues.add(body, group: group, isTooEarly: isTooEarly, pool: &pool)
        if !isTooEarly { cancelHold(now: now) }
        return true
    }

    /// A ring has been installed of which the services, at rest in the one before, have not heard: what they send now
    /// is none of the new synchronisation's and waits for its end.
    private var isAheadOfServices: Bool { sendQueues.awaitsAcknowledgement && !delivery.servicesSynchronize }

    /// Whether the queue in use takes a message of `size` bytes now.
    public func hasRoom(for size: Int) -> Bool { sendQueues.framesNeeded(for: size + 8) <= freeFrames }

    /// Free slots of the queue in use (`stats.pg.msg_queue_avail`).
    public var freeFrames: Int {
        max(parameters.sendQueueCapacity - sendQueues.count(isTooEarly: isAheadOfServices) - 2, 0)
    }

    /// Frames that waited for the token when it was last here. (Mutating, so that no copy is made to ask.)
    public var backlog: UInt32 { mutating get { visits.flow.backlogLast } }

    /// Whether messages wait that a coming token may take along.
    public var hasUnsentMessages: Bool { sendQueues.sendable > 0 || !sendQueues.isPacked }

    /// All services have synchronised after a configuration change: ordinary messages flow again (spec: totem.md
    /// 13.5). Call it while handling the event that completed the synchronisation, so that it takes effect at the same
    /// place of the order on all members.
    ///
    /// The last synchronisation message can be among those that recovery brings, just before the next configuration
    /// change: then what is received is in order again, but nothing is sent before that change is acknowledged too.
    public mutating func acknowledgeConfiguration(now: Instant) {
        defer { assertInvariants() }
        delivery.acknowledge()
        guard delivery.announcedRingID == installedRingID else { return }
        sendQueues.flush(pool: &pool)
        sendQueues.acknowledge(bringing: takeMissingBeginning(), frameSize: parameters.frameSize, pool: &pool)
        if sendQueues.sendable > 0 { cancelHold(now: now) }
    }

    /// What was sent of a message that the change of ring cut in two, for nodes that have come; it is what this node has
    /// received of itself.
    private mutating func takeMissingBeginning() -> [UInt8]? {
        guard !has(.sendsNoBeginningAgain), !has(.deliversTailsAlone), let mark = sendQueues.takeOpenMark(in: pool)
        else { return nil }
        return delivery.takeBeginning(of: me, mark: mark)
    }
}
