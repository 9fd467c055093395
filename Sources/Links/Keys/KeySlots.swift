/// Which key seals, and which may open: a state of the machine, though the keys themselves are the shell's (spec: knet.md
/// 3.1, 3.2).
///
/// A change takes three steps, each at the same place of the ring's order on all nodes but the first, which is the reload of
/// a node: `prepare` (open with both, still seal with the old), `select` (seal with the new), `settle` (the old is gone).
public struct KeySlots: Sendable, Hashable {
    /// The slot that seals; `clear` when nothing does.
    public private(set) var inUse: KeySlot
    /// Datagrams that are not sealed are taken.
    public private(set) var isClearAllowed: Bool
    private var isFirstFilled: Bool
    private var isSecondFilled = false
    /// What a change leads to; nil while none is prepared.
    public private(set) var next: KeySlot?

    /// - Parameter isSealed: a key is configured at start; it is in the first slot.
    public init(isSealed: Bool) {
        inUse = isSealed ? .first : .clear
        isClearAllowed = !isSealed
        isFirstFilled = isSealed
    }

    public func isFilled(_ slot: KeySlot) -> Bool {
        switch slot {
        case .clear: false
        case .first: isFirstFilled
        case .second: isSecondFilled
        }
    }

    /// Whether a datagram that came so is taken.
    public func admits(_ slot: KeySlot) -> Bool { slot == .clear ? isClearAllowed : isFilled(slot) }

    /// The slots to try on a datagram, in order; nil for no further one. Where none opens it and `isClearAllowed`, it counts
    /// as clear.
    public var attempts: (first: KeySlot?, second: KeySlot?) {
        let other: KeySlot = inUse == .first ? .second : .first
        if isFilled(inUse) { return (inUse, isFilled(other) ? other : nil) }
        guard isFirstFilled else { return (isSecondFilled ? .second : nil, nil) }
        return (.first, isSecondFilled ? .second : nil)
    }

    /// The configuration was read anew. The shell puts the new key into `next`, if that is a slot.
    ///
    /// - Parameter isSealed: there is a key in the new configuration.
    public mutating func prepare(isSealed: Bool) {
        guard isSealed else {
            next = .clear
            isClearAllowed = true
            return
        }
        let free: KeySlot = inUse == .first ? .second : .first
        next = free
        fill(free, true)
    }

    /// The ring has agreed to seal in the new way.
    public mutating func select() {
        if let next { inUse = next }
    }

    /// Every node seals in the new way: the shell wipes what is in no filled slot.
    public mutating func settle() {
        guard next == inUse else { return }
        next = nil
        for slot in KeySlot.allCases where slot != inUse { fill(slot, false) }
        isClearAllowed = inUse == .clear
    }

    private mutating func fill(_ slot: KeySlot, _ value: Bool) {
        switch slot {
        case .clear: break
        case .first: isFirstFilled = value
        case .second: isSecondFilled = value
        }
    }
}
