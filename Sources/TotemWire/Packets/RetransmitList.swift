/// A message that some member lacks and asks the others for.
public struct RetransmitEntry: Sendable, Hashable {
    /// The ring in which the message got its number.
    public var ringID: RingID
    public var sequence: SequenceNumber

    /// Bytes of an entry on the wire.
    public static let size = 16

    @inlinable
    public init(ringID: RingID, sequence: SequenceNumber) {
        self.ringID = ringID
        self.sequence = sequence
    }
}

/// The up to 30 messages a token asks for (spec: totem.md 3.1, 14.2), stored in place: a token never allocates.
public struct RetransmitList: Sendable {
    @usableFromInline var entries: InlineArray<30, RetransmitEntry>
    @usableFromInline var storedCount: Int

    @inlinable
    public static var capacity: Int { TotemLimits.retransmitEntries }

    @inlinable
    public init() {
        entries = InlineArray(repeating: RetransmitEntry(ringID: .none, sequence: .zero))
        storedCount = 0
    }

    @inlinable
    public var count: Int { storedCount }

    @inlinable
    public var isEmpty: Bool { storedCount == 0 }

    @inlinable
    public var isFull: Bool { storedCount == RetransmitList.capacity }

    /// The entry at `index`; outside `0..<count` the empty entry, so that no received number can trap here.
    @inlinable
    public subscript(index: Int) -> RetransmitEntry {
        guard index >= 0, index < storedCount else { return RetransmitEntry(ringID: .none, sequence: .zero) }
        return entries[index]
    }

    /// Adds `entry` at the end; false when the list is full.
    @inlinable
    @discardableResult
    public mutating func append(_ entry: RetransmitEntry) -> Bool {
        guard !isFull else { return false }
        entries[storedCount] = entry
        storedCount += 1
        return true
    }

    /// Takes the entry at `index` out and moves the later ones up; without effect outside `0..<count`.
    @inlinable
    public mutating func remove(at index: Int) {
        guard index >= 0, index < storedCount else { return }
        for position in index..<(storedCount - 1) { entries[position] = entries[position + 1] }
        storedCount -= 1
    }

    @inlinable
    public mutating func removeAll() { storedCount = 0 }

    /// Whether some entry asks for `sequence`; as in Corosync the ring id is not looked at.
    @inlinable
    public func contains(sequence: SequenceNumber) -> Bool {
        for index in 0..<storedCount where entries[index].sequence == sequence { return true }
        return false
    }
}

extension RetransmitList: Equatable {
    @inlinable
    public static func == (a: RetransmitList, b: RetransmitList) -> Bool {
        guard a.storedCount == b.storedCount else { return false }
        for index in 0..<a.storedCount where a.entries[index] != b.entries[index] { return false }
        return true
    }
}
