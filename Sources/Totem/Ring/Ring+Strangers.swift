import Basics
import TotemWire

/// A ring that works is not given up for a node that does not hear it (docs/decisions/joining.md).
extension TotemRing {
    /// Whether a packet of a node may make me gather with it.
    ///
    /// - Parameter naming: the members a join proposes; empty for packets that name none.
    func admits(_ node: NodeID, naming members: [NodeID] = [], now: Instant) -> Bool {
        guard !self.members.contains(node), strangers.keepsOut(node) else { return true }
        return strangers.mayTry(node, now: now) && members.contains { self.members.contains($0) }
    }

    mutating func hears(_ node: NodeID, isJoin: Bool, now: Instant) {
        guard let place = configured.place(of: node) else { return }
        strangers.hears(node, place: place, isJoin: isJoin, now: now)
    }

    /// Asks a node that is kept out for a join, so that it can show that it hears me. Members do not get this join:
    /// they would take it for the end of the ring.
    mutating func call(_ node: NodeID, now: Instant) {
        guard isOperational, isEstablished, strangers.isDue(node, interval: UInt64(parameters.merge), now: now) else {
            return
        }
        let join = Join(
            header: PacketHeader(type: .join, nodeID: me), systemFrom: me, members: members + [node], failed: [],
            ringSequence: ringID.sequence)
        outbox.send(to: node) { join.encode(into: &$0) }
        statistics.joinTx &+= 1
    }

    /// A ring has been installed: who was to be in it and is not has to show first that it hears us.
    mutating func judgeStrangers(formerly old: [NodeID], now: Instant) {
        strangers.admit(members)
        let strange = failed.without(old).without(members).filter { isConfigured($0) }
        let interval = UInt64(parameters.token) + UInt64(parameters.consensus)
        let excluded = strangers.exclude(strange, of: configured, interval: interval, now: now)
        if !excluded.isEmpty { notice(.heardInVain(excluded)) }
    }

    /// When the last of the nodes that are kept out may try again; nil when none is.
    package var strangersWaitUntil: Instant? { strangers.latestWait }
}
