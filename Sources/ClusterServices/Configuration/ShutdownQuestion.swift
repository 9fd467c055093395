import Deadlines

/// A pending question of one client to all trackers: may this node be shut down (spec: ipc.md 7.2)?
struct ShutdownQuestion: Sendable {
    enum Vote: Sendable { case yes, no }

    let caller: ClientID
    let flags: ShutdownFlags
    private(set) var deadline: Instant?
    /// Voters in ascending order, each with its answer.
    private var voters: [(client: ClientID, vote: Vote?)]
    /// Agreed or not: the session stays until its caller goes.
    private(set) var decided = false

    init(caller: ClientID, flags: ShutdownFlags, voters: [ClientID], deadline: Instant?) {
        self.caller = caller
        self.flags = flags
        self.deadline = deadline
        self.voters = voters.map { ($0, nil) }
    }

    mutating func add(_ client: ClientID) {
        guard !decided, client != caller, !voters.contains(where: { $0.client == client }) else { return }
        voters.append((client, nil))
    }

    /// Records an answer; a second one of the same client changes nothing.
    /// - Returns: whether the client was asked.
    mutating func vote(_ client: ClientID, _ vote: Vote) -> Bool {
        guard let index = voters.firstIndex(where: { $0.client == client }) else { return false }
        if voters[index].vote == nil { voters[index].vote = vote }
        return true
    }

    /// A voter that is gone has nothing to lose: it agrees.
    mutating func withdraw(_ client: ClientID) {
        guard let index = voters.firstIndex(where: { $0.client == client }) else { return }
        voters[index].vote = .yes
    }

    /// The decision, once it is there: `true` shuts down. With `timeIsUp` a missing answer is a refusal.
    mutating func decide(timeIsUp: Bool) -> Bool? {
        guard !decided, timeIsUp || voters.allSatisfy({ $0.vote != nil }) else { return nil }
        decided = true
        deadline = nil
        return flags == .regardless || voters.allSatisfy { $0.vote == .yes }
    }
}
