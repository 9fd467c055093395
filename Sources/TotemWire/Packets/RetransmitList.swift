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
    public private(set) var count: Int

    public static var capacity: Int { TotemLimits.retransmitEntries }

    @inlinable
    public init() {
        self.init(entries: InlineArray(repeating: RetransmitEntry(ringID: .none, sequence: .zero)))
    }

    @usableFromInline
    init(entries: InlineArray<30, RetransmitEntry>) {
        self.entries = entries
        count = 0
    }

    public var isEmpty: Bool { count == 0 }
    public var isFull: Bool { count == RetransmitList.capacity }

    /// The entry at `index`; outside `0..<count` the empty entry, so that no received number can trap here.
    public subscript(index: Int) -> RetransmitEntry {
        guard index >= 0, index < count else { return RetransmitEntry(ringID: .none, sequence: .zero) }
        return entries[index]
    }

    /// Adds `entry` at the end; false when the list is full.
    @discardableResult
    public mutating func append(_ entry: RetransmitEntry) -> Bool {
        guard !isFull else { return false }
        entries[count] = entry
        count += 1
        return true
    }

    /// Takes the entry at `index` out and moves the later ones up; without effect outside `0..<count`.
    public mutating func remove(at index: Int) {
        guard index >= 0, index < count else { return }
        for position in index..<(count - 1) { entries[position] = entries[position + 1] }
        count -= 1
    }

    public mutating func removeAll() { count = 0 }

    /// Whether some entry asks for `sequence`; as in Corosync the ring id is not looked at.
    public func contains(sequence: SequenceNumber) -> Bool {
        for index in 0..<count where entries[index].sequence == sequence { return true }
        return false
    }
}

extension RetransmitList: Equatable {
    public static func == (a: RetransmitList, b: RetransmitList) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a.entries[index] != b.entries[index] { return false }
        return true
    }
}
