import Basics
import ClusterMap

/// The vote on a shutdown that one client asked for (spec: ipc.md 7.2).
struct ShutdownSession: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        case open
        case shutDown
        case refused
    }

    let caller: ConnectionID
    let kind: ShutdownKind
    /// When missing votes count as no.
    let deadline: Instant
    /// Once decided for the shutdown, the session stays until the caller has gone: a second request is one too many.
    var isDecided = false
    private var votes: [(voter: ConnectionID, agrees: Bool?)]

    init(caller: ConnectionID, kind: ShutdownKind, deadline: Instant, voters: [ConnectionID]) {
        self.caller = caller
        self.kind = kind
        self.deadline = deadline
        votes = voters.map { ($0, nil) }
    }

    static func == (a: ShutdownSession, b: ShutdownSession) -> Bool {
        a.caller == b.caller && a.kind == b.kind && a.deadline == b.deadline && a.isDecided == b.isDecided
            && a.votes.elementsEqual(b.votes) { $0.voter == $1.voter && $0.agrees == $1.agrees }
    }

    /// Decided only when every vote is in.
    var outcome: Outcome {
        if votes.contains(where: { $0.agrees == nil }) { return .open }
        return kind == .regardless || votes.allSatisfy { $0.agrees == true } ? .shutDown : .refused
    }

    mutating func add(_ voter: ConnectionID) {
        guard !votes.contains(where: { $0.voter == voter }) else { return }
        votes.append((voter, nil))
    }

    /// - Returns: whether this one has a vote. A later vote replaces an earlier one and is not counted twice.
    mutating func vote(_ voter: ConnectionID, agrees: Bool) -> Bool {
        guard let place = votes.firstIndex(where: { $0.voter == voter }) else { return false }
        votes[place].agrees = agrees
        return true
    }

    mutating func expire() {
        for place in votes.indices where votes[place].agrees == nil { votes[place].agrees = false }
    }
}
