/// A program on a node: what it wants of the daemon, how often, and how it reads what it is told.
package struct ProgramPlan: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case groupMember(GroupHabits)
        /// Tracks quorum, spoken to in model 0 or 1.
        case quorumWatcher(model: UInt32)
        case voteWatcher
        /// Sets and deletes keys of the map.
        case mapWriter
        case mapWatcher
        /// Looks at node states and addresses, and takes part in votes on a shutdown.
        case administrator
    }

    package enum Reading: Sendable, Equatable {
        case atOnce
        /// A few events every so many microseconds.
        case slowly(microseconds: UInt64)
        /// Not before everything else is over.
        case atTheEnd
    }

    package var node: Int
    package var kind: Kind
    /// Microseconds between two actions, on average.
    package var pace: UInt64
    package var reading = Reading.atOnce
    /// Connects again as the same process.
    package var keepsProcess = true

    package init(node: Int, kind: Kind, pace: UInt64) {
        self.node = node
        self.kind = kind
        self.pace = pace
    }
}

/// What a member of process groups does.
package struct GroupHabits: Sendable, Equatable {
    /// The names it chooses among.
    package var groups: [String]
    /// Asks for the ring's membership with its first event.
    package var wantsRing = true
    package var sizes = Workload.Sizes.small
    /// Messages at each turn at most; 0 for one that only listens.
    package var burst = 1
    /// Of how many turns one is for a message that takes several requests; 0 for none.
    package var inPiecesOneIn = 0
    /// Of how many turns one is a farewell; 0 for none.
    package var leavesOneIn = 0
    /// Of how many turns one is the program's sudden end; 0 for none.
    package var diesOneIn = 0

    package init(groups: [String]) { self.groups = groups }
}
