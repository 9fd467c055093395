/// An option of section `quorum` that the vote quorum service reads (spec: configuration.md 3.4). Its raw value is the name
/// in the section.
///
/// Here stand names and defaults, for all who read or write them. What an option means is in the table of keys, what
/// follows from it in the service.
public enum QuorumOption: String, Sendable, CaseIterable {
    case provider
    case expectedVotes = "expected_votes"
    case votes
    case twoNode = "two_node"
    case waitForAll = "wait_for_all"
    case autoTieBreaker = "auto_tie_breaker"
    case autoTieBreakerNode = "auto_tie_breaker_node"
    case lastManStanding = "last_man_standing"
    case lastManStandingWindow = "last_man_standing_window"
    case expectedVotesTracking = "expected_votes_tracking"
    case allowDownscale = "allow_downscale"
    case deviceModel = "device.model"
    case deviceVotes = "device.votes"
    case deviceTimeout = "device.timeout"
    case deviceSyncTimeout = "device.sync_timeout"

    /// The name in the configuration map.
    public var key: String { "quorum." + rawValue }

    /// Whether only the start reads it; from then on clients may not change it in the map (spec: configuration.md 7.4).
    public var isFixedAtStart: Bool {
        switch self {
        case .waitForAll, .autoTieBreaker, .autoTieBreakerNode, .lastManStanding, .lastManStandingWindow,
            .expectedVotesTracking, .allowDownscale:
            true
        case .provider, .expectedVotes, .votes, .twoNode, .deviceModel, .deviceVotes, .deviceTimeout,
            .deviceSyncTimeout:
            false
        }
    }

    /// What holds where the file does not give an option. Switches are off; what is not named here follows from others.
    public enum Default {
        /// Of each node, also for `quorum_votes` of the node list.
        public static let votes: UInt32 = 1
        /// Milliseconds.
        public static let lastManStandingWindow: UInt32 = 10_000
        /// Milliseconds.
        public static let deviceTimeout: UInt32 = 10_000
        /// Milliseconds.
        public static let deviceSyncTimeout: UInt32 = 30_000
    }
}
