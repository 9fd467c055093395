import Basics
import TotemWire

/// Nodes that a ring tried in vain to take in: it heard them, gathered with them, and never got their agreement.
///
/// Usually such a node does not hear us, or not all of us. Corosync gathers with it again at its next packet, and so
/// gives up a ring that works as often as the consensus timeout allows, for as long as the network stays so. Here it
/// has to show first that it hears somebody of the ring: by a join that names one of its members.
struct Strangers: Sendable {
    private struct Entry: Sendable {
        var node: NodeID
        var isKeptOut: Bool
        /// Attempts in vain, of which none lay long before the next.
        var failures: Int
        var failedAt: Instant
        /// Until when not even its joins count.
        var waitsUntil: Instant
        var calledAt: Instant?
        /// Nothing came from it directly while the last attempt went on.
        var wasUnheard: Bool
    }

    private var entries: [Entry] = []
    /// Nodes, by their place in the nodelist, of which a join has come since the last ring was installed. Who gathers
    /// with me sends one each join interval, so in an attempt I hear all that I can hear.
    private var heard = NodeBits()

    func keepsOut(_ node: NodeID) -> Bool { entries.contains { $0.node == node && $0.isKeptOut } }

    /// Whether a kept-out node that names a member may have another attempt.
    func mayTry(_ node: NodeID, now: Instant) -> Bool {
        !entries.contains { $0.node == node && $0.isKeptOut && now < $0.waitsUntil }
    }

    /// A ring was installed in which these nodes, none of them of the old ring, count as failed.
    ///
    /// - Parameter interval: milliseconds that an attempt costs. After the first one in vain the node may try again at
    ///   once; each further time it waits twice as long, up to 16 times what an attempt costs.
    /// - Returns: those that are kept out from now on.
    mutating func exclude(
        _ nodes: [NodeID], of configured: [NodeID], interval: UInt64, now: Instant
    ) -> [NodeID] {
        defer { heard = NodeBits() }
        return nodes.filter { node in
            let index: Int
            if let known = entries.firstIndex(where: { $0.node == node }) {
                index = known
                let isRecent = now.milliseconds(since: entries[index].failedAt) < 64 * interval
                entries[index].failures = isRecent ? entries[index].failures + 1 : 1
            } else {
                index = entries.count
                entries.append(
                    Entry(
                        node: node, isKeptOut: false, failures: 1, failedAt: now, waitsUntil: now, wasUnheard: false))
            }
            let isNew = !entries[index].isKeptOut
            let doublings = min(entries[index].failures - 2, 4)
            entries[index].failedAt = now
            entries[index].waitsUntil = doublings < 0 ? now : now.adding(milliseconds: interval << UInt64(doublings))
            entries[index].isKeptOut = true
            entries[index].wasUnheard = configured.place(of: node).map { !heard.contains($0) } ?? false
            return isNew
        }
    }

    /// A join or a merge detect has come straight from a node. When nothing did during the last attempt to take it in,
    /// the network has changed, and it may try again at once.
    mutating func hears(_ node: NodeID, place: Int, isJoin: Bool, now: Instant) {
        if isJoin { heard.insert(place) }
        guard let index = entries.firstIndex(where: { $0.node == node && $0.isKeptOut && $0.wasUnheard }) else {
            return
        }
        entries[index].wasUnheard = false
        entries[index].failures = 1
        entries[index].waitsUntil = now
    }

    /// These are members now. How often they failed before is remembered.
    mutating func admit(_ nodes: [NodeID]) {
        for index in entries.indices where nodes.contains(entries[index].node) { entries[index].isKeptOut = false }
    }

    /// Whether it is time to call a node that is kept out; notes that it is being called.
    mutating func isDue(_ node: NodeID, interval: UInt64, now: Instant) -> Bool {
        guard let index = entries.firstIndex(where: { $0.node == node && $0.isKeptOut }),
            now >= entries[index].waitsUntil
        else { return false }
        if let last = entries[index].calledAt, now.milliseconds(since: last) < interval { return false }
        entries[index].calledAt = now
        return true
    }

    mutating func forget(otherThan nodes: [NodeID]) { entries.removeAll { !nodes.contains($0.node) } }

    /// When the last of those kept out may try again.
    var latestWait: Instant? { entries.filter(\.isKeptOut).map(\.waitsUntil).max() }
}

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
