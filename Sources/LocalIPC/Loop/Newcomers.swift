/// Connections that have been accepted and have not said yet who they are.
///
/// Anybody on the machine can make these. A client's library says who it is in the same breath in which it connects, so
/// those that are silent have little time, and little room: one user's cannot take that of others.
struct Newcomers {
    /// So many may be silent at once, and so many of one user.
    static let limit = 128
    static let limitOfUser = 32
    /// How often one is looked at before it is ended.
    static let patience = 2

    private struct Newcomer {
        let descriptor: Int32
        let user: UInt32
        var looks = 0
    }

    /// The oldest first.
    private var waiting: [Newcomer] = []

    var isEmpty: Bool { waiting.isEmpty }

    /// - Returns: the connection to end in its place, if there are too many: the oldest of the user who has the most.
    mutating func add(_ descriptor: Int32, of user: UInt32) -> Int32? {
        remove(descriptor)
        waiting.append(Newcomer(descriptor: descriptor, user: user))
        var counts: [UInt32: Int] = [:]
        for newcomer in waiting { counts[newcomer.user, default: 0] += 1 }
        guard waiting.count > Self.limit || counts[user, default: 0] > Self.limitOfUser,
            let most = counts.values.max(),
            let place = waiting.firstIndex(where: { counts[$0.user] == most })
        else { return nil }
        return waiting.remove(at: place).descriptor
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
