/// Connections that have been accepted and have not said yet who they are.
///
/// Anybody on the machine can make these, and libqb waits for each of them for ever. A client's library says who it is in
/// the same breath in which it connects, so those that are silent have little time, and little room.
struct Newcomers {
    /// So many may be silent at once; a further one ends the oldest.
    static let limit = 128
    /// How often one is looked at before it is ended.
    static let patience = 5

    private struct Newcomer {
        let descriptor: Int32
        var looks = 0
    }

    /// The oldest first.
    private var waiting: [Newcomer] = []

    var isEmpty: Bool { waiting.isEmpty }

    /// - Returns: the connection to end in its place, if there are too many.
    mutating func add(_ descriptor: Int32) -> Int32? {
        remove(descriptor)
        waiting.append(Newcomer(descriptor: descriptor))
        return waiting.count > Self.limit ? waiting.removeFirst().descriptor : nil
    }

    /// It has said who it is, or is gone.
    mutating func remove(_ descriptor: Int32) { waiting.removeAll { $0.descriptor == descriptor } }

    /// To be called at regular intervals.
    ///
    /// - Returns: the connections to end.
    mutating func look() -> [Int32] {
        for index in waiting.indices { waiting[index].looks += 1 }
        let ended = waiting.filter { $0.looks >= Self.patience }
        waiting.removeAll { $0.looks >= Self.patience }
        return ended.map(\.descriptor)
    }
}
