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

    /// Tokens, of which the second has been with every other node behind the reload.
    private static let tokensBeforeSelection: UInt64 = 2

    /// Whether a member is still changing keys, as far as it is known. Another change must not begin before, on any node: there
    /// are two slots, and who begins seals with the third key two tokens later. What ends a change is at the same place of the
    /// ring's order on all nodes, so that none is behind.
    public var isChangingKeys: Bool { !changingKeys.isEmpty }

    /// The slots that hold a key; the shell wipes what is in another one.
    public var keySlots: KeySlots? {
        mutating get { links?.keys }
    }

    /// Begins to seal in the way of the configuration in force: the new key opens from now on, seals when the token has been
    /// here twice, and is the only one some time after this node's second message about it has come round the ring
    /// (docs/decisions/links.md).
    ///
    /// - Returns: the slot that the shell is to put the new key into before it opens another datagram; `clear` for none.
    public mutating func changeKeys(now: Instant) -> KeySlot {
        forgetOldKey(now: now)
        guard let slot = links?.prepareKeys(isSealed: configuration.links?.overhead != nil) else { return .clear }
        tokensAtKeyChange = ring.statistics.orfTokenRx
        changingKeys = ring.members.filter { $0 != configuration.nodeID } + [configuration.nodeID]
        services.beginCryptoReconfiguration()
        carryOutOutputs(now: now)
        return slot
    }

    /// A message of the key change has been delivered, the second of which says that its sender is done.
    mutating func takeKeyStep(_ phase: UInt32, of node: NodeID, now: Instant) {
        guard links?.keys.next != nil, phase == 2 else { return }
        if node == configuration.nodeID {
            // In a ring of this node alone no tokens come.
            selectKey(now: now)
            oldKeyGoesAt = now.adding(milliseconds: 2 * UInt64(configuration.ring.token))
        }
        endKeyChange { $0 == node }
    }

    /// Members that are gone are not waited for.
    mutating func endKeyChange(ofAllBut members: [NodeID]) { endKeyChange { !members.contains($0) } }

    private mutating func endKeyChange(of isDone: (NodeID) -> Bool) {
        guard isChangingKeys else { return }
        changingKeys.removeAll(where: isDone)
        if !isChangingKeys { directives.append(.keysChanged) }
    }

    /// Seals with the new key, if it is time.
    mutating func selectKeyIfDue(now: Instant) {
        guard let start = tokensAtKeyChange,
            ring.statistics.orfTokenRx &- start >= Self.tokensBeforeSelection
        else { return }
        selectKey(now: now)
    }

    private mutating func selectKey(now: Instant) {
        tokensAtKeyChange = nil
        guard var keys = links?.keys else { return }
        keys.select()
        links?.seal(keys, overhead: configuration.links?.overhead ?? .clear, now: now)
    }

    /// Opens with the new key only from now on, if it waits for that.
    mutating func forgetOldKey(now: Instant) {
        guard oldKeyGoesAt != nil, var keys = links?.keys else { return }
        oldKeyGoesAt = nil
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
