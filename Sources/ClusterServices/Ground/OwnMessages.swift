import TotemWire

/// What this node has sent to the services and not yet had back from the ring.
///
/// The ring gives a node all of its own messages, each once. What bears its id and is none of them was made by somebody
/// else, who wants it to leave, to count its votes otherwise, or to name processes that it does not have: a node knows what
/// it has sent. What clients send to their groups is not kept: it orders nothing, there is much of it, and it is as true in
/// one node's name as in another's.
struct OwnMessages: Sendable {
    /// In the order of sending; the ring may give messages of a synchronisation back before older ones.
    private var sent: [[UInt8]] = []

    var isEmpty: Bool { sent.isEmpty }

    static func covers(_ service: ServiceID, _ function: UInt16) -> Bool {
        service != .processGroups
            || (function != ServiceID.multicastFunction && function != ServiceID.fragmentFunction)
    }

    mutating func send(_ bytes: [UInt8]) { sent.append(bytes) }

    /// Whether a message with the own id is one that was sent; it is forgotten then.
    mutating func takeBack(_ bytes: Span<UInt8>) -> Bool {
        guard let index = sent.firstIndex(where: { Self.areEqual($0.span, bytes) }) else { return false }
        sent.remove(at: index)
        return true
    }

    private static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }
}
