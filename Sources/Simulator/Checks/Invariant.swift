/// What must hold whatever the network does; the raw value is the number in totem.md 25, from 30 on the simulator's own.
///
/// Number 10 (a node that was counted as failed can come back) has no check of its own: liveness asks that all nodes that
/// are up are in one ring in the end, those included that were counted as failed before.
package enum Invariant: Int, Sendable, CaseIterable, GuaranteeName {
    case sameRingSameMembers = 1
    case ringSequenceGrows = 2
    case ringIDNotReused = 3
    case consistentMembership = 4
    case transitionalSymmetry = 5
    case transitionalBeforeRegular = 6
    case oneToken = 7
    case liveness = 8
    case leaveWithoutTimeout = 9
    case totalOrder = 11
    case integrity = 12
    case noGap = 13
    case selfDelivery = 14
    case fifo = 15
    case virtualSynchrony = 16
    case causality = 17
    case transitionalSenders = 18
    case wholeMessages = 19
    case queueSwitch = 20
    case tokenSequence = 21
    case receivedUpTo = 22
    case freedTooEarly = 23
    case window = 24
    case flowControl = 25
    case promptRepetition = 26
    /// Of its two halves the second, that a queued message leaves soon, is checked where the request for the token
    /// arrives: a representative that keeps the token must send it on at once.
    case idleBeat = 27
    case identicalRetransmission = 28
    case robustness = 29
    /// totem.md 7, 14: as often as the timeouts allow.
    case tokenRepetition = 30
    /// Those that each machine states of itself; they hold even when the network falsifies what it carries.
    case machine = 31
    case accusationWithoutTimeout = 32
    case deathWithoutTimeout = 33
    case refusalsAreTwo = 34
    case silenceIsSure = 35
    case lostMachineWithoutTimeout = 36
    case promiseIsKept = 37
    case backPressureIsBounded = 38

    package var name: String { "\(rawValue)" }

    package var title: String {
        switch self {
        case .sameRingSameMembers: "the same ring id means the same members, the lowest of them its representative"
        case .ringSequenceGrows:
            "ring sequences of a node only grow, and are stored before anything of the ring is sent"
        case .ringIDNotReused: "two rings never have the same id"
        case .consistentMembership: "old = transitional + left, new = transitional + joined, oneself in both"
        case .transitionalSymmetry: "who goes with me from ring to ring says so too"
        case .transitionalBeforeRegular: "messages of a ring lie between its two configuration changes"
        case .oneToken: "a token is accepted once"
        case .liveness: "when faults stop, all nodes that hear each other are in one ring within the bound"
        case .leaveWithoutTimeout: "after a farewell the others go on without waiting for a timeout"
        case .totalOrder: "messages are delivered in the order of the ring"
        case .integrity: "messages arrive unaltered, at most once, and only if they were sent"
        case .noGap: "in a regular configuration no message is left out"
        case .selfDelivery: "a node delivers its own messages"
        case .fifo: "messages of one sender keep their order"
        case .virtualSynchrony: "nodes that go together from ring to ring deliver the same messages in between"
        case .causality: "what is sent after a delivery is ordered after what was delivered"
        case .transitionalSenders: "after the transitional configuration only its members' messages are delivered"
        case .wholeMessages: "a message is delivered whole or not at all"
        case .queueSwitch: "ordinary messages wait until synchronisation is over"
        case .tokenSequence: "the token's number is that of the last message; no two messages share one"
        case .receivedUpTo: "delivered ≤ received ≤ highest seen; the token's aru ≤ its number"
        case .freedTooEarly: "a message is freed when every member has it"
        case .window: "the window of 16384 messages and the retransmit list of 30 are kept"
        case .flowControl: "a visit sends at most max_messages; the token counts what was sent and what waits"
        case .promptRepetition: "what a member lacks and another has is sent again within a few rotations"
        case .idleBeat:
            "the representative keeps the token for the hold time at most, and not when somebody asks for it"
        case .identicalRetransmission: "a retransmitted message is byte for byte the original"
        case .robustness: "no packet of a stranger changes anything, and nothing is kept for ever"
        case .tokenRepetition: "a token that does not come back is repeated before it counts as lost"
        case .accusationWithoutTimeout: "a ring told that a dead member is gone goes on without waiting for a timeout"
        case .deathWithoutTimeout:
            "a ring whose dead member's machine refuses packets goes on without waiting for a timeout"
        case .refusalsAreTwo: "no member is given up for refused packets while tokens come, or for one alone"
        case .silenceIsSure:
            "no member is given up for silence while it, its machine or a witness shows that it is there"
        case .lostMachineWithoutTimeout:
            "a ring whose dead member's machine is silent goes on without waiting for a timeout"
        case .promiseIsKept: "a node that hears nobody gives its ring up within the time it has promised"
        case .backPressureIsBounded:
            "a node whose programs do not keep up keeps a token for its share at most, and not once they do"
        case .machine: "each ring machine keeps its own invariants"
        }
    }
}

/// An invariant that did not hold.
package typealias Violation = Breach<Invariant>
