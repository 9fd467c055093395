/// What is true of a ring machine after every call, whatever has come in by the network (spec: totem.md 25).
///
/// The simulator and the fuzzer ask for the first that is broken after every call; in debug builds the machine asks
/// itself. A shipped daemon does not ask. Each invariant is worked out where the data is that it speaks of.
package enum RingInvariant: String, Sendable, CaseIterable {
    // Ring numbers.
    case ringsGoForward = "the present ring is the installed one or newer, and not newer than what has been heard of"
    case storesPresentRing = "the ring sequence to be stored is the present ring's"
    case worksInInstalledRing = "in OPERATIONAL the present ring is the installed one, in COMMIT and RECOVERY newer"

    // Members.
    case amMember = "I am a member of the ring I work in or form"
    case lowestRepresents = "the first of the ring's members, ascending, is its representative"
    case tokenGoesToNext = "the token goes to the member behind me"
    case amCandidate = "I am among those I propose"
    case opinionsRest = "in OPERATIONAL the proposal is the members, and nobody counts as failed"
    case trustMyself = "I count myself as failed only after I failed to receive"
    case agreeWithMyself = "I am among those that agree with me"
    case listsAreBounded = "no list of nodes is longer than a ring can have members"
    case attemptIsPresentRing = "the commit token kept in COMMIT and RECOVERY is the present ring's, with its members"
    case comeAlongFromBoth = "who comes along is a member of the old ring and of the new"

    // Timers.
    case lossIsNoticed = "where a token goes round its loss is waited for"
    case gatheringEnds = "in GATHER joins are repeated, and an end of waiting is set"
    case holdsAsRepresentative = "only the representative of a working ring keeps the token"
    case keepsInOperational = "only in OPERATIONAL a token is kept for local programs"
    case silentWhenIdle = "an idle machine waits for nothing and has nothing to tell itself"

    // Messages.
    case receivedInOrder = "freed ≤ received without gap ≤ highest, all in one window"
    case deliveredInOrder = "freed ≤ delivered ≤ received without gap"
    case aruReachesGap = "received without gap reaches up to the first gap"
    case windowBeginsBehindFreed = "the window begins behind what has been freed"
    case everyBufferHasPlace = "every message buffer in use is received or waits for the token"

    // Token.
    case aruBehindSequence = "the token's aru is not beyond its sequence number"
    case keepsTokenCopy = "where a token goes round there is a copy to repeat"
    case restsInOperational = "only a working ring rests"

    // Towards shell and services.
    case outboxHasBytes = "every packet in the outbox has its bytes"
    case servicesFollow = "services have not heard of a ring that is not installed"
    case ordinaryAfterAcknowledgement = "ordinary messages flow only in a ring that the services have acknowledged"

    package var text: String { "\(self): \(rawValue)" }
}
