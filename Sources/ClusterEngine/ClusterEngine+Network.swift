import Basics
import Totem
import TotemWire

/// Towards the network and the clock.
extension ClusterEngine {
    /// Takes in one datagram. Its consequences for the services come with the next `process`.
    ///
    /// - Throws: when it is not a packet of the protocol; the shell, which knows the sender's address, may log it.
    public mutating func receive(_ datagram: Span<UInt8>, now: Instant) throws(HeaderError) {
        try ring.receive(datagram, now: now)
    }

    public mutating func advance(to now: Instant) {
        if let deadline = ring.nextDeadline, deadline <= now { ring.advance(to: now) }
        if let deadline = links?.nextDeadline, deadline <= now { links?.advance(to: now) }
        if let deadline = services.nextDeadline, deadline <= now {
            services.advance(now)
            carryOutOutputs(now: now)
        }
        if let deadline = cfg.nextDeadline, deadline <= now {
            cfg.advance(now: now)
            carryOutClientActions(now: now)
        }
        if let deadline = pollTrackersAt, deadline <= now { pollStatistics(now: now) }
        if let deadline = keyChange.deadline, deadline <= now { endPatienceForKeys(now: now) }
        if case .closing = departure, !hasDirectives {
            departure = .sending(until: now.adding(milliseconds: Departure.patience))
        }
        leaveIfAllIsSaid(now: now)
    }

    /// When `advance` wants to be called; nil when only a packet or a client can change anything.
    ///
    /// Changes nothing; but a getter that does not say `mutating` would be handed a copy of the whole engine.
    public var nextDeadline: Instant? {
        mutating get {
            let ours = earliest(
                earliest(links?.nextDeadline, keyChange.deadline), earliest(pollTrackersAt, departure.deadline))
            return earliest(ring.nextDeadline, earliest(services.nextDeadline, earliest(cfg.nextDeadline, ours)))
        }
    }

    /// How many multicasts in a row could not be sent until now, with transport udp.
    public mutating func multicastsFailed(inARow count: UInt64) {
        ring.multicastsFailed(inARow: UInt32(clamping: count))
    }

    /// The machine of a member has refused a packet of which the ring had asked for that (`OutgoingPacket.asksForRefusal`).
    public mutating func refused(by node: NodeID, now: Instant) { ring.learn(.refused, of: node, now: now) }

    /// The machine of a node has answered (`EngineDirective.askMachine`).
    public mutating func machineAnswered(_ node: NodeID, now: Instant) { ring.machineAnswered(node, now: now) }

    /// The network interface came or went.
    public mutating func interfaceChanged(now: Instant) { ring.interfaceChanged(now: now) }

    /// The other nodes can reach this one's address from now on: it need not wait for them.
    public mutating func becomeReachable() { ring.waitsForOthers = false }
}
