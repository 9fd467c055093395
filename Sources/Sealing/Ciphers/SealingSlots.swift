import Links

/// The two key slots, and the order in which a received datagram is tried with them (spec: knet.md 3.1).
///
/// Which of them seals, and whether clear packets count, is decided above; here are the keys only.
public struct SealingSlots: ~Copyable {
    /// Where the keys are, numbered as in the log lines.
    public enum Slot: UInt8, Sendable, Hashable, CaseIterable {
        case one = 1
        case two = 2

        public var other: Slot { self == .one ? .two : .one }
    }

    private var one: Sealer?
    private var two: Sealer?

    public init() {
        one = nil
        two = nil
    }

    /// Fills a slot, or empties it; what was there is wiped.
    public mutating func set(_ slot: Slot, _ sealer: consuming Sealer?) {
        switch slot {
        case .one: one = sealer
        case .two: two = sealer
        }
    }

    public func isFilled(_ slot: Slot) -> Bool {
        switch slot {
        case .one: one != nil
        case .two: two != nil
        }
    }

    /// Whether there is no key, so that nothing can be opened.
    public var isEmpty: Bool { one == nil && two == nil }

    /// Seals with the key of a slot; nil when the slot is empty.
    public mutating func seal(
        _ plain: Span<UInt8>, with slot: Slot, into image: inout MutableSpan<UInt8>
    ) throws(SealRefusal) -> Int? {
        switch slot {
        case .one: try one?.seal(plain, into: &image)
        case .two: try two?.seal(plain, into: &image)
        }
    }

    /// Opens a datagram in its place with the first slot that can, beginning with the one in use.
    ///
    /// - Returns: which slot it was and where the plain packet lies; nil when there is no key.
    /// - Throws: the refusal of the last slot that was tried. Only after `badPadding` the bytes are not as they came, and
    ///   then they are no clear packet either.
    public mutating func open(
        _ datagram: inout MutableSpan<UInt8>, first: Slot
    ) throws(OpenRefusal) -> (slot: Slot, plain: Range<Int>)? {
        var refusal: OpenRefusal?
        var slot = first
        for _ in 0..<2 {
            do throws(OpenRefusal) {
                if let plain = try open(&datagram, with: slot) { return (slot, plain) }
            } catch {
                if error == .badPadding { throw error }
                refusal = error
            }
            slot = slot.other
        }
        if let refusal { throw refusal }
        return nil
    }

    private mutating func open(
        _ datagram: inout MutableSpan<UInt8>, with slot: Slot
    ) throws(OpenRefusal) -> Range<Int>? {
        switch slot {
        case .one: try one?.open(&datagram)
        case .two: try two?.open(&datagram)
        }
    }
}
