import Basics

/// A known way to get knet wrong.
package enum LinkDefect: String, PlantableDefect {
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
