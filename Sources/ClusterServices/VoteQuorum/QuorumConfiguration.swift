import Basics
import TotemWire

/// The `quorum` section and the votes of the node list (spec: configuration.md 3.4, services.md 6.3).
public struct QuorumConfiguration: Sendable, Equatable {
    /// `quorum.provider`; without one the node is always quorate.
    public var provider: String?
    /// Nodes of the node list with their `quorum_votes`; `nil` when this node is not in a node list.
    public var nodes: [NodeVotes]?
    public var expectedVotes: UInt32?
    /// `quorum.votes`: own votes where there is no node list.
    public var votes: UInt32?
    public var twoNode: Bool
    /// `nil` when not given: then it follows `twoNode`.
    public var waitForAll: Bool?
    public var autoTieBreaker: Bool
    /// `lowest`, `highest` or a list of node ids separated by blanks.
    public var autoTieBreakerNode: String?
    public var lastManStanding: Bool
    /// Milliseconds.
    public var lastManStandingWindow: UInt32
    public var expectedVotesTracking: Bool
    public var allowDownscale: Bool
    /// `nil` without a quorum device (`quorum.device.model` missing or empty).
    public var device: Device?
    /// The number last given out with `ServiceEvent.storeTrackingBarrier`, 0 when there is none.
    public var storedTrackingBarrier: UInt32

    public struct NodeVotes: Sendable, Equatable {
        public var nodeID: NodeID
        public var votes: UInt32

        public init(_ nodeID: NodeID, votes: UInt32 = 1) {
            self.nodeID = nodeID
            self.votes = votes
        }
    }

    public struct Device: Sendable, Equatable {
        /// `nil` when not given: then it has one vote less than the nodes together.
        public var votes: UInt32?
        /// Time within which the device must poll, in milliseconds.
        public var timeout: UInt32
        /// The same during synchronisation, in milliseconds.
        public var syncTimeout: UInt32

        public init(votes: UInt32? = nil, timeout: UInt32 = 10_000, syncTimeout: UInt32 = 30_000) {
            self.votes = votes
            self.timeout = timeout
            self.syncTimeout = syncTimeout
        }
    }

    public init(
        provider: String? = nil, nodes: [NodeVotes]? = nil, expectedVotes: UInt32? = nil, votes: UInt32? = nil,
        twoNode: Bool = false, waitForAll: Bool? = nil, autoTieBreaker: Bool = false,
        autoTieBreakerNode: String? = nil, lastManStanding: Bool = false, lastManStandingWindow: UInt32 = 10_000,
        expectedVotesTracking: Bool = false, allowDownscale: Bool = false, device: Device? = nil,
        storedTrackingBarrier: UInt32 = 0
    ) {
        self.provider = provider
        self.nodes = nodes
        self.expectedVotes = expectedVotes
        self.votes = votes
        self.twoNode = twoNode
        self.waitForAll = waitForAll
        self.autoTieBreaker = autoTieBreaker
        self.autoTieBreakerNode = autoTieBreakerNode
        self.lastManStanding = lastManStanding
        self.lastManStandingWindow = lastManStandingWindow
        self.expectedVotesTracking = expectedVotesTracking
        self.allowDownscale = allowDownscale
        self.device = device
        self.storedTrackingBarrier = storedTrackingBarrier
    }
}
