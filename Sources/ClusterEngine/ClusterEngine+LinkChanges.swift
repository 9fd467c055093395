import Basics
import ClusterMap
import Links
import TotemWire

/// Links and keys that change while the node runs (spec: knet.md 3.2, 12).
extension ClusterEngine {
    // MARK: Links

    /// Puts the links of a new configuration in force.
    mutating func reconfigureLinks(_ wanted: LinksConfiguration?, now: Instant) {
        guard let wanted, let old = configuration.links else { return }
        links?.follow(wanted, from: old, now: now)
        configuration.links = wanted
        takeLinkEvents(now: now)
    }

    // MARK: Keys

    /// Whether a member is still changing keys, as far as it is known. Another change must not begin before, on any node: there
    /// are two slots, and who begins seals with the third key soon after. What ends a change is at the same place of the
    /// ring's order on all nodes, so that none is behind.
    public var isChangingKeys: Bool { keyChange.isUnfinished }

    /// The slots that hold a key; the shell wipes what is in another one.
    public var keySlots: KeySlots? {
        mutating get { links?.keys }
    }

    /// Begins to seal in the way of the configuration in force: the new key opens from now on, seals when every member has said
    /// that it opens there, too, and is the only one some time after this node's second message about it has come round the
    /// ring (docs/decisions/links.md).
    ///
    /// - Returns: the slot that the shell is to put the new key into before it opens another datagram; `clear` for none.
    public mutating func changeKeys(now: Instant) -> KeySlot {
        forgetOldKey(now: now)
        guard let slot = links?.prepareKeys(isSealed: configuration.links?.overhead != nil) else { return .clear }
        let others = ring.members.filter { $0 != configuration.nodeID }
        keyChange.begin(with: others + [configuration.nodeID], until: patienceForKeys(now))
        services.multicastCryptoPhase(1)
        carryOutOutputs(now: now)
        return slot
    }

    /// How long this node waits for others that should be done with a step.
    private func patienceForKeys(_ now: Instant) -> Instant {
        now.adding(milliseconds: 2 * UInt64(configuration.ring.token))
    }

    /// A message of the key change has been delivered: its sender opens with the new key, or seals with it.
    mutating func takeKeyStep(_ phase: UInt32, of node: NodeID, now: Instant) {
        guard links?.keys.next != nil else { return }
        if phase == 1 {
            if keyChange.hasRead(node) { selectKey(now: now) }
            return
        }
        // Who seals with the new key knows that all open it or, a Corosync, opens nothing else itself.
        if keyChange.isWaiting { selectKey(now: now) }
        if node == configuration.nodeID { keyChange.keepOldKey(until: patienceForKeys(now)) }
        endKeyChange { $0 == node }
    }

    /// The ring has changed: members that are gone are not waited for, and those that are left have had to find together first.
    mutating func endKeyChange(ofAllBut members: [NodeID], now: Instant) {
        if keyChange.hasRead(ofAllBut: members) { selectKey(now: now) }
        keyChange.postpone(until: patienceForKeys(now))
        endKeyChange { !members.contains($0) }
    }

    private mutating func endKeyChange(of isDone: (NodeID) -> Bool) {
        if keyChange.end(of: isDone) { directives.append(.keysChanged) }
    }

    /// The token has come, sealed in the new way: a Corosync that sent it will open nothing else when it is there again.
    mutating func takeSealedToken(_ slot: KeySlot, now: Instant) {
        if keyChange.isWaiting, slot == links?.keys.next { selectKey(now: now) }
    }

    /// Goes on where others have been waited for in vain. In a ring that is being formed they may only be out of reach.
    mutating func endPatienceForKeys(now: Instant) {
        guard ring.isOperational else { return keyChange.postpone(until: patienceForKeys(now)) }
        if keyChange.isWaiting { selectKey(now: now) } else { forgetOldKey(now: now) }
    }

    private mutating func selectKey(now: Instant) {
        keyChange.select()
        guard var keys = links?.keys else { return }
        keys.select()
        links?.seal(keys, overhead: configuration.links?.overhead ?? .clear, now: now)
        services.multicastCryptoPhase(2)
        carryOutOutputs(now: now)
    }

    /// Opens with the new key only from now on, if it waits for that.
    private mutating func forgetOldKey(now: Instant) {
        guard keyChange.forgetOldKey(), var keys = links?.keys else { return }
        keys.settle()
        // What seals is as it was, whatever the configuration in force says by now: a change right behind this one has
        // not been selected yet.
        links?.open(with: keys)
        directives.append(.oldKeyGone)
        // Who has said nothing until now has another file, or a key of its own.
        endKeyChange { _ in true }
    }
}

extension KnetLinks {
    /// New links come before old ones go, so that a node that stays is not forgotten with its last link.
    mutating func follow(_ wanted: LinksConfiguration, from old: LinksConfiguration, now: Instant) {
        let change = wanted.change(from: old)
        add(change.added, now: now)
        for path in change.removed { remove(link: path.link.number, of: path.host, now: now) }
        for path in change.retimed {
            configure(path.link.number, of: path.host, path.link.timing, priority: path.link.priority, now: now)
        }
        configure(wanted.settings, now: now)
    }

    /// - Returns: the slot of the new key.
    mutating func prepareKeys(isSealed: Bool) -> KeySlot {
        var keys = keys
        keys.prepare(isSealed: isSealed)
        open(with: keys)
        return keys.next ?? .clear
    }
}
