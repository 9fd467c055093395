import Basics
import Totem
import TotemWire

/// What must happen within a known time or number of token visits, as long as nothing disturbs it (totem.md 25 items
/// 9, 26 and 27). Whatever the network loses, falsifies or holds up, every fault and every slow node is a disturbance,
/// after which counting begins anew.
extension Checker {
    /// Nothing is promised while `isSlow`, and only of what began after the last disturbance.
    private func isUndisturbed(since time: UInt64) -> Bool { !isSlow && time >= disturbedAt && time > networkTroubleAt }

    /// A fault has struck.
    mutating func disturb() {
        disturbedAt = now
        parting = nil
    }

    // MARK: Repetition of lost messages

    /// A message that a node lacks, and how often the token has been there since.
    struct Wait: Sendable {
        var ring: RingID
        var aru: SequenceNumber
        var since: UInt64
        var countedAt: UInt64
        var visits = 0
    }

    /// A node has been visited by a token of its installed ring.
    mutating func visited(_ node: Int, _ token: ORFToken, _ progress: RingProgress) {
        guard progress.ring == token.ringID, progress.aru.isLess(than: token.sequence) else {
            nodes[node].wait = nil
            return
        }
        guard var wait = nodes[node].wait, wait.ring == progress.ring, wait.aru == progress.aru,
            isUndisturbed(since: wait.since)
        else {
            nodes[node].wait = Wait(ring: progress.ring, aru: progress.aru, since: now, countedAt: now)
            return
        }
        // What was sent at one counted visit has come by the next.
        guard now >= wait.countedAt + 2 * usualTravel else { return }
        wait.visits += 1
        wait.countedAt = now
        nodes[node].wait = wait
        require(wait.visits <= repetitionBound, .promptRepetition) {
            "node \($0.ids[node]) still lacks message \(wait.aru.next) of ring \(wait.ring) after \(wait.visits) rotations, "
                + "in which nothing was lost; \($0.repetitionBound) are due"
        }
    }

    /// Rotations until a lost message has come: some to see whether it is only late, one to ask for it, one to send it,
    /// and those in which others use up the window, for a list full of requests.
    private var repetitionBound: Int {
        let allowance = Int(max(min(parameters.maxMessages, parameters.windowSize), 1))
        return Int(min(parameters.missCountConstant, 255)) + 2 + 2 * ids.count
            + TotemLimits.retransmitEntries / allowance * (ids.count + 1)
    }

    // MARK: The token of an idle ring

    /// A token has come into a node's hands.
    mutating func took(_ node: Int, _ token: ORFToken) {
        ledgers[ledger(of: token.ringID)].inHand = .init(node: node, since: now)
    }

    /// A node that keeps the token has heard that somebody has something to send.
    mutating func heardCancel(_ node: Int, _ ring: RingID) {
        let place = ledger(of: ring)
        guard ledgers[place].inHand?.node == node, ledgers[place].inHand?.cancelledAt == nil else { return }
        ledgers[place].inHand?.cancelledAt = now
    }

    /// A node passes the token on. Only the representative may keep it, and for no longer than the hold time.
    mutating func passedOn(_ node: Int, _ place: Int) {
        guard let inHand = ledgers[place].inHand else { return }
        ledgers[place].inHand = nil
        guard inHand.node == node, isUndisturbed(since: inHand.since) else { return }
        let isRepresentative = ledgers[place].id.representative == ids[node]
        let kept = now - inHand.since
        let most = isRepresentative ? holdTimes[node] : 0
        let record = nodes[node]
        if record.isLagging || record.caughtUpAt >= inHand.since {
            let share = keepTimes[node] / UInt64(max(ledgers[place].members.count, 1))
            let late = record.caughtUpAt > inHand.since && !isRepresentative ? now - record.caughtUpAt : 0
            // Who has something to send waits as well.
            return require(kept <= max(most, share) && late == 0, .backPressureIsBounded) {
                "node \($0.ids[node]) has kept the token of ring \($0.ledgers[place].id) for \(kept / 1000) µs, \(late / 1000) µs "
                    + "after its local programs had caught up; at most \(max(most, share) / 1000) µs are due"
            }
        }
        require(kept <= most, .idleBeat) {
            "node \($0.ids[node]) has kept the token of ring \($0.ledgers[place].id) for \(kept / 1000) µs; "
                + "at most \(most / 1000) µs are due"
        }
        let sinceCancel = now - (inHand.cancelledAt ?? now)
        require(sinceCancel == 0, .idleBeat) {
            "node \($0.ids[node]) has kept the token of ring \($0.ledgers[place].id) for "
                + "\(sinceCancel / 1000) µs after it was asked for it"
        }
    }

    // MARK: A token that does not come back

    /// A node counts the token as lost, a token timeout after it had it.
    mutating func lostToken(_ node: Int, parameters: RingParameters) {
        guard !isSlow, nodes[node].tokenSentAt > nodes[node].resumedAt else { return }
        let due =
            Int((parameters.token - min(parameters.hold, parameters.token)) / max(parameters.tokenRetransmit, 1)) - 1
        let repeated = nodes[node].tokenRepetitions
        require(repeated >= due, .tokenRepetition) {
            "node \($0.ids[node]) counts the token as lost after repeating it \(repeated) times; \(due) times are due"
        }
    }

    // MARK: Partings

    /// What tells a ring that a member is no longer there.
    enum PartingKind: Sendable {
        case farewell, evidence, refusal, silence

        var invariant: Invariant {
            switch self {
            case .farewell: .leaveWithoutTimeout
            case .evidence: .accusationWithoutTimeout
            case .refusal: .deathWithoutTimeout
            case .silence: .lostMachineWithoutTimeout
            }
        }

        var words: String {
            switch self {
            case .farewell: "its farewell"
            case .evidence: "it was said to be gone"
            case .refusal: "its process ended, while its machine refuses packets,"
            case .silence: "its machine was lost"
            }
        }
    }

    /// Members that have heard that one is gone and shall soon be in a ring without it.
    struct Parting: Sendable {
        var kind: PartingKind
        var gone: Int
        var waiting: [Int]
        var since: UInt64
        var deadline: UInt64
    }

    /// - Parameter others: all other nodes that are up, each operational in the ring of the node that is gone.
    mutating func parted(from node: Int, _ kind: PartingKind, others: [Int], within time: UInt64) {
        parting = Parting(kind: kind, gone: node, waiting: others, since: now, deadline: now + time)
    }

    mutating func noteInstallation(_ node: Int, _ members: [NodeID]) {
        guard let gone = parting?.gone, !members.contains(ids[gone]) else { return }
        parting?.waiting.removeAll { $0 == node }
        if parting?.waiting.isEmpty == true { parting = nil }
    }

    /// Whether all have parted by now.
    mutating func checkParting() {
        guard let parting, now > parting.deadline else { return }
        self.parting = nil
        guard isUndisturbed(since: parting.since) else { return }
        fail(parting.kind.invariant) {
            let time = (parting.deadline - parting.since) / 1_000_000
            return "\(time) ms after \(parting.kind.words) node "
                + "\($0.ids[parting.gone]) is still in the ring of node \($0.ids[parting.waiting.first ?? 0])"
        }
    }

    // MARK: Refusals

    /// Refusals of one machine that a node has heard of.
    struct Refusals: Sendable {
        var machine: Int
        var times: [UInt64]
    }

    mutating func refused(_ node: Int, by machine: Int) {
        if let place = nodes[node].refusals.firstIndex(where: { $0.machine == machine }) {
            nodes[node].refusals[place].times = nodes[node].refusals[place].times.suffix(15) + [now]
        } else {
            nodes[node].refusals.append(Refusals(machine: machine, times: [now]))
        }
    }

    /// A node counts others as failed because their machines refuse its packets: that takes two refusals, apart, the second
    /// behind the last token, and quiet. (A clock may run a little slower than the true time.)
    mutating func accusedByRefusals(_ node: Int, of accused: [NodeID]) {
        let quiet = now - min(nodes[node].tokenTakenAt, now)
        for id in accused {
            guard let machine = index(of: id) else { continue }
            let times =
                nodes[node].refusals.first { $0.machine == machine }?.times.filter { $0 + 5_000_000_000 > now } ?? []
            let areApart = (times.last ?? 0) - (times.first ?? 0) >= 19_500_000
            require(areApart && quiet >= 49_500_000, .refusalsAreTwo) {
                "node \($0.ids[node]) counts node \(id) as failed after \(times.count) refusals within "
                    + "\(((times.last ?? 0) - (times.first ?? 0)) / 1000) µs and \(quiet / 1000) µs after its last token"
            }
        }
    }
}
