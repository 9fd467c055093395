import Basics

/// A known way to get the ring's protocol wrong.
package enum PlantedDefect: String, PlantableDefect {
    // Messages.
    case skipsRetransmission = "skips-retransmission"
    case rewritesRetransmission = "rewrites-retransmission"
    case forgetsRequest = "forgets-request"
    case asksTwice = "asks-twice"
    case deliversBeyondGap = "delivers-beyond-gap"
    case freesTooEarly = "frees-too-early"
    case claimsAllReceived = "claims-all-received"
    case deliversTailsAlone = "delivers-tails-alone"
    case forgetsBeginnings = "forgets-beginnings"
    case sendsNoBeginningAgain = "sends-no-beginning-again"
    case trustsStrangers = "trusts-strangers"

    // Token.
    case acceptsTokenTwice = "accepts-token-twice"
    case repeatsNoToken = "repeats-no-token"
    case sendsTokenBackwards = "sends-token-backwards"
    case ignoresWindow = "ignores-window"
    case countsNoRepetitions = "counts-no-repetitions"
    case ignoresHoldCancel = "ignores-hold-cancel"
    case keepsHeldToken = "keeps-held-token"
    case keepsTokenTooLong = "keeps-token-too-long"
    case keepsTokenWithoutNeed = "keeps-token-without-need"

    // Membership.
    case reusesRingSequence = "reuses-ring-sequence"
    case forgetsFailedList = "forgets-failed-list"
    case agreesTooEarly = "agrees-too-early"
    case ignoresOtherRings = "ignores-other-rings"
    case leavesSilently = "leaves-silently"
    case acceptsUnfilledCommitToken = "accepts-unfilled-commit-token"
    case waitsForRefusers = "waits-for-refusers"
    case heedsLateJoins = "heeds-late-joins"
    case waitsForTheGone = "waits-for-the-gone"
    case keepsVotesOfTheGone = "keeps-votes-of-the-gone"
    case repeatsCommitTokenLate = "repeats-commit-token-late"
    case believesMembersElsewhere = "believes-members-elsewhere"
    case believesItsOwnName = "believes-its-own-name"
    case ignoresEvidence = "ignores-evidence"
    case believesOneRefusal = "believes-one-refusal"
    case believesRefusalsAlone = "believes-refusals-alone"
    case needsNoWitness = "needs-no-witness"
    case takesStallsForSilence = "takes-stalls-for-silence"
    case neverGivesUp = "never-gives-up"

    // Recovery.
    case dropsReplayed = "drops-replayed"
    case replaysNothing = "replays-nothing"
    case installsTooEarly = "installs-too-early"
    case namesFailedAttempt = "names-failed-attempt"
    case keepsSequence = "keeps-sequence"
    case leaksAttempt = "leaks-attempt"

    // Configuration changes.
    case omitsItself = "omits-itself"
    case deliversAfterRegular = "delivers-after-regular"
    case deliversFromLost = "delivers-from-lost"
    case switchesNoQueue = "switches-no-queue"
}

extension TotemRing {
    #if PLANTED_DEFECTS
        /// What is wrong with this machine, for the checks to find.
        package var planted: PlantedDefect? {
            get { defects.defect }
            set { defects.defect = newValue }
        }
    #endif

    @inline(__always)
    func has(_ defect: PlantedDefect) -> Bool { defects.has(defect) }
}
