/// How many messages this node may send with a token (spec: totem.md 15).
///
/// The token carries what all nodes sent in the last rotation (`fcc`) and what they have waiting (`backlog`); each node
/// keeps its own share in both up to date.
struct FlowControl: Sendable {
    /// What I sent with the previous token, retransmissions included.
    private var sentLast: UInt32 = 0
    /// My share of the token's backlog.
    private(set) var backlogLast: UInt32 = 0

    /// - Parameters:
    ///   - fcc, backlog: as the token brought them.
    ///   - waiting: frames in my queue.
    func allowance(fcc: UInt32, backlog: UInt32, waiting: UInt32, window: UInt32, maximum: UInt32) -> UInt32 {
        // As in Corosync the subtraction wraps: a count above the window, which only nodes with a larger window
        // produce, does not silence this one for ever.
        var allowed = min(maximum, window &- fcc)
        let total = backlog &+ waiting &- backlogLast
        if total != 0 {
            let share = UInt64(window) * UInt64(backlogLast) / UInt64(total)
            if share > 0, UInt64(allowed) > share { allowed = UInt32(clamping: share) }
        }
        return allowed
    }

    /// Brings my share of the token's counts up to date after `sent` messages went out.
    mutating func update(fcc: inout UInt32, backlog: inout UInt32, sent: UInt32, waiting: UInt32) {
        fcc = fcc &+ sent &- sentLast
        sentLast = sent
        backlog = backlog &+ waiting &- backlogLast
        backlogLast = waiting
    }
}
