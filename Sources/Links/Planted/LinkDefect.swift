/// A known way to get knet wrong, planted in the machine to prove that the simulator's checks find it.
///
/// Each has its place where the rule lives that it breaks. In a release build they cannot be switched on and leave no
/// code behind.
package enum LinkDefect: String, Sendable, CaseIterable {
    // Duplicate window.
    case forgetsDelivered = "forgets-delivered"
    case followsBehind = "follows-behind"
    case refusesOvertaken = "refuses-overtaken"
    case keepsFlags = "keeps-flags"
    case countsWithoutWrap = "counts-without-wrap"
    case believesEveryRestart = "believes-every-restart"
    case believesNoRestart = "believes-no-restart"

    // Reassembly.
    case placesByArrival = "places-by-arrival"
    case completesEarly = "completes-early"
    case mixesLives = "mixes-lives"
    case keepsLeftBehind = "keeps-left-behind"

    // Pings and pongs.
    case risesAtOnce = "rises-at-once"
    case countsAnyPong = "counts-any-pong"
    case countsRepeatedPongs = "counts-repeated-pongs"
    case neverGivesUp = "never-gives-up"
    case accusesAfterPause = "accuses-after-pause"
    case believesReports = "believes-reports"
    case trustsDoubted = "trusts-doubted"

    // Path MTU.
    case believesUnaskedReplies = "believes-unasked-replies"
    case believesRouters = "believes-routers"
    case asksNoMore = "asks-no-more"
    case takesLargestMTU = "takes-largest-mtu"
    case ignoresRefusals = "ignores-refusals"
}

extension LinkDefect {
    /// Those that can be planted in this build: all or, in a release build, none.
    package static var available: [LinkDefect] {
        #if PLANTED_DEFECTS
            allCases
        #else
            []
        #endif
    }
}

/// What is wrong with a machine, for its parts to ask. In a release build it is empty.
struct Planted: Sendable {
    #if PLANTED_DEFECTS
        var defect: LinkDefect?
    #endif

    /// Whether the machine has the defect; never in a release build.
    @inline(__always)
    func has(_ defect: LinkDefect) -> Bool {
        #if PLANTED_DEFECTS
            self.defect == defect
        #else
            false
        #endif
    }
}

extension KnetLinks {
    #if PLANTED_DEFECTS
        /// What is wrong with this machine, for the checks to find. To be set before links are added.
        package var planted: LinkDefect? {
            get { defects.defect }
            set {
                defects.defect = newValue
                reassembly.defects = defects
            }
        }
    #endif

    @inline(__always)
    func has(_ defect: LinkDefect) -> Bool { defects.has(defect) }
}
