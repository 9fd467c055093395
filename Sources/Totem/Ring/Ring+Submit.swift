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
        if isAheadOfServices {
            // Nothing may be cut across the two queues.
            packer.flush(pool: &pool, queue: &sendQueues.active)
            packer.add(group: group, body: body, pool: &pool, queue: &sendQueues.ordinary)
            packer.flush(pool: &pool, queue: &sendQueues.ordinary)
            return true
        }
        packer.add(group: group, body: body, pool: &pool, queue: &sendQueues.active)
        cancelHold(now: now)
        return true
    }

    /// A ring has been installed of which the services, at rest in the one before, have not heard: what they send now
    /// is none of the new synchronisation's and waits for its end.
    private var isAheadOfServices: Bool { sendQueues.awaitsAcknowledgement && !servicesSynchronize }

    /// Whether the queue in use takes a message of `size` bytes now.
    public func hasRoom(for size: Int) -> Bool { packer.framesNeeded(for: size + 8) <= freeFrames }

    /// Free slots of the queue in use (`stats.pg.msg_queue_avail`).
    public var freeFrames: Int {
        let queued = isAheadOfServices ? sendQueues.ordinary.count : sendQueues.activeCount
        return max(parameters.sendQueueCapacity - queued - 2, 0)
    }

    /// Frames that waited for the token when it was last here. (Mutating, so that no copy is made to ask.)
    public var backlog: UInt32 { mutating get { flow.backlogLast } }

    /// Whether messages wait that a coming token may take along.
    public var hasUnsentMessages: Bool { sendQueues.sendable > 0 || !packer.isEmpty }

    /// All services have synchronised after a configuration change: ordinary messages flow again (spec: totem.md
    /// 13.5). Call it while handling the event that completed the synchronisation, so that it takes effect at the same
    /// place of the order on all members.
    ///
    /// The last synchronisation message can be among those that recovery brings, just before the next configuration
    /// change: then what is received is in order again, but nothing is sent before that change is acknowledged too.
    public mutating func acknowledgeConfiguration(now: Instant) {
        defer { assertInvariants() }
        assemblySet = AssemblyTable.ordinary
        servicesSynchronize = false
        guard announcedRingID == installedRingID else { return }
        packer.flush(pool: &pool, queue: &sendQueues.active)
        bringBeginningToNewcomers()
        sendQueues.awaitsAcknowledgement = false
        if sendQueues.sendable > 0 { cancelHold(now: now) }
    }

    /// What was sent of a message that the change of ring cut in two is what this node has received of itself.
    private mutating func bringBeginningToNewcomers() {
        guard sendQueues.hasNewcomers, !has(.sendsNoBeginningAgain), !has(.deliversTailsAlone) else { return }
        sendQueues.hasNewcomers = false
        let mark = sendQueues.openMark(in: pool)
        guard mark != 0, let own = assemblies.open(of: me, mark: mark, preferring: AssemblyTable.ordinary) else {
            return
        }
        sendQueues.restartCutMessage(
            sent: assemblies[own].bytes, frameSize: parameters.frameSize, pool: &pool)
        assemblies[own].reset()
    }

    /// Asks the representative of a resting ring for the token, once per visit.
    private mutating func cancelHold(now: Instant) {
        guard isTokenHeld else { return }
        isTokenHeld = false
        statistics.holdCancelTx &+= 1
        let packet = HoldCancel(header: PacketHeader(type: .holdCancel, nodeID: me), ringID: ringID)
        broadcast(toMyself: true) { packet.encode(into: &$0) }
    }
}
