/// The keys of section `quorum`; nil where nothing is given (spec: configuration.md 3.4).
public struct QuorumSettings: Sendable, Hashable {
    public struct Device: Sendable, Hashable {
        public var model: String
        public var votes: UInt32?
        public var timeout: UInt32
        public var syncTimeout: UInt32
        public var masterWins: Bool
    }

    /// Nil: every partition is quorate and there is no vote quorum service.
    public var provider: String?
    public var expectedVotes: UInt32?
    public var votes: UInt32?
    public var twoNode: Bool
    /// Nil follows `twoNode`.
    public var waitForAll: Bool?
    public var autoTieBreaker: Bool
    /// Nil where nothing is given: then the lowest node decides.
    public var autoTieBreakerNode: String?
    public var lastManStanding: Bool
    /// Milliseconds.
    public var lastManStandingWindow: UInt32
    public var expectedVotesTracking: Bool
    public var allowDownscale: Bool
    /// Nil without a `model`.
    public var device: Device?

    init(_ entries: ConfigurationEntries) {
        func flag(_ key: String) -> Bool? { entries.u8("quorum.\(key)").map { $0 != 0 } }
        provider = entries.text("quorum.provider")
        expectedVotes = entries.u32("quorum.expected_votes")
        votes = entries.u32("quorum.votes")
        twoNode = flag("two_node") ?? false
        waitForAll = flag("wait_for_all")
        autoTieBreaker = flag("auto_tie_breaker") ?? false
        autoTieBreakerNode = entries.text("quorum.auto_tie_breaker_node")
        lastManStanding = flag("last_man_standing") ?? false
        lastManStandingWindow = entries.u32("quorum.last_man_standing_window") ?? 10000
        expectedVotesTracking = flag("expected_votes_tracking") ?? false
        allowDownscale = flag("allow_downscale") ?? false
        if let model = entries.text("quorum.device.model"), !model.isEmpty {
            device = Device(
                model: model, votes: entries.u32("quorum.device.votes"),
                timeout: entries.u32("quorum.device.timeout") ?? 10000,
                syncTimeout: entries.u32("quorum.device.sync_timeout") ?? 30000,
                masterWins: flag("device.master_wins") ?? false)
        }
    }
}
