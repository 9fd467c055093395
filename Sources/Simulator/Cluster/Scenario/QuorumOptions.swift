/// What the `quorum` section and the nodelist say about votes (spec: configuration.md 3.4, services.md 6.3).
package struct QuorumOptions: Sendable, Equatable {
    /// Votes in the order of the nodelist.
    package var votes: [UInt32]
    package var expectedVotes: UInt32?
    package var twoNode = false
    package var waitForAll: Bool?
    /// The window in milliseconds.
    package var lastManStanding: UInt32?
    package var autoTieBreaker = false
    /// `lowest`, `highest` or a list of node ids.
    package var tieBreakerNode: String?
    package var allowDownscale = false
    package var tracksExpectedVotes = false

    package init(votes: [UInt32]) { self.votes = votes }

    package var sum: UInt32 { votes.reduce(0, +) }
    /// What a fresh node expects.
    package var expected: UInt32 { expectedVotes ?? sum }
    package var waits: Bool { waitForAll ?? twoNode }

    /// The threshold is that of the configuration and stays so: a majority of what is expected, whoever meets whom. Not with
    /// `allow_downscale`: those who were there when a node left in order keep the threshold of the votes that the file
    /// expects, but tell whoever comes later that they expect fewer (spec: services.md 6.6 step 4, 6.8).
    package var isFixed: Bool {
        !twoNode && lastManStanding == nil && !tracksExpectedVotes && !allowDownscale && expected >= sum
    }

    /// A majority decides, and nothing else.
    package var isPlainMajority: Bool { isFixed && !waits && !autoTieBreaker }

    /// Whether the options promise that no two partitions are quorate at once.
    ///
    /// They do not with `two_node`, which leaves that to fencing; with `last_man_standing`, whose
    /// expectations follow what each partition has seen; with fewer expected votes than there are; and with a list of
    /// tie-breaking nodes where none waits for all: two halves that start apart both find the first of theirs.
    package var promisesOnePartition: Bool { isFixed && (waits || !autoTieBreaker || !hasListOfTieBreakers) }

    private var hasListOfTieBreakers: Bool { tieBreakerNode?.first?.isNumber ?? false }
}
