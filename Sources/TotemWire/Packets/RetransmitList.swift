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

/// The up to 30 messages a token asks for (spec: totem.md 3.1, 14.2).
///
/// Hardly any token asks for one, and every token is handed from function to function several times: so the list is a
/// reference to nothing while it is empty, and takes memory only when there is something in it.
public struct RetransmitList: Sendable, Equatable {
    @usableFromInline var entries: [RetransmitEntry] = []

    @inlinable
    public static var capacity: Int { TotemLimits.retransmitEntries }

    @inlinable
    public init() {}

    @inlinable
    public var count: Int { entries.count }

    @inlinable
    public var isEmpty: Bool { entries.isEmpty }

    @inlinable
    public var isFull: Bool { entries.count >= RetransmitList.capacity }

    /// The entry at `index`; outside `0..<count` the empty entry, so that no received number can trap here.
    @inlinable
    public subscript(index: Int) -> RetransmitEntry {
        guard entries.indices.contains(index) else { return RetransmitEntry(ringID: .none, sequence: .zero) }
        return entries[index]
    }

    /// Adds `entry` at the end; false when the list is full.
    @inlinable
    @discardableResult
    public mutating func append(_ entry: RetransmitEntry) -> Bool {
        guard !isFull else { return false }
        entries.append(entry)
        return true
    }

    /// Takes the entry at `index` out and moves the later ones up; without effect outside `0..<count`.
    @inlinable
    public mutating func remove(at index: Int) {
        guard entries.indices.contains(index) else { return }
        entries.remove(at: index)
    }

    @inlinable
    public mutating func removeAll() { entries.removeAll() }

    /// Whether some entry asks for `sequence`; as in Corosync the ring id is not looked at.
    @inlinable
    public func contains(sequence: SequenceNumber) -> Bool {
        for entry in entries where entry.sequence == sequence { return true }
        return false
    }
}
