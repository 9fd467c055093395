import Links

/// The keys that a node has, each with the change that brought it.
struct NodeKeys: Sendable {
    struct Key: Sendable {
        var generation: Int
        var seal: ToySeal
    }

    private var first: Key?
    private var second: Key?

    subscript(slot: KeySlot) -> Key? {
        get {
            switch slot {
            case .clear: nil
            case .first: first
            case .second: second
            }
        }
        set {
            switch slot {
            case .clear: break
            case .first: first = newValue
            case .second: second = newValue
            }
        }
    }

    static func key(_ protection: Protection, generation: Int, sender: Int, life: Int) -> Key {
        Key(
            generation: generation,
            seal: ToySeal(
                protection.overhead, key: 0xC0FFEE + UInt64(generation), sender: UInt64(sender) << 8 | UInt64(life)))
    }

    /// The datagram that leaves: as it is where the slot holds no key.
    mutating func seal(_ plain: [UInt8], _ slot: KeySlot) -> [UInt8] {
        guard var key = self[slot] else { return plain }
        var image = [UInt8](repeating: 0, count: key.seal.overhead.sealedSize(plain.count))
        var room = image.mutableSpan
        _ = key.seal.seal(plain.span, into: &room)
        self[slot] = key
        return image
    }

    /// As the shell does: the key in use first, then the other, then as it is, if that may be. Nil where nothing opens it.
    func open(_ image: inout [UInt8], _ slots: KeySlots) -> (range: Range<Int>, slot: KeySlot)? {
        let attempts = slots.attempts
        for slot in [attempts.first, attempts.second] {
            guard let slot, let key = self[slot] else { continue }
            var room = image.mutableSpan
            if let range = key.seal.open(&room) { return (range, slot) }
        }
        return slots.isClearAllowed ? (0..<image.count, .clear) : nil
    }
}
